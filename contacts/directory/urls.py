"""Addresses of the directory."""

from django.urls import path

from contacts.directory.views import areas, people, searching

HERE = "o/<slug:organisation_slug>/directory/"

urlpatterns = [
    path(HERE, searching.directory, name="directory"),
    path(f"{HERE}regions/<slug:region>/", areas.region, name="directory-region"),
    path(f"{HERE}places/<slug:council>/", areas.place, name="directory-place"),
    path(f"{HERE}gateways/<str:ref>/", areas.gateway, name="directory-gateway"),
    path(f"{HERE}people/<str:ref>/", people.person, name="directory-person"),
]
