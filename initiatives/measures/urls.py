"""Addresses of measures, below their initiative."""

from django.urls import path

from initiatives.measures import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/initiatives/<str:initiative>/measures/"
ONE = f"{BASE}<str:measure>/"

urlpatterns = [
    path(BASE, views.measures, name="measures"),
    path(f"{BASE}new/", views.choose, name="choose-measure"),
    path(f"{BASE}new/<slug:key>/", views.add, name="add-measure"),
    path(ONE, views.measure, name="measure"),
    path(f"{ONE}change/", views.change, name="change-measure"),
    path(f"{ONE}reading/", views.record, name="record-reading"),
    path(f"{ONE}reading/<str:period>/", views.correct, name="correct-reading"),
    path(f"{ONE}hand-over/", views.hand, name="hand-measure"),
    path(f"{ONE}open/", views.open_readings, name="open-readings"),
    path(f"{ONE}withdraw/", views.withdraw, name="withdraw-measure"),
    path(f"{ONE}readings.csv", views.as_csv, name="measure-csv"),
]
