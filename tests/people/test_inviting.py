"""Managers invite people: once to an address, for a week, until it is withdrawn."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisations.models import Delivery, PersonInvitation
from organisations.people import links, services
from organisations.people.links import LinkState
from organisations.people.selectors import page_of_people
from tests.cast import Cast
from tests.organisations.onlooker import link_in, mailed_to, on_record
from tests.people.arranging import INVITED, accepted, invited, membership, newcomer
from tests.record.arranging import acting_as

Superuser = psycopg.Connection


def refusal(cast: Cast, email: str, role: str = "viewer") -> str:
    with pytest.raises(ValidationError) as refused:
        invited(cast, email, role)
    return " ".join(refused.value.messages)


def state(invitation: PersonInvitation, token: str | None = None) -> LinkState:
    found = links.find(token or links.token_of(invitation))
    assert found is not None
    return found.state


def test_the_email_says_who_invites_into_what_and_holds_the_link(
    cast: Cast, superuser: Superuser
) -> None:
    invitation = invited(cast, " New-Colleague@School.example ")

    (letter,) = mailed_to(INVITED)
    assert letter.subject == "Windsor Academy Trust invites you to Tandem"
    assert "School manager invites you to Windsor Academy Trust on Tandem, as an editor" in str(
        letter.body
    )
    assert "only for new-colleague@school.example" in str(letter.body)
    assert link_in(letter, "/join/") == f"/join/{links.token_of(invitation)}/"
    assert on_record(superuser)[-1] == "person invited"
    assert invitation.expires_at - invitation.sent_at <= timedelta(days=7)


@pytest.mark.parametrize("part", ["school_editor", "school_viewer", "nobody", "operator"])
def test_only_managers_invite(cast: Cast, part: str) -> None:
    with pytest.raises(PermissionDenied):
        invited(cast, by=part)


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a@b.example, c@d.example", "<x>@y.z"])
def test_what_is_no_address(cast: Cast, address: str) -> None:
    assert "correct format" in refusal(cast, address)


@pytest.mark.parametrize("role", ["", "owner", "operator", "Manager", "manager ", "admin"])
def test_a_role_that_does_not_exist(cast: Cast, role: str) -> None:
    assert refusal(cast, INVITED, role) == "Choose what they may do"


def test_ones_own_address(cast: Cast) -> None:
    assert "This is your own address" in refusal(cast, "School-Manager@tandem.example")


def test_somebody_who_belongs_already(cast: Cast) -> None:
    assert "School viewer belongs to Windsor Academy Trust already, as a viewer" in refusal(
        cast, "school-viewer@tandem.example"
    )


def test_somebody_of_another_organisation_may_be_invited_too(cast: Cast) -> None:
    invitation = invited(cast, "health-editor@tandem.example", "viewer")

    accepted(cast, invitation, "health_editor")

    with acting_as(cast.school_manager) as by:
        assert "Health editor" in {str(each.user) for each in page_of_people(by)}


def test_an_address_invited_already(cast: Cast) -> None:
    invited(cast)

    assert "was invited on" in refusal(cast, INVITED.upper(), "manager")


def test_an_expired_invitation_is_sent_again_and_not_doubled(
    cast: Cast, superuser: Superuser
) -> None:
    invitation = invited(cast)
    _expire(superuser, invitation)
    assert "Send that invitation again" in refusal(cast, INVITED)

    with acting_as(cast.school_manager) as by:
        again = services.resend_invitation(by=by, invitation=invitation)

    assert again.is_open
    assert state(again) is LinkState.OPEN


def test_another_organisation_may_invite_the_same_address(cast: Cast) -> None:
    invited(cast)

    assert invited(cast, by="health_manager").organisation_id != cast.organisation("school").pk


def test_sending_again_ends_the_link_before(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    former = links.token_of(invitation)

    with acting_as(cast.school_manager) as by:
        again = services.resend_invitation(by=by, invitation=invitation)

    assert state(again, former) is LinkState.SUPERSEDED
    (letter,) = mailed_to(INVITED)
    assert links.token_of(again) in str(letter.body), "the first e-mail was not sent any more"
    newcomer(cast)
    with pytest.raises(ValidationError, match="newer"), acting_as(cast.actors["newcomer"]) as by:
        services.accept_invitation(by=by, token=former)
    accepted(cast, again)


def test_withdrawing_ends_the_link_and_the_email_not_sent_yet(cast: Cast) -> None:
    invitation = invited(cast)
    with acting_as(cast.school_manager) as by:
        services.withdraw_invitation(by=by, invitation=invitation)

    assert state(invitation) is LinkState.WITHDRAWN
    assert mailed_to(INVITED) == []
    with acting_as(cast.school_manager):
        assert Delivery.objects.get(kind="person_invitation").state == "cancelled"
    assert invited(cast).pk != invitation.pk, "the address can be invited anew"


@pytest.mark.parametrize("change", [services.resend_invitation, services.withdraw_invitation])
def test_what_was_accepted_is_neither_sent_again_nor_withdrawn(cast: Cast, change: object) -> None:
    invitation = invited(cast)
    newcomer(cast)
    accepted(cast, invitation)

    with (
        pytest.raises(ValidationError, match="New colleague accepted this invitation on"),
        acting_as(cast.school_manager) as by,
    ):
        change(by=by, invitation=invitation)  # type: ignore[operator]


@pytest.mark.parametrize("change", [services.resend_invitation, services.withdraw_invitation])
@pytest.mark.parametrize("part", ["school_editor", "health_manager", "stranger"])
def test_nobody_else_changes_an_invitation(cast: Cast, change: object, part: str) -> None:
    invitation = invited(cast)

    with pytest.raises(PermissionDenied), acting_as(cast.actors[part]) as by:
        change(by=by, invitation=invitation)  # type: ignore[operator]
    assert state(invitation) is LinkState.OPEN


def test_one_organisation_cannot_write_to_any_number_of_strangers(
    cast: Cast, superuser: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("organisations.people.services.inviting.MOST_OPEN", 2)
    invited(cast, "one@school.example")
    invited(cast, "two@school.example")

    assert "2 invitations wait" in refusal(cast, "three@school.example")


def test_an_email_that_lost_its_point_is_not_sent(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    _expire(superuser, invitation)

    assert mailed_to(INVITED) == []


def test_a_manager_removed_while_inviting_is_refused(cast: Cast, superuser: Superuser) -> None:
    """The actor was read when the request began; what holds is read again."""
    invited(cast, "second@school.example", "manager")
    newcomer(cast, "second@school.example")
    with acting_as(cast.school_manager):
        waiting = PersonInvitation.objects.get(email="second@school.example")
    accepted(cast, waiting)
    superuser.execute(
        "UPDATE organisations_membership SET role = 'viewer' WHERE id = %s",
        [membership(cast, "school_manager").pk],
    )

    with pytest.raises(PermissionDenied, match="any more"):
        invited(cast)


def _expire(superuser: Superuser, invitation: PersonInvitation) -> None:
    """Let eight days pass since it was sent."""
    superuser.execute(
        "UPDATE organisations_personinvitation SET sent_at = sent_at - interval '8 days', "
        "expires_at = expires_at - interval '8 days' WHERE id = %s",
        [invitation.pk],
    )
