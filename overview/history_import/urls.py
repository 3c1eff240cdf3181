"""Addresses of imports of history."""

from django.urls import path

from overview.history_import import views

BASE = "o/<slug:organisation_slug>/history-import/"

urlpatterns = [
    path(BASE, views.imports, name="history-imports"),
    path(f"{BASE}template/", views.empty_workbook, name="history-template"),
    path(f"{BASE}new/", views.bring_in, name="bring-in-history"),
    path(f"{BASE}<str:ref>/", views.history_import, name="history-import"),
    path(f"{BASE}<str:ref>/save/", views.save, name="save-history"),
    path(f"{BASE}<str:ref>/undo/", views.undo, name="undo-history"),
    path(f"{BASE}<str:ref>/discard/", views.discard, name="discard-history"),
]
