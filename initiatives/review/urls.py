"""Addresses of reviews: below their initiative, the queue, and what a person was asked by name."""

from django.urls import path

from initiatives.review import granted_views, views

OF = "o/<slug:organisation_slug>/"
BASE = f"{OF}partnerships/<str:ref>/initiatives/<str:initiative>/"
GRANTED = "granted/initiatives/<str:ref>/"

urlpatterns = [
    path(f"{OF}reviews-asked/", views.to_review, name="initiatives-to-review"),
    path(f"{BASE}review/", views.review, name="initiative-review"),
    path(f"{BASE}review/answer/", views.answer, name="answer-initiative-review"),
    path(
        f"{BASE}review/requests/<str:request_ref>/withdraw/",
        views.withdraw,
        name="withdraw-review-request",
    ),
    path(f"{BASE}review/access/<int:grant>/end/", views.end_access, name="end-initiative-access"),
    path(f"{BASE}ask-for-review/", views.ask, name="ask-for-review"),
    path(f"{BASE}ask-for-review/person/", views.ask_person, name="ask-person-for-review"),
    path(GRANTED, granted_views.granted, name="granted-initiative"),
    path(f"{GRANTED}answer/", granted_views.answer, name="answer-granted-initiative"),
    path(f"{GRANTED}arrived/", granted_views.arrived, name="granted-initiative-arrived"),
]
