"""Addresses of reflections, below their initiative."""

from django.urls import path

from initiatives.reflections import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/initiatives/<str:initiative>/reflections/"

urlpatterns = [
    path(BASE, views.reflections, name="reflections"),
    path(f"{BASE}new/", views.add, name="reflect"),
    path(f"{BASE}<str:reflection>/take-back/", views.take_back, name="take-reflection-back"),
]
