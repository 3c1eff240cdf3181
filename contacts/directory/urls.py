"""Addresses of the directory."""

from django.urls import path

from contacts.directory.views import areas, needs, people, requests, searching

HERE = "o/<slug:organisation_slug>/directory/"
PERSON = f"{HERE}people/<str:ref>/"
REQUESTS = "regions/<slug:slug>/requests/"

urlpatterns = [
    path(HERE, searching.directory, name="directory"),
    path(f"{HERE}regions/<slug:region>/", areas.region, name="directory-region"),
    path(f"{HERE}places/<slug:council>/", areas.place, name="directory-place"),
    path(f"{HERE}gateways/<str:ref>/", areas.gateway, name="directory-gateway"),
    path(PERSON, people.person, name="directory-person"),
    path(f"{PERSON}details/", people.open_details, name="open-details"),
    path(f"{PERSON}wrong/", people.report, name="report-contact"),
    path(f"{PERSON}ask/", people.ask, name="ask-for-details"),
    path("operator/needs/", needs.needs, name="operator-needs"),
    path("operator/needs/<slug:key>/", needs.change, name="change-need"),
    path(REQUESTS, requests.waiting, name="details-requests"),
    path(f"{REQUESTS}<slug:ref>/", requests.decide, name="details-request"),
]
