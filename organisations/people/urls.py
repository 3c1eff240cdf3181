"""Addresses of who belongs to an organisation, and of the links in invitations."""

from django.urls import path

from organisations.people.views import invitations, links, people

ALL = "o/<slug:organisation_slug>/people/"

urlpatterns = [
    path(ALL, people.people, name="people"),
    path(f"{ALL}invite/", invitations.invite_person, name="invite-person"),
    path(
        f"{ALL}invitations/<str:ref>/again/",
        invitations.resend_invitation,
        name="resend-person-invitation",
    ),
    path(
        f"{ALL}invitations/<str:ref>/withdraw/",
        invitations.withdraw_invitation,
        name="withdraw-person-invitation",
    ),
    path(f"{ALL}leave/", people.leave, name="leave"),
    path(f"{ALL}<str:person>/role/", people.change_role, name="change-role"),
    path(f"{ALL}<str:person>/remove/", people.remove_person, name="remove-person"),
    path("join/<str:token>/", links.person_invitation, name="person-invitation"),
]
