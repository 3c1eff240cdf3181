"""Addresses of quiet periods, below their partnership."""

from django.urls import path

from partnerships.diary import quiet_views as views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/quiet/"
ONE = f"{BASE}<str:period>/"

urlpatterns = [
    path(BASE, views.periods, name="quiet-periods"),
    path(f"{BASE}new/", views.propose, name="propose-quiet-period"),
    path(f"{ONE}answer/", views.answer, name="quiet-period-answer"),
    path(f"{ONE}withdraw/", views.withdraw, name="quiet-period-withdraw"),
]
