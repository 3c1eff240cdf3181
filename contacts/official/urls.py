"""Addresses of official files."""

from django.urls import path

from contacts.official import views

urlpatterns = [
    path("operator/official/", views.imports, name="operator-official"),
    path("operator/official/<slug:ref>/", views.one_import, name="operator-official-import"),
]
