"""Addresses of the pages that compose every floor."""

from django.urls import path

from overview import granted, initiative_page, initiative_report, partnership_history, views
from overview.feeds import reading
from overview.feeds import views as feeds
from overview.planner import views as planning
from overview.who_to_contact import views as asking
from partnerships.record.views import changing

PARTNERSHIPS = "o/<slug:organisation_slug>/partnerships/"
FEEDS = "o/<slug:organisation_slug>/calendar/feeds/"

urlpatterns = [
    path("o/<slug:organisation_slug>/directory/who/", asking.who, name="who-to-contact"),
    path("o/<slug:organisation_slug>/", views.home, name="home"),
    path("o/<slug:organisation_slug>/planner/", planning.planner, name="planner"),
    path(PARTNERSHIPS, views.partnerships, name="partnerships"),
    path(f"{PARTNERSHIPS}<str:ref>/", views.partnership, name="partnership"),
    path(
        f"{PARTNERSHIPS}<str:ref>/history/",
        partnership_history.partnership_history,
        name="partnership-history",
    ),
    path(
        f"{PARTNERSHIPS}<str:ref>/initiatives/<str:initiative>/",
        initiative_page.initiative,
        name="initiative",
    ),
    path(
        f"{PARTNERSHIPS}<str:ref>/initiatives/<str:initiative>/report/",
        initiative_report.report,
        name="initiative-report",
    ),
    path(FEEDS, feeds.feeds, name="calendar-feeds"),
    path(f"{FEEDS}new/", feeds.make_feed, name="make-calendar-feed"),
    path(f"{FEEDS}<str:ref>/address/", feeds.new_address, name="calendar-feed-address"),
    path(f"{FEEDS}<str:ref>/end/", feeds.end_feed, name="end-calendar-feed"),
    path("feeds/<str:secret>.ics", reading.calendar_feed, name="calendar-feed"),
    path(
        f"{PARTNERSHIPS}<str:ref>/planner/",
        planning.partnership_planner,
        name="partnership-planner",
    ),
    path("granted/", granted.granted, name="granted"),
    path(
        "granted/partnerships/<str:ref>/", granted.granted_partnership, name="granted-partnership"
    ),
    path("granted/partnerships/<str:ref>/change/", changing.change_granted, name="change-granted"),
    path("r/<slug:kind>-<str:ref>/", views.neutral_link, name="neutral-link"),
]
