"""Addresses of the gateways of a region, for whoever manages it."""

from django.urls import path

from contacts.gateways import views

ALL = "regions/<slug:slug>/gateways/"
ONE = f"{ALL}<slug:ref>/"

urlpatterns = [
    path(ALL, views.gateways, name="region-gateways"),
    path(f"{ALL}new/", views.add, name="add-region-gateway"),
    path(ONE, views.gateway, name="region-gateway"),
    path(f"{ONE}change/", views.change, name="change-region-gateway"),
    path(f"{ONE}end/", views.end, name="end-region-gateway"),
    path(f"{ONE}meetings/", views.meetings, name="gateway-meetings"),
    path(
        f"{ONE}meetings/<slug:meeting>/cancel/",
        views.cancel_meeting,
        name="cancel-gateway-meeting",
    ),
]
