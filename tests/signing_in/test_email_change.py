"""Another e-mail address: both mailboxes agree, or nothing changes."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from organisations.models import User
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import Superuser, link_in, mailed_to, on_record
from tests.signing_in.ways import by_password

NEW = "new.address@school.example"


def once_of(client: Client) -> str:
    page = client.get(reverse("account_email")).text
    return page.split('name="once"')[1].split('value="')[1].split('"')[0]


def ask(cast: Cast, new_email: str = NEW) -> tuple[Client, str]:
    """Ask for another address: the client, and the address it has now."""
    client, old = Client(), cast.users["school_editor"].email
    by_password(client, old)
    answer = client.post(
        reverse("account_email"), {"once": once_of(client), "new_email": new_email}
    )
    assert answer["Location"] == reverse("account_email")
    return client, old


def links(old: str, new: str = NEW) -> tuple[str, str]:
    return tuple(link_in(mailed_to(each)[-1], "email/answer") for each in (old, new))


def email_now(cast: Cast) -> str:
    return User.objects.get(pk=cast.school_editor.user_id).email


def test_it_takes_effect_once_both_have_agreed(cast: Cast, superuser: Superuser) -> None:
    client, old = ask(cast)
    from_old, from_new = links(old)
    reader = Client()

    assert "Confirm that" in reader.get(from_new).text
    assert "Now the other address has to agree" in reader.post(from_new).text
    assert email_now(cast) == old
    assert "Somebody who is signed in" in reader.get(from_old).text
    assert "is changed" in reader.post(from_old, {"agree": "yes"}).text

    assert email_now(cast) == NEW
    assert by_password(Client(), NEW, PASSWORD) == "/"
    assert by_password(Client(), old, PASSWORD) == ""
    assert on_record(superuser, user_id=cast.school_editor.user_id)[1:5] == [
        "email change asked for",
        "email change agreed by the new address",
        "email change agreed by the old address",
        "email changed",
    ]
    assert "has moved" in str(mailed_to(old)[-1].body)
    assert client.get(reverse("account_home")).status_code == 200


def test_opening_a_link_is_not_agreeing(cast: Cast) -> None:
    _, old = ask(cast)
    for link in links(old):
        Client().get(link)

    assert email_now(cast) == old


def test_the_old_address_can_stop_it(cast: Cast) -> None:
    _, old = ask(cast)
    from_old, from_new = links(old)

    assert "stays with" in Client().post(from_old, {"stop": "yes"}).text

    assert Client().post(from_new).status_code == 404
    assert email_now(cast) == old


def test_the_new_address_alone_can_agree_as_often_as_it_likes(cast: Cast) -> None:
    _, old = ask(cast)
    _, from_new = links(old)

    for _ in range(3):
        Client().post(from_new)

    assert email_now(cast) == old


def test_an_address_that_has_an_account_learns_it_and_the_asker_does_not(cast: Cast) -> None:
    taken = cast.users["health_editor"].email
    client, old = ask(cast, taken)

    assert f"Waiting to change to {taken}" in client.get(reverse("account_email")).text
    (message,) = mailed_to(taken)
    assert "has an account of its own already" in str(message.body)
    assert "email/answer" not in str(message.body)
    from_old = link_in(mailed_to(old)[-1], "email/answer")
    Client().post(from_old)
    assert email_now(cast) == old


def test_a_wish_ends_after_a_day_and_when_another_is_made(
    cast: Cast, later: Callable[[float], None]
) -> None:
    client, old = ask(cast)
    first = links(old)
    client.post(reverse("account_email_withdraw"))
    assert all(Client().get(link).status_code == 404 for link in first)
    client.post(reverse("account_email"), {"once": once_of(client), "new_email": NEW})
    second = links(old)
    later(24 * 3600 + 60)

    assert all(Client().get(link).status_code == 404 for link in second)


def test_a_link_that_was_tampered_with_is_no_page(cast: Cast) -> None:
    _, old = ask(cast)
    from_old, _ = links(old)

    assert Client().get(from_old[:-3] + "xx/").status_code == 404


def test_asking_needs_a_fresh_check(cast: Cast, later: Callable[[float], None]) -> None:
    client = Client()
    by_password(client, cast.users["school_editor"].email)
    once = once_of(client)
    later(301)

    answer = client.post(reverse("account_email"), {"once": once, "new_email": NEW})

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not mailed_to(NEW)
