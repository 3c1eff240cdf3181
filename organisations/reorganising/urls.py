"""Addresses of mergers and successors."""

from django.urls import path

from organisations.reorganising import announcing_views, preparing_views, views

ONE = "operator/organisations/<slug:slug>/"

CHANGE = "operator/changes/<str:ref>/"

ITS = "operator/reorganisations/<str:ref>/"

urlpatterns = [
    path("operator/reorganisations/", preparing_views.reorganisations, name="reorganisations"),
    path(
        f"{ONE}reorganisation/new/",
        preparing_views.open_reorganisation,
        name="open-reorganisation",
    ),
    path(ITS, preparing_views.reorganisation, name="reorganisation"),
    path(f"{ITS}approve/", preparing_views.approve_reorganisation, name="approve-reorganisation"),
    path(
        f"{ITS}call-off/", preparing_views.call_off_reorganisation, name="call-off-reorganisation"
    ),
    path(f"{ITS}records/<slug:kind>/", preparing_views.decide_rows, name="reorganisation-rows"),
    path("operator/changes/", announcing_views.changes, name="announced-changes"),
    path(f"{ONE}changes/new/", announcing_views.announce_change, name="announce-change"),
    path(f"{CHANGE}correct/", announcing_views.correct_change, name="correct-change"),
    path(f"{CHANGE}confirm/", announcing_views.confirm_change, name="confirm-change"),
    path(f"{CHANGE}drop/", announcing_views.drop_change, name="drop-change"),
    path(f"{ONE}successors/new/", views.record_succession, name="record-succession"),
    path(f"{ONE}successors/<int:pk>/", views.correct_succession, name="correct-succession"),
    path(f"{ONE}successors/<int:pk>/remove/", views.remove_succession, name="remove-succession"),
]
