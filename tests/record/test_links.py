"""The link of an invitation, held by whoever: each of its ends, and that it admits nobody."""

from __future__ import annotations

import psycopg
import pytest
from django.core import signing
from django.urls import reverse

from organisations.models import JoiningRequest, Membership
from partnerships.record.invitation_links import SALT, token_of
from partnerships.record.models import Invitation
from partnerships.record.services import resend_invitation, revoke_invitation
from tests.cast import PASSWORD, Cast
from tests.record.arranging import NHS_NUMBER, acting_as, answered, invited, once_in, opened, sent

JOINING = {"job_title": "Head of school nursing", "evidence": "Ring the switchboard."}


def link(invitation: Invitation) -> str:
    return reverse("invitation", args=[token_of(invitation)])


def test_signed_out_it_says_who_invites_whom_and_offers_to_sign_in(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))

    response = cast.client(None).get(link(invitation))

    assert response.status_code == 200
    assert "Windsor Academy Trust invites Walsall Healthcare NHS Trust" in response.text
    assert "Join us" in response.text
    assert f'href="{reverse("account_login", query={"next": link(invitation)})}"' in response.text
    assert "A hub" not in response.text, "nothing of the partnership but its name"
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.parametrize("part", [None, "health_editor", "stranger"])
@pytest.mark.parametrize("how", ["changed", "another secret", "nonsense", "unknown"])
def test_a_forged_link_is_no_page(cast: Cast, how: str, part: str | None) -> None:
    token = token_of(invited(cast, opened(cast)))
    forged = {
        "changed": token[:-1] + ("a" if token[-1] != "a" else "b"),
        "another secret": signing.Signer(key="another", salt=SALT).sign_object(["ref", 1]),
        "nonsense": "nonsense",
        "unknown": signing.Signer(salt=SALT).sign_object(["nosuchref234", 1]),
    }[how]

    assert cast.client(part).get(reverse("invitation", args=[forged])).status_code == 404


def test_expired(cast: Cast, superuser: psycopg.Connection) -> None:
    invitation = invited(cast, opened(cast))
    superuser.execute(
        "UPDATE record_invitation SET sent_at = sent_at - interval '29 days', "
        "expires_at = expires_at - interval '29 days'"
    )

    response = cast.client(None).get(link(invitation))

    assert response.status_code == 410
    assert "This invitation has expired" in response.text
    assert "Health hub" not in response.text


@pytest.mark.parametrize("accept", [True, False])
def test_used(cast: Cast, accept: bool) -> None:
    invitation = invited(cast, opened(cast))
    answered(cast, invitation, accept=accept)

    response = cast.client("health_editor").get(link(invitation))

    assert response.status_code == 410
    assert "This invitation has been answered" in response.text
    assert "Health hub" not in response.text


def test_superseded_by_a_newer_email(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))
    old = link(invitation)
    with acting_as(cast.school_editor) as by:
        newer = resend_invitation(by=by, invitation=invitation)

    response = cast.client(None).get(old)

    assert response.status_code == 410
    assert "only the link in the latest email works" in response.text
    assert cast.client(None).get(link(newer)).status_code == 200


def test_withdrawn(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))
    with acting_as(cast.school_editor) as by:
        revoke_invitation(by=by, invitation=invitation)

    response = cast.client("health_editor").get(link(invitation))

    assert response.status_code == 410
    assert "This invitation was withdrawn" in response.text


def test_who_speaks_for_the_invited_organisation_goes_on_to_answer(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))

    page = cast.client("health_editor").get(link(invitation)).text

    health = cast.organisation("health").slug
    assert reverse("answer-invitation", args=[health, invitation.ref]) in page


@pytest.mark.parametrize("part", ["stranger", "council_editor", "school_editor", "nobody"])
def test_forwarded_to_someone_of_another_organisation_it_admits_nobody(
    cast: Cast, part: str
) -> None:
    invitation = invited(cast, opened(cast))
    client = cast.client(part)

    page = client.get(link(invitation)).text

    health = cast.organisation("health").slug
    answer = reverse("answer-invitation", args=[health, invitation.ref])
    assert "Only Walsall Healthcare NHS Trust can answer" in page
    assert "ask one of its managers" in page
    assert answer not in page
    assert client.get(answer).status_code == 404
    with acting_as(cast.actors[part]):
        assert not Membership.objects.filter(organisation=cast.organisation("health")).exists()


def test_where_nobody_speaks_for_the_organisation_one_asks_to(cast: Cast) -> None:
    invitation = invited(cast, opened(cast, "icb"), "icb")
    client = cast.client("nobody")

    page = client.get(link(invitation)).text
    response = sent(client, link(invitation), **JOINING)

    assert "An invitation admits nobody" in page
    assert response["Location"] == reverse("my-organisations")
    with acting_as(cast.nobody):
        asked = JoiningRequest.objects.get()
        assert not Membership.objects.filter(user_id=cast.nobody.user_id).exists()
    assert asked.organisation_id == cast.organisation("icb").pk
    assert asked.invited_by_id == cast.organisation("school").pk
    assert "Your request is being checked" in client.get(link(invitation)).text


def test_asking_twice_at_once_asks_once(cast: Cast) -> None:
    invitation = invited(cast, opened(cast, "icb"), "icb")
    client = cast.client("nobody")
    values = {**JOINING, "once": once_in(client.get(link(invitation)).text)}

    first = client.post(link(invitation), values)
    second = client.post(link(invitation), values)

    assert first["Location"] == second["Location"]
    with acting_as(cast.nobody):
        assert JoiningRequest.objects.count() == 1


def test_asking_with_a_patients_number(cast: Cast) -> None:
    invitation = invited(cast, opened(cast, "icb"), "icb")

    response = sent(
        cast.client("nobody"), link(invitation), **{**JOINING, "evidence": f"See {NHS_NUMBER}"}
    )

    assert "an NHS number" in response.text
    with acting_as(cast.nobody):
        assert not JoiningRequest.objects.exists()


def test_what_was_typed_survives_the_end_of_the_session(cast: Cast) -> None:
    invitation = invited(cast, opened(cast, "icb"), "icb")
    client = cast.client("nobody")
    values = {**JOINING, "once": once_in(client.get(link(invitation)).text)}
    client.logout()

    signed_out = client.post(link(invitation), values)
    signed_in = client.post(
        signed_out["Location"], {"login": cast.users["nobody"].email, "password": PASSWORD}
    )

    assert "Ring the switchboard." in client.get(signed_in["Location"]).text
