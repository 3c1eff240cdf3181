"""Addresses that load balancers and `make run` ask."""

from django.urls import path

from organisations import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
