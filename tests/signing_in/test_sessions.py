"""Sessions: how long they last, where somebody is signed in, and ending what they do not know."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from organisations.signing_in.sessions import device_in_words
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import Superuser, count, on_record
from tests.signing_in.ways import by_password

Later = Callable[[float], None]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
MINUTE, HOUR = 60, 3600


def signed_in(cast: Cast, part: str = "school_editor", agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent})
    by_password(client, cast.users[part].email)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("my-organisations")).status_code == 200


def test_a_session_that_is_not_used_ends(cast: Cast, later: Later, superuser: Superuser) -> None:
    client = signed_in(cast)
    later(29 * MINUTE)
    assert is_in(client)
    later(31 * MINUTE)

    answer = client.get("/organisations/")

    assert answer["Location"] == "/account/login/?next=/organisations/"
    assert on_record(superuser)[-1] == "session ended: unused for too long"
    assert count(superuser, "organisations_signedinsession") == 0


def test_a_session_in_use_ends_after_half_a_day(
    cast: Cast, later: Later, superuser: Superuser
) -> None:
    client = signed_in(cast)
    for _ in range(35):
        later(20 * MINUTE)
        assert is_in(client)
    later(21 * MINUTE)

    assert not is_in(client)
    assert on_record(superuser)[-1] == "session ended: signed in for too long"


def test_what_was_typed_survives_the_end_of_the_session(cast: Cast, later: Later) -> None:
    client = signed_in(cast)
    page = client.get(reverse("account_name")).text
    (once,) = re.findall(r'name="once"[^>]*value="([^"]+)"', page)
    later(31 * MINUTE)

    asked = client.post(reverse("account_name"), {"once": once, "name": "A longer name"})
    led_to = by_password(
        client, cast.users["school_editor"].email, next=asked["Location"].partition("next=")[2]
    )

    assert "/account/login/" in asked["Location"]
    assert led_to
    back = client.get("/account/name/?" + asked["Location"].split("%3F")[1].replace("%3D", "="))
    assert "A longer name" in back.text


def test_the_list_says_where_one_is_signed_in(cast: Cast) -> None:
    here, _ = signed_in(cast), signed_in(cast, agent=IPHONE)

    page = here.get(reverse("account_sessions")).text

    assert "Firefox on Windows" in page
    assert "Safari on an iPhone" in page
    assert page.index("This one") < page.index("Safari on an iPhone")
    assert "127.0.0.1" in page


def test_one_session_can_be_ended(cast: Cast, superuser: Superuser) -> None:
    here, elsewhere = signed_in(cast), signed_in(cast, agent=IPHONE)
    (address,) = re.findall(
        r'action="(/account/sessions/\d+/end/)"', here.get("/account/sessions/").text
    )

    here.post(address)

    assert is_in(here)
    assert not is_in(elsewhere)
    assert "session ended by its person" in on_record(superuser)


def test_all_others_can_be_ended(cast: Cast) -> None:
    here, *others = (signed_in(cast) for _ in range(3))

    here.post(reverse("account_end_others"))

    assert is_in(here)
    assert not any(is_in(each) for each in others)
    assert "Sign out everywhere else" not in here.get("/account/sessions/").text


def test_nobody_ends_another_persons_session(cast: Cast, superuser: Superuser) -> None:
    mine, theirs = signed_in(cast), signed_in(cast, "school_manager")
    (theirs_id,) = superuser.execute(
        "SELECT id FROM organisations_signedinsession WHERE user_id = %s",
        [cast.school_manager.user_id],
    ).fetchone()

    mine.post(f"/account/sessions/{theirs_id}/end/")
    mine.post(reverse("account_end_others"))

    assert is_in(theirs)
    assert count(superuser, "organisations_signedinsession") == 2


def test_a_new_password_ends_the_others_and_leaves_this_one_listed(cast: Cast) -> None:
    here, elsewhere = signed_in(cast), signed_in(cast, agent=IPHONE)
    other = "another long password"

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": other, "password2": other},
    )

    assert is_in(here)
    assert not is_in(elsewhere)
    page = here.get(reverse("account_sessions")).text
    assert "This one" in page
    assert "iPhone" not in page


def test_signing_out_takes_the_session_off_the_list(cast: Cast, superuser: Superuser) -> None:
    client = signed_in(cast)

    client.post(reverse("account_logout"))

    assert count(superuser, "organisations_signedinsession") == 0
    assert on_record(superuser)[-1] == "signed out"


def test_signing_in_gives_the_session_a_new_key(cast: Cast) -> None:
    client = Client()
    client.get("/organisations/?q=x")
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key

    by_password(client, cast.users["school_editor"].email)

    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_devices_in_words(agent: str, words: str) -> None:
    assert device_in_words(agent) == words
