"""Addresses of the pages that compose every floor."""

from django.urls import path

from overview import granted, partnership_history, views
from overview.who_to_contact import views as asking
from partnerships.record.views import changing

PARTNERSHIPS = "o/<slug:organisation_slug>/partnerships/"

urlpatterns = [
    path("o/<slug:organisation_slug>/directory/who/", asking.who, name="who-to-contact"),
    path("o/<slug:organisation_slug>/", views.home, name="home"),
    path(PARTNERSHIPS, views.partnerships, name="partnerships"),
    path(f"{PARTNERSHIPS}<str:ref>/", views.partnership, name="partnership"),
    path(
        f"{PARTNERSHIPS}<str:ref>/history/",
        partnership_history.partnership_history,
        name="partnership-history",
    ),
    path("granted/", granted.granted, name="granted"),
    path(
        "granted/partnerships/<str:ref>/", granted.granted_partnership, name="granted-partnership"
    ),
    path("granted/partnerships/<str:ref>/change/", changing.change_granted, name="change-granted"),
    path("r/<slug:kind>-<str:ref>/", views.neutral_link, name="neutral-link"),
]
