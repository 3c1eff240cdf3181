"""Addresses of the audit trail."""

from django.urls import path

from organisations.audit_trail import views

BASE = "o/<slug:organisation_slug>/audit/"

urlpatterns = [
    path(BASE, views.audit_trail, name="audit"),
    path(f"{BASE}export/", views.audit_export, name="audit-export"),
]
