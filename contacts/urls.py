"""Addresses of this floor."""

from django.urls import URLPattern, URLResolver, include, path

from contacts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("contacts.regions.urls")),
    path("", include("contacts.open_referral.urls")),
    path("", include("contacts.keeping.urls")),
    path("", include("contacts.gateways.urls")),
    path("", include("contacts.directory.urls")),
    path("", include("contacts.official.urls")),
    path("", include("contacts.claims.urls")),
    path("regions/<slug:slug>/sheets/", include("contacts.sheets.urls")),
    path("", include("contacts.verification.urls")),
    path("organisations/find/", views.find_my_organisation, name="find-my-organisation"),
    path("o/<slug:organisation_slug>/find/", views.find_organisation, name="find-organisation"),
    path(
        "o/<slug:organisation_slug>/organisations/<slug:target>/",
        views.organisation,
        name="organisation",
    ),
]
