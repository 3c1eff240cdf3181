"""Addresses of the shared aim, below its partnership."""

from django.urls import path

from partnerships.aims import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/shared-aim/"

urlpatterns = [
    path(BASE, views.shared_aim, name="shared-aim"),
    path(f"{BASE}change/", views.change, name="shared-aim-change"),
    path(f"{BASE}compare/", views.compare, name="shared-aim-compare"),
    path(f"{BASE}agree/", views.agree, name="shared-aim-agree"),
    path(f"{BASE}comment/", views.comment, name="shared-aim-comment"),
]
