"""Addresses under which an organisation's records are taken away."""

from django.urls import path

from organisations.exporting import views

OWN = "o/<slug:organisation_slug>/organisation/records/"

urlpatterns = [
    path(OWN, views.take_records, name="take-records"),
    path(f"{OWN}<str:ref>/", views.records_export, name="records-export"),
    path(f"{OWN}<str:ref>/file/", views.download_export, name="download-export"),
]
