"""Addresses of joining, standing and leaving."""

from django.urls import path

from organisations.joining.views import operators, tenant

OWN = "o/<slug:organisation_slug>/organisation/"
ONE = "operator/organisations/<slug:slug>/"

urlpatterns = [
    path("organisations/<slug:slug>/terms/", tenant.accept_terms, name="accept-terms"),
    path(OWN, tenant.own_organisation, name="own-organisation"),
    path(f"{OWN}welcome/", tenant.welcome, name="welcome"),
    path(f"{OWN}terms/", tenant.accepted_terms, name="terms"),
    path(f"{OWN}leave/", tenant.leave, name="leave-tandem"),
    path("operator/organisations/", operators.organisations, name="operator-organisations"),
    path(ONE, operators.organisation, name="operator-organisation"),
    path(f"{ONE}domains/new/", operators.trust_domain, name="trust-domain"),
    path(f"{ONE}domains/<str:ref>/remove/", operators.distrust_domain, name="distrust-domain"),
    path(f"{ONE}suspend/", operators.suspend, name="suspend-organisation"),
    path(f"{ONE}reinstate/", operators.reinstate, name="reinstate-organisation"),
]
