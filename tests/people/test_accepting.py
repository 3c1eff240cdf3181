"""An invitation admits one person, once: whoever has confirmed exactly its address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from organisations.models import PersonInvitation
from organisations.people import links, services
from organisations.people.links import LinkState
from organisations.permissions import Hidden
from partnerships.record.invitation_links import token_of
from tests.cast import Cast
from tests.organisations.onlooker import count, on_record
from tests.people.arranging import INVITED, accepted, invited, newcomer, page
from tests.record.arranging import acting_as, once_in, opened
from tests.record.arranging import invited as partner_invited

Superuser = psycopg.Connection


def test_the_invited_person_joins_in_the_role_of_the_invitation(
    cast: Cast, superuser: Superuser
) -> None:
    invitation = invited(cast, role="editor")
    newcomer(cast)

    membership = accepted(cast, invitation)

    assert (membership.organisation_id, membership.role) == (
        cast.organisation("school").pk,
        "editor",
    )
    assert cast.client("newcomer").get(page(cast, "home")).status_code == 200
    assert on_record(superuser)[-1] == "invitation of a person accepted"


def test_the_managers_can_read_on_record_who_joined(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    newcomer(cast)
    accepted(cast, invitation)

    (acl,) = superuser.execute(
        "SELECT acl FROM organisations_auditevent WHERE action = 'invitation of a person accepted'"
    ).fetchone()
    assert acl == [cast.organisation("school").pk]


def test_it_is_used_once(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    newcomer(cast)
    accepted(cast, invitation)

    with pytest.raises(ValidationError, match="You belong to Windsor Academy Trust already"):
        accepted(cast, invitation)
    superuser.execute(
        "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        [cast.users["newcomer"].pk],
    )
    with pytest.raises(ValidationError, match="has been used"):
        accepted(cast, invitation)


@pytest.mark.parametrize("part", ["nobody", "health_manager", "stranger", "operator"])
def test_another_account_cannot_use_it(cast: Cast, superuser: Superuser, part: str) -> None:
    invitation = invited(cast)
    before = count(superuser, "organisations_membership")

    with pytest.raises(PermissionDenied, match="somebody else"):
        accepted(cast, invitation, part)

    assert count(superuser, "organisations_membership") == before
    assert links.find(links.token_of(invitation)).state is LinkState.OPEN


def test_an_account_that_has_not_confirmed_the_address_cannot_use_it(cast: Cast) -> None:
    invitation = invited(cast)
    newcomer(cast, confirmed=False)

    with pytest.raises(PermissionDenied):
        accepted(cast, invitation)


def test_an_address_that_was_added_and_not_confirmed_does_not_count(cast: Cast) -> None:
    invitation = invited(cast)
    EmailAddress.objects.create(
        user_id=cast.users["nobody"].pk, email=INVITED, verified=False, primary=False
    )

    with pytest.raises(PermissionDenied):
        accepted(cast, invitation, "nobody")


@pytest.mark.parametrize(
    "likeness", ["new-colleague@school.example.org", "xnew-colleague@school.example"]
)
def test_an_address_that_is_only_like_it(cast: Cast, likeness: str) -> None:
    invitation = invited(cast)
    newcomer(cast, likeness)

    with pytest.raises(PermissionDenied):
        accepted(cast, invitation)


@pytest.mark.parametrize("token", ["forged", "", "eyJ:abc:def"])
def test_a_link_that_was_never_sent(cast: Cast, token: str) -> None:
    with pytest.raises(Hidden), acting_as(cast.nobody) as by:
        services.accept_invitation(by=by, token=token)


def test_the_link_of_a_partnership_does_not_open_an_organisation(cast: Cast) -> None:
    token = token_of(partner_invited(cast, opened(cast)))

    assert links.find(token) is None


def test_an_expired_invitation(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    newcomer(cast)
    superuser.execute(
        "UPDATE organisations_personinvitation SET sent_at = now() - interval '8 days', "
        "expires_at = now() - interval '1 day 1 minute'"
    )

    with pytest.raises(ValidationError, match="expired"):
        accepted(cast, invitation)


def test_an_organisation_that_is_suspended_admits_nobody(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    newcomer(cast)
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [cast.organisation("school").pk],
    )

    with pytest.raises(ValidationError, match="not using"):
        accepted(cast, invitation)


def test_accepted_twice_at_the_same_moment_it_admits_once(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    newcomer(cast)
    together = Barrier(2)

    def accept() -> str:
        try:
            together.wait(timeout=10)
            accepted(cast, invitation)
            return "joined"
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(lambda _: accept(), range(2)))

    assert answers == ["You belong to Windsor Academy Trust already.", "joined"]
    assert _rows(superuser, cast) == 1


def test_withdrawn_and_accepted_at_the_same_moment_one_of_them_holds(
    cast: Cast, superuser: Superuser
) -> None:
    invitation = invited(cast)
    newcomer(cast)
    together = Barrier(2)

    def attempt(work: str) -> bool:
        try:
            together.wait(timeout=10)
            if work == "accept":
                accepted(cast, invitation)
            else:
                with acting_as(cast.school_manager) as by:
                    services.withdraw_invitation(by=by, invitation=invitation)
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        accepts, withdraws = pool.map(attempt, ["accept", "withdraw"])

    assert accepts != withdraws
    assert _rows(superuser, cast) == int(accepts)


# ------------------------------------------------------------------ the page behind the link


def url_of(invitation: PersonInvitation) -> str:
    """The path of the link in its e-mail."""
    return urlsplit(links.link_of(invitation)).path


def test_whoever_is_signed_out_is_told_which_address_to_use(cast: Cast) -> None:
    url = url_of(invited(cast))

    text = cast.client(None).get(url).text

    assert "School manager invites you to Windsor Academy Trust as an editor" in text
    assert f"next={quote(url, safe='')}" in text or f"next={quote(url)}" in text
    assert INVITED not in text, "the link does not tell whose it is"


def test_another_account_reads_that_it_is_for_another_address(
    cast: Cast, superuser: Superuser
) -> None:
    url = url_of(invited(cast))
    client = cast.client("nobody")

    text = client.get(url).text

    assert "This invitation is for another email address" in text
    assert "nobody@tandem.example" in text
    assert INVITED not in text
    assert 'name="once"' not in text
    assert client.post(url, {"once": "forged"}).status_code == 403
    assert on_record(superuser)[-1].startswith("refused: You may not use an invitation")


def test_the_invited_person_presses_one_button(cast: Cast) -> None:
    invitation = invited(cast)
    newcomer(cast)
    client, url = cast.client("newcomer"), url_of(invitation)
    once = once_in(client.get(url).text)

    first = client.post(url, {"once": once})
    second = client.post(url, {"once": once})

    assert first["Location"] == second["Location"] == page(cast, "home")
    assert "You now belong to Windsor Academy Trust" in client.get(first["Location"]).text
    later = client.get(url)
    assert later.status_code == 200
    assert "You need no invitation any more" in later.text


def test_a_form_of_another_persons_session_is_refused(cast: Cast, superuser: Superuser) -> None:
    invitation = invited(cast)
    newcomer(cast)
    url = url_of(invitation)
    theirs = once_in(cast.client("school_manager").get(page(cast, "invite-person")).text)

    response = cast.client("newcomer").post(url, {"once": theirs})

    assert "opened by someone else" in response.text
    assert _rows(superuser, cast) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("revoked_at = now()", "This invitation was withdrawn"),
        ("sending = 2", "There is a newer invitation"),
        (
            "sent_at = now() - interval '8 days', expires_at = now() - interval '1 day'",
            "This invitation has expired",
        ),
    ],
)
def test_what_has_ended_says_so_and_what_to_do(
    cast: Cast, superuser: Superuser, change: str, words: str
) -> None:
    url = url_of(invited(cast))
    superuser.execute(f"UPDATE organisations_personinvitation SET {change}")

    response = cast.client(None).get(url)

    assert response.status_code == 410
    assert words in response.text


def test_a_form_sent_after_the_invitation_was_withdrawn(cast: Cast) -> None:
    invitation = invited(cast)
    newcomer(cast)
    client, url = cast.client("newcomer"), url_of(invitation)
    once = once_in(client.get(url).text)
    with acting_as(cast.school_manager) as by:
        services.withdraw_invitation(by=by, invitation=invitation)

    response = client.post(url, {"once": once})

    assert response.status_code == 410
    assert "This invitation was withdrawn" in response.text


def _rows(superuser: Superuser, cast: Cast) -> int:
    rows = superuser.execute(
        "SELECT 1 FROM organisations_membership WHERE user_id = %s",
        [cast.users["newcomer"].pk],
    ).fetchall()
    return len(rows)
