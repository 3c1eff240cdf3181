"""A form posted after the session ended survives the sign-in, for the same person only."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from organisations import drafts
from organisations.models import JoiningRequest
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import Superuser, count
from tests.organisations.test_joining import ANSWERS, once_in

EVIDENCE = "Ring the switchboard and ask for school nursing."


@pytest.fixture
def address(cast: Cast) -> str:
    """The page whose form is posted."""
    return reverse("ask-to-join", args=[cast.organisation("icb").slug])


def posted_too_late(client: Client, address: str, **answers: str) -> str:
    """Open the form signed in, lose the session, post it; where that leads."""
    once = once_in(client.get(address).text)
    client.cookies.clear()
    response = client.post(address, {**ANSWERS, "evidence": EVIDENCE, "once": once, **answers})
    return str(response["Location"])


def sign_in(client: Client, part: str, sign_in_page: str) -> str:
    """Sign in on the page we were led to, by its own form; where that leads."""
    page = client.get(sign_in_page)
    response = client.post(
        reverse("account_login"),
        {
            "login": f"{part}@tandem.example",
            "password": PASSWORD,
            "next": page.wsgi_request.GET["next"],
        },
    )
    return str(response["Location"])


def test_what_was_typed_is_there_again_and_can_be_sent(
    cast: Cast, address: str, superuser: Superuser
) -> None:
    client = cast.client("nobody")

    back = sign_in(client, "nobody", posted_too_late(client, address))

    assert back.startswith(f"{address}?draft=")
    page = client.get(back).text
    assert EVIDENCE in page
    assert "Nothing you typed is lost" in page
    assert count(superuser, JoiningRequest._meta.db_table) == 0, "nothing is sent by itself"
    client.post(back, {**ANSWERS, "evidence": EVIDENCE, "once": once_in(page)})
    assert count(superuser, JoiningRequest._meta.db_table) == 1


def test_it_is_given_back_once(cast: Cast, address: str) -> None:
    client = cast.client("nobody")
    back = sign_in(client, "nobody", posted_too_late(client, address))
    client.get(back)

    assert EVIDENCE not in client.get(back).text


def test_another_person_on_the_same_browser_sees_nothing_of_it(cast: Cast, address: str) -> None:
    client = cast.client("nobody")
    back = sign_in(client, "stranger", posted_too_late(client, address))

    page = client.get(back).text

    assert EVIDENCE not in page
    assert "Nothing you typed is lost" not in page


def test_another_page_does_not_get_it(cast: Cast, address: str) -> None:
    client = cast.client("nobody")
    back = sign_in(client, "nobody", posted_too_late(client, address))
    elsewhere = reverse("ask-to-join", args=[cast.organisation("other").slug])

    page = client.get(f"{elsewhere}?{back.partition('?')[2]}").text

    assert EVIDENCE not in page


def test_a_text_with_an_nhs_number_is_not_kept(
    cast: Cast, address: str, superuser: Superuser
) -> None:
    client = cast.client("nobody")
    back = sign_in(
        client, "nobody", posted_too_late(client, address, evidence="Patient 943 476 5919")
    )

    page = client.get(back).text

    assert ANSWERS["job_title"] in page, "the rest is kept"
    for secret in ("943 476 5919", "9434765919"):
        assert secret not in page
    rows = superuser.execute("SELECT session_data FROM django_session").fetchall()
    assert rows
    kept = ["".join(str(client.session.decode(data)).split()) for (data,) in rows]
    assert all("9434765919" not in each for each in kept)


def test_a_form_that_is_not_ours_is_not_kept(cast: Cast, address: str) -> None:
    led_to = posted_too_late(cast.client("nobody"), address, once="forged")

    assert drafts.PARAMETER not in led_to


def test_an_overlong_form_is_not_kept(cast: Cast, address: str) -> None:
    led_to = posted_too_late(cast.client("nobody"), address, evidence="x" * (drafts.LONGEST + 1))

    assert drafts.PARAMETER not in led_to
