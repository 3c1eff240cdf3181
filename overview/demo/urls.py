"""Addresses of the demo alone."""

from django.urls import path

from overview.demo import views

urlpatterns = [
    path("demo/mail/", views.mail, name="demo-mail"),
    path("demo/mail/<str:name>/", views.message, name="demo-mail-message"),
    path("demo/mail/<str:name>/invitation.ics", views.calendar, name="demo-mail-calendar"),
]
