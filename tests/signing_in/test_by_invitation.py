"""Accepting an invitation with an account at a provider: the link, and the same address there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import LinkedSignIn, Membership, PersonInvitation, User
from organisations.people import links
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, count, on_record
from tests.people.arranging import INVITED, invited, newcomer, role_of
from tests.record.arranging import once_in
from tests.signing_in.oidc_server import Provider
from tests.signing_in.ways import at_provider, by_password

Named = Callable[..., Provider]


def page_of(invitation: PersonInvitation) -> str:
    return reverse("person-invitation", args=[links.token_of(invitation)])


def way_of(invitation: PersonInvitation) -> str:
    return reverse("account_oidc_join", args=["works", links.token_of(invitation)])


def invited_person(works: Provider, **claims: Any) -> None:
    works.person = {"sub": "invited-1", "email": INVITED, "name": "New colleague", **claims}


def test_who_is_invited_continues_with_a_provider_and_joins(
    cast: Cast, provider: Named, superuser: Superuser
) -> None:
    invited_person(provider(), email=INVITED.title())
    shown_at = page_of(invited(cast))
    client = Client()
    offered = client.get(shown_at).text
    way = "/account/oidc/works/join/" + shown_at.removeprefix("/join/")

    back = client.get(at_provider(client, way))
    page = client.get(back["Location"])
    joined = client.post(back["Location"], {"once": once_in(page.text)})
    user = User.objects.get(email=INVITED)
    cast.users["newcomer"] = user

    assert "Continue with Works account" in offered
    assert f'href="{way}"' in offered
    assert back["Location"] == shown_at
    assert joined["Location"] == reverse("home", args=[cast.organisation("school").slug])
    assert role_of(cast, "newcomer") == "editor"
    assert (user.name, user.has_usable_password()) == ("New colleague", False)
    assert on_record(superuser, user_id=user.pk)[:6] == [
        "account created",
        "email address confirmed",
        "provider linked",
        "signed in by a provider",
        "signed in",
        "invitation of a person accepted",
    ]
    again = Client()
    again.get(at_provider(again, "/account/oidc/works/login/"))
    assert again.session["_auth_user_id"] == str(user.pk)


def refused(client: Client, invitation: PersonInvitation, superuser: Superuser) -> str:
    """What somebody reads to whom nothing is opened."""
    people = User.objects.count()
    answer = client.get(at_provider(client, way_of(invitation)))

    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == people
    assert count(superuser, LinkedSignIn._meta.db_table) == 0
    assert "Back to the invitation" in answer.text
    return answer.text


@pytest.mark.parametrize(
    "claims",
    [{"email": "somebody-else@school.example"}, {"email_verified": False}, {"email": ""}],
)
def test_a_link_that_was_passed_on_opens_nothing(
    cast: Cast, provider: Named, superuser: Superuser, claims: dict[str, Any]
) -> None:
    invited_person(provider(), **claims)
    invitation = invited(cast)

    assert "was not sent to" in refused(Client(), invitation, superuser)
    assert on_record(superuser)[-1] == "refused: provider works: another address was invited"


def test_an_address_without_the_link_opens_nothing(
    cast: Cast, provider: Named, superuser: Superuser
) -> None:
    invited_person(provider(), email_verified=True)
    invited(cast)
    client = Client()

    answer = client.get(at_provider(client, "/account/oidc/works/login/"))
    forged = client.get(at_provider(client, "/account/oidc/works/join/forged/"))

    assert (answer.status_code, forged.status_code) == (403, 403)
    assert not User.objects.filter(email=INVITED).exists()


@pytest.mark.parametrize("confirmed", [True, False])
def test_an_account_that_is_there_is_not_taken_over(
    cast: Cast, provider: Named, superuser: Superuser, confirmed: bool
) -> None:
    invited_person(provider(), email_verified=True)
    invitation = invited(cast)
    newcomer(cast, confirmed=confirmed)

    assert "has an account here already" in refused(Client(), invitation, superuser)


@pytest.mark.parametrize("column", ["revoked_at", "used_at", "expires_at"])
def test_an_invitation_that_has_ended_opens_nothing(
    cast: Cast, provider: Named, superuser: Superuser, column: str
) -> None:
    invited_person(provider())
    invitation = invited(cast)
    superuser.execute(
        "UPDATE organisations_personinvitation SET "
        + {
            "revoked_at": "revoked_at = now()",
            "used_at": "used_at = now(), used_by_id = invited_by_id",
            "expires_at": "sent_at = now() - interval '2 hours', expires_at = now()",
        }[column]
    )

    assert "expired" in refused(Client(), invitation, superuser)


def test_who_has_linked_it_already_signs_in_and_joins(
    cast: Cast, provider: Named, superuser: Superuser
) -> None:
    works = provider()
    works.person = {"sub": "mine", "email": "private@elsewhere.example"}
    newcomer(cast)
    client = Client()
    by_password(client, INVITED)
    key = client.get(reverse("account_connections")).text.split("/works/link/?")[1].split('"')[0]
    client.get(at_provider(client, f"/account/oidc/works/link/?{key}"))
    invitation = invited(cast)
    client = Client()

    back = client.get(at_provider(client, way_of(invitation)))["Location"]
    client.post(back, {"once": once_in(client.get(back).text)})

    assert back.startswith("/join/")
    assert role_of(cast, "newcomer") == "editor"


def test_an_operators_identity_accepts_nothing(
    cast: Cast, provider: Named, superuser: Superuser
) -> None:
    """Whoever the provider signs in, the invitation asks for its own address."""
    provider().person = {"sub": "op", "email": "operator@tandem.example"}
    client = Client()
    by_password(client, cast.users["operator"].email)
    key = client.get(reverse("account_connections")).text.split("/works/link/?")[1].split('"')[0]
    client.get(at_provider(client, f"/account/oidc/works/link/?{key}"))
    invitation = invited(cast)
    client = Client()

    back = client.get(at_provider(client, way_of(invitation)))["Location"]

    assert "for another email address" in client.get(back).text
    assert not Membership.objects.filter(user_id=cast.operator.user_id).exists()
