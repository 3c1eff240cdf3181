"""Addresses of touchpoints, below their partnership; and of an entry, by a link in an e-mail."""

from django.urls import path

from partnerships.touchpoints import (
    entry_links,
    outcome_links,
    outcome_views,
    series_change_pages,
    series_entries,
    series_pages,
    series_views,
    views,
)

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/touchpoints/"
ONE = f"{BASE}<str:touchpoint>/"
SERIES = f"{BASE}series/<str:series>/"

urlpatterns = [
    path("calendar-entry/<str:token>/", entry_links.entry_by_link, name=entry_links.NAME),
    path("outcome/<str:token>/", outcome_links.outcome_by_link, name=outcome_links.NAME),
    path("calendar-entries/<str:token>/", series_entries.by_link, name=series_entries.NAME),
    path(BASE, views.touchpoints, name="touchpoints"),
    path(f"{BASE}new/", views.schedule, name="schedule-touchpoint"),
    path(f"{BASE}series/", series_views.plan_series, name="touchpoint-series"),
    path(SERIES, series_pages.series_page, name="one-touchpoint-series"),
    path(f"{SERIES}change/", series_change_pages.change, name="change-touchpoint-series"),
    path(f"{SERIES}rule/", series_change_pages.settle, name="settle-touchpoint-series"),
    path(f"{SERIES}end/", series_change_pages.end, name="end-touchpoint-series"),
    path(ONE, views.touchpoint_page, name="touchpoint"),
    path(f"{ONE}calendar.ics", views.calendar_file, name="touchpoint-calendar"),
    path(f"{ONE}move/", views.move, name="touchpoint-move"),
    path(f"{ONE}cancel/", views.cancel, name="touchpoint-cancel"),
    path(f"{ONE}outcome/", outcome_views.outcome, name="touchpoint-outcome"),
    path(f"{ONE}outcome/correct/", outcome_views.correct, name="touchpoint-correct-outcome"),
]
