"""Addresses without sign-in: answering a check, one's own details; and an admin's answers."""

from django.urls import path

from contacts.verification import answering, replies, your_details

urlpatterns = [
    path("check/<str:token>/", answering.check, name="check-posting"),
    path("check/<str:token>/right/", answering.right, name="check-right"),
    path("check/<str:token>/changed/", answering.changed, name="check-changed"),
    path("check/<str:token>/left/", answering.left, name="check-left"),
    path("new-address/<str:token>/", answering.new_address, name="confirm-address"),
    path("regions/<slug:slug>/replies/", replies.replies, name="region-replies"),
    path("regions/<slug:slug>/replies/ask/", replies.ask_again, name="ask-again"),
    path("regions/<slug:slug>/replies/<int:reply>/", replies.settle, name="settle-reply"),
    path("your-details/", your_details.ask_for_link, name="details-link"),
    path("your-details/sent/", your_details.link_sent, name="details-link-sent"),
    path("your-details/<str:token>/", your_details.held, name="your-details"),
    path(
        "your-details/<str:token>/<slug:posting>/correct/",
        your_details.correct,
        name="correct-your-details",
    ),
    path(
        "your-details/<str:token>/<slug:posting>/remove/",
        your_details.remove,
        name="remove-your-details",
    ),
]
