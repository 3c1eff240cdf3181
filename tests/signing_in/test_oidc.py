"""Signing in by a provider: against a real one, over HTTP, right and wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from organisations.models import LinkedSignIn, User
from organisations.signing_in.oidc_views import link_key
from organisations.signing_in.provider_settings import read_providers
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import Superuser, count, mailed_to, on_record
from tests.signing_in.oidc_server import Provider
from tests.signing_in.ways import at_provider, by_password, code_of

SIGN_IN = "/account/oidc/works/login/"
Named = Callable[..., Provider]


def signed_in(cast: Cast, part: str = "school_editor") -> Client:
    client = Client()
    assert by_password(client, cast.users[part].email) == "/"
    return client


def link_address(client: Client) -> str:
    (address,) = {
        part.split('"')[0].replace("&amp;", "&")
        for part in client.get(reverse("account_connections")).text.split('href="')
        if part.startswith("/account/oidc/works/link/")
    }
    return address


def link(client: Client) -> None:
    assert client.get(at_provider(client, link_address(client)))["Location"] == reverse(
        "account_connections"
    )


def person_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_linked_while_signed_in_then_signed_in_by_it(
    cast: Cast, provider: Named, superuser: Superuser
) -> None:
    provider()
    client = signed_in(cast)
    link(client)
    assert "You can now sign in with Works account" in client.get("/account/connections/").text
    fresh = Client()

    back = at_provider(fresh, f"{SIGN_IN}?next=/organisations/")

    assert fresh.get(back)["Location"] == "/organisations/"
    assert person_in(fresh) == str(cast.school_editor.user_id)
    assert on_record(superuser, user_id=cast.school_editor.user_id) == [
        "signed in",
        "provider linked",
        "signed in by a provider",
        "signed in",
    ]
    assert any("linked" in each.subject for each in mailed_to(cast.users["school_editor"].email))


def test_what_is_asked_has_state_nonce_and_proof_key(cast: Cast, provider: Named) -> None:
    works = provider(auth_params={"acr_values": "AAL3"}, scope=["openid"])

    at_provider(Client(), SIGN_IN)
    at_provider(Client(), SIGN_IN)

    first, second = works.asked
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43, name
        assert first[name] != second[name]
    assert (first["acr_values"], first["scope"]) == ("AAL3", "openid")


def test_an_address_that_the_provider_claims_takes_nothing_over(
    cast: Cast, provider: Named, superuser: Superuser
) -> None:
    works = provider()
    works.person = {
        "sub": "attacker",
        "email": cast.users["school_manager"].email,
        "email_verified": True,
    }
    client = Client()

    answer = client.get(at_provider(client, SIGN_IN))

    assert answer.status_code == 403
    assert "is not linked to an account here yet" in answer.text
    assert cast.users["school_manager"].email not in answer.text
    assert person_in(client) is None
    assert count(superuser, LinkedSignIn._meta.db_table) == 0
    assert on_record(superuser) == ["refused: provider works: not linked"]


def test_nobody_gets_an_account_by_a_provider(cast: Cast, provider: Named) -> None:
    provider()
    people = User.objects.count()
    client = Client()

    assert client.get(at_provider(client, SIGN_IN)).status_code == 403
    assert User.objects.count() == people


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"iss": "https://elsewhere.example"}, "id token: InvalidIssuerError"),
        ({"aud": "another-client"}, "id token: InvalidAudienceError"),
        ({"aud": ["tandem", "another"]}, "authorised party"),
        ({"azp": "another"}, "authorised party"),
        ({"exp": int(time.time()) - 3600}, "id token: ExpiredSignatureError"),
        ({"exp": None}, "id token: MissingRequiredClaimError"),
        ({"sub": ""}, "subject"),
    ],
)
def test_a_token_that_is_not_for_us_is_refused(
    cast: Cast, provider: Named, superuser: Superuser, wrong: dict[str, Any], reason: str
) -> None:
    works = provider()
    link(signed_in(cast))
    works.wrong = wrong
    client = Client()

    answer = client.get(at_provider(client, SIGN_IN))

    assert answer.status_code == 403
    assert person_in(client) is None
    assert on_record(superuser)[-1] == f"refused: provider works: {reason}"


@pytest.mark.parametrize("algorithm", ["HS256", "none", "RS256"])
def test_a_token_that_somebody_else_signed_is_refused(
    cast: Cast, provider: Named, algorithm: str
) -> None:
    works = provider()
    link(signed_in(cast))
    works.algorithm, works.signs_with = algorithm, works.foreign_key
    client = Client()

    assert client.get(at_provider(client, SIGN_IN)).status_code == 403
    assert person_in(client) is None


def test_a_provider_that_calls_itself_otherwise_is_refused(
    cast: Cast, provider: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = provider()
    monkeypatch.setattr(
        Provider, "configuration", lambda self: {"issuer": "https://elsewhere.example"}
    )
    cache.clear()

    assert works.issuer in str(works.settings())
    assert Client().get(SIGN_IN).status_code == 403


def test_an_answer_counts_once_and_in_the_browser_that_asked(cast: Cast, provider: Named) -> None:
    provider()
    link(signed_in(cast))
    client, other = Client(), Client()
    back = at_provider(client, SIGN_IN)

    assert other.get(back).status_code == 403, "another browser"
    assert person_in(other) is None
    assert client.get(back).status_code == 302
    client.post(reverse("account_logout"))
    assert client.get(back).status_code == 403, "a second time"
    assert client.get(back.replace("state=", "state=x")).status_code == 403


def test_who_stops_on_the_way_is_told_what_to_do(cast: Cast, provider: Named) -> None:
    works = provider()
    works.refuses = True
    client = Client()

    answer = client.get(at_provider(client, SIGN_IN))

    assert "You stopped on the way" in answer.text


def test_the_way_to_link_cannot_be_started_from_elsewhere(cast: Cast, provider: Named) -> None:
    works = provider()
    client = signed_in(cast)

    for key in ("", "?key=guessed"):
        answer = client.get(f"/account/oidc/works/link/{key}")
        assert answer["Location"] == reverse("account_connections")
    assert not works.asked
    request = client.get("/account/connections/").wsgi_request
    assert link_key(request) in link_address(client)


def test_an_account_there_signs_in_one_person_here(cast: Cast, provider: Named) -> None:
    provider()
    link(signed_in(cast))
    second = signed_in(cast, "health_editor")

    link(second)

    assert "cannot be linked" in second.get("/account/connections/").text
    client = Client()
    client.get(at_provider(client, SIGN_IN))
    assert person_in(client) == str(cast.school_editor.user_id)


def test_unlinked_it_signs_nobody_in(cast: Cast, provider: Named, superuser: Superuser) -> None:
    provider()
    client = signed_in(cast)
    link(client)

    client.post("/account/oidc/works/unlink/")

    assert count(superuser, LinkedSignIn._meta.db_table) == 0
    other = Client()
    assert other.get(at_provider(other, SIGN_IN)).status_code == 403
    assert "provider unlinked" in on_record(superuser)


def test_the_only_way_to_sign_in_stays(cast: Cast, provider: Named, superuser: Superuser) -> None:
    provider()
    client = signed_in(cast)
    link(client)
    superuser.execute("UPDATE organisations_user SET password = '!'")
    client = Client()
    client.get(at_provider(client, SIGN_IN))

    client.post("/account/oidc/works/unlink/")

    assert count(superuser, LinkedSignIn._meta.db_table) == 1
    assert "Set a password first" in client.get("/account/connections/").text


@pytest.mark.parametrize("suffices", [True, False])
def test_whether_its_second_step_suffices_is_the_settings_to_say(
    cast: Cast, provider: Named, with_app: Callable[[User], str], suffices: bool
) -> None:
    provider(mfa_suffices=suffices)
    link(signed_in(cast))
    secret = with_app(cast.users["school_editor"])
    client = Client()

    led_to = client.get(at_provider(client, SIGN_IN))["Location"]

    assert led_to == ("/" if suffices else reverse("mfa_authenticate"))
    if not suffices:
        assert person_in(client) is None
        client.post(led_to, {"code": code_of(secret)})
    assert person_in(client) == str(cast.school_editor.user_id)


@pytest.mark.parametrize("suffices", [True, False])
def test_a_manager_who_came_by_a_provider(
    cast: Cast, provider: Named, settings: Any, suffices: bool
) -> None:
    provider(mfa_suffices=suffices)
    link(signed_in(cast, "school_manager"))
    settings.REQUIRE_SECOND_STEP = ["manager"]
    client = Client()
    client.get(at_provider(client, SIGN_IN))
    slug = cast.organisation("school").slug

    status = client.get(reverse("home", args=[slug])).status_code

    assert status == (200 if suffices else 302)


def test_what_the_token_must_say(cast: Cast, provider: Named) -> None:
    works = provider(required_claims={"acr": ["AAL3"]})
    works.wrong = {"acr": "AAL3"}
    link(signed_in(cast))
    works.wrong = {"acr": "AAL1"}
    client = Client()

    assert client.get(at_provider(client, SIGN_IN)).status_code == 403


def test_who_has_no_password_confirms_by_the_provider(
    cast: Cast, provider: Named, superuser: Superuser, later: Callable[[float], None]
) -> None:
    works = provider()
    client = signed_in(cast)
    link(client)
    superuser.execute("UPDATE organisations_user SET password = '!'")
    client = Client()
    client.get(at_provider(client, SIGN_IN))
    later(600)

    assert client.get(reverse("account_set_password")).status_code == 302
    asked = client.get(reverse("account_email"))
    assert asked["Location"] == "/account/oidc/works/confirm/?next=%2Faccount%2Femail%2F"
    back = at_provider(client, asked["Location"])
    assert works.asked[-1]["prompt"] == "login"
    assert client.get(back)["Location"] == reverse("account_email")
    assert client.get(reverse("account_email")).status_code == 200


def test_somebody_elses_account_there_confirms_nothing(
    cast: Cast, provider: Named, superuser: Superuser, later: Callable[[float], None]
) -> None:
    works = provider()
    link(signed_in(cast))
    superuser.execute("UPDATE organisations_user SET password = '!'")
    client = Client()
    client.get(at_provider(client, SIGN_IN))
    later(600)
    works.person = {"sub": "somebody-else"}

    answer = client.get(at_provider(client, "/account/oidc/works/confirm/?next=/account/email/"))

    assert answer.status_code == 403
    assert client.get(reverse("account_email")).status_code == 302


def test_a_switched_off_person_does_not_get_in(cast: Cast, provider: Named) -> None:
    provider()
    link(signed_in(cast))
    User.objects.filter(pk=cast.school_editor.user_id).update(is_active=False)
    client = Client()

    assert client.get(at_provider(client, SIGN_IN)).status_code == 403


def test_a_provider_that_is_not_named_is_no_page(cast: Cast, provider: Named) -> None:
    provider()

    assert Client().get("/account/oidc/other/login/").status_code == 404
    assert Client().get("/account/oidc/other/callback/?state=x").status_code == 404


GOOD = {
    "id": "x",
    "name": "n",
    "issuer": "https://provider.example",
    "client_id": "c",
    "secret": "do-not-tell",
}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("{}", "list"),
        ('[{"id": "x"}]', "needs “name”"),
        (json.dumps([GOOD | {"id": "X y"}]), "part of an address"),
        (json.dumps([GOOD | {"issuer": "http://provider.example"}]), "https"),
        (json.dumps([GOOD | {"trust_email": True}]), "does not know trust_email"),
        (json.dumps([GOOD | {"mfa_suffices": "yes"}]), "true or false"),
        (json.dumps([GOOD, GOOD]), "same id"),
    ],
)
def test_settings_that_cannot_be_meant_stop_the_start(text: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says) as refusal:
        read_providers(text)
    assert "do-not-tell" not in str(refusal.value)


def test_password_still_needed_for_nothing_else(cast: Cast, provider: Named) -> None:
    """The sign-in page names the provider, beside address and password."""
    provider()
    page = Client().get(reverse("account_login")).text

    assert "Sign in with Works account" in page
    assert PASSWORD not in page
