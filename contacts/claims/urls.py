"""Addresses of a trust's schools, and of claims."""

from django.urls import path

from contacts.claims import views

OWN = "o/<slug:organisation_slug>/schools/"
CLAIM = f"{OWN}claim/"
urlpatterns = [
    path(OWN, views.own_schools, name="own-schools"),
    path(CLAIM, views.claim_schools, name="claim-schools"),
    path(f"{CLAIM}<slug:ref>/", views.claim, name="claim"),
    path(f"{CLAIM}<slug:ref>/withdraw/", views.withdraw_claim, name="withdraw-claim"),
    path("operator/official/claims/<slug:ref>/", views.decide_claim, name="decide-claim"),
]
