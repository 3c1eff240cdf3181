"""Addresses of actions, below their partnership; and of one, by a link in an e-mail."""

from django.urls import path

from partnerships.actions import done_links, views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/actions/"
ONE = f"{BASE}<str:action>/"

urlpatterns = [
    path("action/<str:token>/", done_links.action_by_link, name=done_links.NAME),
    path(BASE, views.actions, name="actions"),
    path(f"{BASE}new/", views.add, name="add-action"),
    path(ONE, views.action_page, name="action"),
    path(f"{ONE}change/", views.change, name="action-change"),
    path(f"{ONE}done/", views.close, {"state": "done"}, name="action-done"),
    path(f"{ONE}drop/", views.close, {"state": "dropped"}, name="action-drop"),
    path(f"{ONE}reopen/", views.reopen, name="action-reopen"),
]
