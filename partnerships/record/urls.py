"""Addresses of the record."""

from django.urls import path

from partnerships.record.views import (
    access,
    approaches,
    changing,
    contacts,
    describing,
    invitations,
    links,
    offering,
    opening,
    parting,
    succeeding,
)

ALL = "o/<slug:organisation_slug>/partnerships/"
ONE = f"{ALL}<str:ref>/"
CONTACT = f"{ONE}contacts/<slug:member>/<slug:function>/"
INVITE = f"{ONE}invite/<slug:member>/"

urlpatterns = [
    path(
        "o/<slug:organisation_slug>/organisation/approaches/",
        approaches.share,
        name="share-approaches",
    ),
    path(f"{ALL}new/", opening.open_partnership, name="open-partnership"),
    path(f"{ONE}change/", changing.change_partnership, name="change-partnership"),
    path(f"{ONE}leave/", parting.leave, name="leave-partnership"),
    path(f"{ONE}hand-over/", parting.hand_over, name="hand-over-partnership"),
    path(f"{ONE}access/", access.who_can_see, name="partnership-access"),
    path(f"{ONE}access/give/", access.give_access, name="give-access"),
    path(f"{ONE}access/<int:grant>/end/", access.end_access, name="end-access"),
    path(f"{ONE}organisations/add/", opening.add_partner, name="add-partner"),
    path(f"{ONE}schools/", describing.schools, name="partnership-schools"),
    path(f"{ONE}schools/<slug:member>/", describing.choose_schools, name="choose-schools"),
    path(f"{ONE}organisations/<slug:member>/side/", describing.choose_side, name="choose-side"),
    path(CONTACT, contacts.name_contact, name="name-contact"),
    path(f"{CONTACT}details/", contacts.correct_contact, name="correct-contact"),
    path(f"{CONTACT}offer/", offering.offer_contact, name="offer-contact"),
    path(INVITE, invitations.invite_partner, name="invite-partner"),
    path(f"{INVITE}again/", invitations.resend_invitation, name="resend-invitation"),
    path(f"{INVITE}withdraw/", invitations.withdraw_invitation, name="withdraw-invitation"),
    path(
        "o/<slug:organisation_slug>/invitations/<str:ref>/",
        invitations.answer_invitation,
        name="answer-invitation",
    ),
    path(
        "o/<slug:organisation_slug>/successions/<slug:former>/",
        succeeding.succession,
        name="succession",
    ),
    path("invitation/<str:token>/", links.invitation, name="invitation"),
]
