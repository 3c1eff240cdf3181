"""Addresses of sessions, below their initiative."""

from django.urls import path

from initiatives.sessions import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/initiatives/<str:initiative>/sessions/"
ONE = f"{BASE}<str:session>/"

urlpatterns = [
    path(BASE, views.sessions, name="initiative-sessions"),
    path(f"{BASE}new/", views.plan, name="plan-session"),
    path(ONE, views.session, name="session"),
    path(f"{ONE}record/", views.record, name="record-session"),
    path(f"{ONE}add-up/", views.add_up, name="add-up-terms"),
    path(f"{ONE}change/", views.change, name="change-session"),
    path(f"{ONE}cancel/", views.cancel, name="cancel-session"),
    path(f"{ONE}numbers/", views.open_numbers, name="open-attendance"),
]
