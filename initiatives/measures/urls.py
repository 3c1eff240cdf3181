"""Addresses of measures, below their initiative."""

from django.urls import path

from initiatives.measures import downloads, views
from initiatives.measures.sheets import views as sheets

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/initiatives/<str:initiative>/measures/"
ONE = f"{BASE}<str:measure>/"

urlpatterns = [
    path(BASE, views.measures, name="measures"),
    path(f"{BASE}figures.<str:kind>", downloads.of_initiative, name="measures-figures"),
    path(f"{BASE}new/", views.choose, name="choose-measure"),
    path(f"{BASE}new/<slug:key>/", views.add, name="add-measure"),
    path(ONE, views.measure, name="measure"),
    path(f"{ONE}change/", views.change, name="change-measure"),
    path(f"{ONE}reading/", views.record, name="record-reading"),
    path(f"{ONE}reading/<str:period>/", views.correct, name="correct-reading"),
    path(f"{ONE}readings/", sheets.record_many, name="record-readings"),
    path(f"{ONE}readings/template.xlsx", sheets.readings_template, name="readings-template"),
    path(f"{ONE}hand-over/", views.hand, name="hand-measure"),
    path(f"{ONE}open/", views.open_readings, name="open-readings"),
    path(f"{ONE}withdraw/", views.withdraw, name="withdraw-measure"),
    path(f"{ONE}figures.<str:kind>", downloads.of_measure, name="measure-figures"),
]
