"""Addresses of touchpoints, below their partnership; and of an entry, by a link in an e-mail."""

from django.urls import path

from partnerships.touchpoints import (
    answer_links,
    attending_views,
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
    path("touchpoint/<str:token>/", answer_links.touchpoint_by_link, name=answer_links.NAME),
    path(
        "touchpoint/<str:token>/another-time/",
        answer_links.another_time,
        name="touchpoint-another-time",
    ),
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
    path(f"{ONE}answer/", attending_views.answer, name="touchpoint-answer"),
    path(f"{ONE}invite/", attending_views.invite, name="touchpoint-invite"),
    path(
        f"{ONE}invited/<int:attendee>/take-off/",
        attending_views.take_off,
        name="touchpoint-take-off",
    ),
    path(f"{ONE}another-time/", attending_views.propose, name="touchpoint-propose"),
    path(
        f"{ONE}another-time/<str:proposal>/",
        attending_views.answer_proposal,
        name="touchpoint-proposal",
    ),
    path(
        f"{ONE}another-time/<str:proposal>/withdraw/",
        attending_views.withdraw_proposal,
        name="touchpoint-proposal-withdraw",
    ),
    path(f"{ONE}papers/new/", attending_views.add_paper, name="touchpoint-paper"),
    path(
        f"{ONE}papers/<int:paper>/remove/",
        attending_views.remove_paper,
        name="touchpoint-paper-remove",
    ),
]
