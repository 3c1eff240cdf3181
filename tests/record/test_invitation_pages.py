"""Inviting, sending again, withdrawing and answering, as people meet it."""

from __future__ import annotations

from partnerships.record.models import Invitation
from partnerships.record.services import revoke_invitation
from tests.cast import Cast
from tests.record.arranging import (
    DETAILS,
    acting_as,
    answered,
    invited,
    named,
    once_in,
    opened,
    sent,
    shared,
)
from tests.record.pages import address, inviting


def test_inviting_prefills_the_contacts_address(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    client = cast.client("school_editor")

    assert f'value="{DETAILS["email"]}"' in client.get(inviting(cast, partnership)).text
    response = sent(client, inviting(cast, partnership), email=DETAILS["email"], message="Hello")

    assert response["Location"] == address(cast, "partnership", ref=partnership.ref)
    with acting_as(cast.health_editor):
        assert Invitation.objects.get().message == "Hello"


def test_inviting_again_offers_to_send_or_withdraw(cast: Cast) -> None:
    partnership = opened(cast)
    invited(cast, partnership)
    client = cast.client("school_editor")

    page = client.get(inviting(cast, partnership)).text

    assert "was already invited on" in page
    assert inviting(cast, partnership, "resend-invitation") in page
    assert inviting(cast, partnership, "withdraw-invitation") in page


def test_a_form_opened_before_somebody_else_invited_is_answered_clearly(cast: Cast) -> None:
    partnership = opened(cast)
    client = cast.client("school_editor")
    once = once_in(client.get(inviting(cast, partnership)).text)
    invited(cast, partnership)

    response = client.post(
        inviting(cast, partnership), {"once": once, "email": "second@health.example"}
    )

    assert "was already invited on" in response.text
    with acting_as(cast.school_editor):
        assert Invitation.objects.count() == 1


def test_sending_again_and_withdrawing(cast: Cast) -> None:
    partnership = opened(cast)
    invited(cast, partnership)
    client = cast.client("school_editor")

    again = sent(
        client, inviting(cast, partnership, "resend-invitation"), email="right@health.example"
    )
    gone = sent(client, inviting(cast, partnership, "withdraw-invitation"))
    nothing_left = client.get(inviting(cast, partnership, "withdraw-invitation"))

    assert (again.status_code, gone.status_code, nothing_left.status_code) == (302, 302, 302)
    with acting_as(cast.school_editor):
        invitation = Invitation.objects.get()
    assert (invitation.sending, invitation.email) == (2, "right@health.example")
    assert invitation.revoked_at is not None


def test_a_member_is_not_invited(cast: Cast) -> None:
    partnership = shared(cast)

    response = cast.client("school_editor").get(inviting(cast, partnership))

    assert response["Location"] == address(cast, "partnership", ref=partnership.ref)


def test_accepting_leads_to_the_partnership(cast: Cast) -> None:
    partnership = opened(cast)
    invitation = invited(cast, partnership)
    page = address(cast, "answer-invitation", "health", ref=invitation.ref)
    client = cast.client("health_editor")

    shown = client.get(page).text
    response = sent(client, page, answer="accept")

    assert "Invitation from Windsor Academy Trust" in shown
    assert "A hub" not in shown, "the purpose is the partnership's, which is not shared yet"
    assert response["Location"] == address(cast, "partnership", "health", ref=partnership.ref)
    assert client.get(response["Location"]).status_code == 200


def test_declining_needs_a_reason_and_leads_home(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))
    page = address(cast, "answer-invitation", "health", ref=invitation.ref)
    client = cast.client("health_editor")

    without = sent(client, page, answer="decline")
    response = sent(client, page, answer="decline", reason="Not this year")

    assert "Tell Windsor Academy Trust why" in without.text
    assert response["Location"] == address(cast, "home", "health")


def test_a_withdrawn_and_an_answered_invitation_say_so(cast: Cast) -> None:
    withdrawn = invited(cast, opened(cast))
    with acting_as(cast.school_editor) as by:
        revoke_invitation(by=by, invitation=withdrawn)
    accepted = invited(cast, opened(cast))
    answered(cast, accepted)
    client = cast.client("health_editor")

    pages = [
        client.get(address(cast, "answer-invitation", "health", ref=each.ref)).text
        for each in (withdrawn, accepted)
    ]

    assert "withdrew this invitation on" in pages[0]
    assert "accepted this invitation on" in pages[1]
    assert not any('name="answer"' in page for page in pages)


def test_an_invitation_to_another_organisation_is_no_page(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))

    for part, own in (("council_editor", "council"), ("school_editor", "school")):
        page = address(cast, "answer-invitation", own, ref=invitation.ref)
        assert cast.client(part).get(page).status_code == 404
