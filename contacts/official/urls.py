"""Addresses of official files."""

from django.urls import path

from contacts.official import views

BASE = "operator/official/"
urlpatterns = [
    path(BASE, views.imports, name="operator-official"),
    path(f"{BASE}new/", views.bring_in, name="bring-in-official"),
    path(f"{BASE}differences/<int:pk>/", views.conflict, name="official-conflict"),
    path(f"{BASE}<slug:ref>/", views.one_import, name="operator-official-import"),
    path(f"{BASE}<slug:ref>/apply/", views.apply, name="apply-official"),
    path(f"{BASE}<slug:ref>/undo/", views.undo, name="undo-official"),
    path(f"{BASE}<slug:ref>/discard/", views.discard, name="discard-official"),
]
