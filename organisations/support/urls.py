"""Addresses of support sessions."""

from django.urls import path

from organisations.support import views

urlpatterns = [
    path("o/<slug:organisation_slug>/support/", views.sessions, name="support-sessions"),
    path(
        "o/<slug:organisation_slug>/support/<str:ref>/end/",
        views.end_for_organisation,
        name="end-support",
    ),
    path("operator/support/<str:ref>/end/", views.end_for_operator, name="end-own-support"),
    path("operator/organisations/<slug:slug>/support/", views.start, name="start-support"),
]
