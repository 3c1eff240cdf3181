"""Addresses of what people want of their e-mails."""

from django.urls import path

from organisations.outbox.preferences import views

urlpatterns = [
    path("account/emails/", views.own_choices, name="account_emails"),
    path("emails/stop/<str:token>/", views.stop, name="stop-emails"),
    path("emails/choices/<str:token>/", views.choices_by_link, name="email-choices"),
]
