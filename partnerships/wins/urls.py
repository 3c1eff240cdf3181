"""Addresses of wins, below their partnership."""

from django.urls import path

from partnerships.wins import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/wins/"

urlpatterns = [
    path(BASE, views.wins, name="wins"),
    path(f"{BASE}new/", views.log, name="log-win"),
    path(f"{BASE}<str:win>/share/", views.share, name="share-win"),
    path(f"{BASE}<str:win>/take-back/", views.take_back, name="take-win-back"),
]
