"""Addresses of touchpoints, all below their partnership."""

from django.urls import path

from partnerships.touchpoints import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/touchpoints/"
ONE = f"{BASE}<str:touchpoint>/"

urlpatterns = [
    path(BASE, views.touchpoints, name="touchpoints"),
    path(f"{BASE}new/", views.schedule, name="schedule-touchpoint"),
    path(ONE, views.touchpoint_page, name="touchpoint"),
    path(f"{ONE}calendar.ics", views.calendar_file, name="touchpoint-calendar"),
    path(f"{ONE}move/", views.move, name="touchpoint-move"),
    path(f"{ONE}cancel/", views.cancel, name="touchpoint-cancel"),
    path(f"{ONE}outcome/", views.outcome, name="touchpoint-outcome"),
]
