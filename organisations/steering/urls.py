"""Addresses of the operators' pages about the outbox, below `/operator/outbox/`."""

from django.urls import path

from organisations.steering import views

urlpatterns = [
    path("", views.outbox, name="operator-outbox"),
    path("steer/", views.steer, name="steer-outbox"),
]
