"""Addresses of regions."""

from django.urls import path

from contacts.regions.views import operators, own

ONE = "operator/regions/<slug:slug>/"

urlpatterns = [
    path("regions/", own.my_regions, name="my-regions"),
    path("regions/<slug:slug>/", own.region, name="region"),
    path("operator/regions/", operators.regions, name="operator-regions"),
    path(ONE, operators.region, name="operator-region"),
    path(f"{ONE}give/", operators.give, name="give-region"),
    path(f"{ONE}admins/<int:grant>/take-away/", operators.take, name="take-region"),
]
