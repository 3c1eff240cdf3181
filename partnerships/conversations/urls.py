"""Addresses of conversations, all below their partnership."""

from django.urls import path

from partnerships.conversations import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/conversations/"

urlpatterns = [
    path(BASE, views.conversations, name="conversations"),
    path(f"{BASE}new/", views.log, name="log-conversation"),
    path(f"{BASE}<str:conversation>/", views.change, name="conversation-change"),
    path(f"{BASE}<str:conversation>/withdraw/", views.withdraw, name="conversation-withdraw"),
]
