"""Addresses that load balancers and `make run` ask."""

from django.urls import path

from organisations import health
from organisations.steering import metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
