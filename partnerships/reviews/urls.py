"""Addresses of reviews, below their partnership."""

from django.urls import path

from partnerships.reviews import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/reviews/"
ONE = f"{BASE}<str:review>/"

urlpatterns = [
    path(BASE, views.reviews, name="reviews"),
    path(f"{BASE}new/", views.open_review, name="open-review"),
    path(ONE, views.review_page, name="review"),
    path(f"{ONE}answer/", views.answer, name="review-answer"),
    path(f"{ONE}close/", views.close, name="review-close"),
]
