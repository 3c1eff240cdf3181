"""Addresses of the public API: no slash at the end, as its description has them."""

from django.urls import path

from contacts.open_referral import views

ROOT = "api/open-referral-uk/"

urlpatterns = [
    path(ROOT, views.about, name="open-referral"),
    path(f"{ROOT}services", views.services, name="open-referral-services"),
    path(f"{ROOT}services/<str:id>", views.service, name="open-referral-service"),
    path(f"{ROOT}organizations", views.organizations, name="open-referral-organizations"),
    path(f"{ROOT}organizations/<str:id>", views.organization, name="open-referral-organization"),
    path(f"{ROOT}taxonomies", views.taxonomies, name="open-referral-taxonomies"),
    path(f"{ROOT}taxonomies/<str:id>", views.taxonomy, name="open-referral-taxonomy"),
    path(f"{ROOT}taxonomy_terms", views.taxonomy_terms, name="open-referral-terms"),
    path(f"{ROOT}taxonomy_terms/<str:id>", views.taxonomy_term, name="open-referral-term"),
    path(
        f"{ROOT}service_at_locations",
        views.service_at_locations,
        name="open-referral-at-locations",
    ),
    path(
        f"{ROOT}service_at_locations/<str:id>",
        views.service_at_location,
        name="open-referral-at-location",
    ),
]
