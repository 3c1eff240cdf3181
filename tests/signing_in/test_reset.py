"""A lost second step: an operator removes it, the person is told and sets up another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from organisations.models import SecondStepReset, User
from organisations.signing_in.reset.services import reset_second_step
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, mailed_to, on_record
from tests.record.arranging import acting_as, once_in
from tests.signing_in.ways import by_password, code_of, secret_on

PAGE = "/operator/second-step/"
HOW = "Rang them back through the switchboard."


def reset(cast: Cast, part: str = "school_viewer") -> User:
    with acting_as(cast.operator) as by:
        return reset_second_step(by=by, email=cast.users[part].email, how=HOW)


def signed_in(cast: Cast, secret: str) -> Client:
    client = Client()
    led_to = by_password(client, cast.users["school_viewer"].email)
    client.post(led_to, {"code": code_of(secret)})
    return client


def test_it_is_removed_sessions_end_and_the_person_is_told(
    cast: Cast,
    with_app: Callable[[User], str],
    factors: Callable[[User], list[str]],
    superuser: Superuser,
) -> None:
    viewer = cast.users["school_viewer"]
    client = signed_in(cast, with_app(viewer))
    page = reverse("home", args=[cast.organisation("school").slug])
    before = client.get(page).status_code
    operator = cast.client("operator")
    once = once_in(operator.get(PAGE).text)

    done = operator.post(PAGE, {"once": once, "email": viewer.email, "how": HOW})

    assert (before, done.status_code) == (200, 302)
    assert HOW in operator.get(PAGE).text
    assert factors(viewer) == []
    assert client.get(page)["Location"].startswith(reverse("account_login"))
    assert "second step reset by an operator" in on_record(superuser, user_id=cast.operator.user_id)
    (told,) = [m for m in mailed_to(viewer.email) if "second step was removed" in m.subject]
    assert HOW not in str(told.body)


def test_nothing_opens_before_another_is_set_up(
    cast: Cast, with_app: Callable[[User], str]
) -> None:
    with_app(cast.users["school_viewer"])
    reset(cast)
    client = Client()
    by_password(client, cast.users["school_viewer"].email)
    page = reverse("home", args=[cast.organisation("school").slug])

    for address in (page, reverse("my-organisations"), reverse("granted")):
        assert client.get(address)["Location"].startswith(reverse("mfa_index"))
    key = secret_on(client.get(reverse("mfa_activate_totp")).text)
    client.post(reverse("mfa_activate_totp"), {"code": code_of(key)})

    assert client.get(page).status_code == 200
    assert not User.objects.get(pk=cast.school_viewer.user_id).second_step_due


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("school_viewer", "has set up no second step"),
        ("operator", "your own account"),
        ("", "Nobody has confirmed"),
    ],
)
def test_what_cannot_be_reset(cast: Cast, part: str, said: str) -> None:
    email = cast.users[part].email if part else "unknown@tandem.example"
    with acting_as(cast.operator) as by, pytest.raises(ValidationError, match=said):
        reset_second_step(by=by, email=email, how=HOW)
    assert not SecondStepReset.objects.exists()


def test_how_it_was_checked_has_to_be_said(cast: Cast, with_app: Callable[[User], str]) -> None:
    with_app(cast.users["school_viewer"])
    with acting_as(cast.operator) as by, pytest.raises(ValidationError, match="how you checked"):
        reset_second_step(by=by, email=cast.users["school_viewer"].email, how="  ")


@pytest.mark.parametrize("part", ["school_manager", "nobody", "school_viewer"])
def test_operators_alone(
    cast: Cast,
    with_app: Callable[[User], str],
    factors: Callable[[User], list[str]],
    part: str,
) -> None:
    viewer = cast.users["school_viewer"]
    with_app(viewer)
    with acting_as(cast.actors[part]) as by:
        with pytest.raises(PermissionDenied):
            reset_second_step(by=by, email=viewer.email, how=HOW)
        with (
            pytest.raises(DatabaseError, match="an operator resets"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT tandem.reset_second_step(%s, %s)", [viewer.pk, HOW])
        assert not SecondStepReset.objects.exists()

    assert len(factors(viewer)) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO organisations_secondstepreset (user_id, reset_by_id, how) VALUES (1, 1, 'x')",
        "UPDATE organisations_secondstepreset SET how = 'another'",
        "DELETE FROM organisations_secondstepreset",
    ],
)
def test_sql_lets_no_operator_rewrite_what_was_reset(cast: Cast, statement: str) -> None:
    with (
        acting_as(cast.operator),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_an_operator_sees_no_factor_of_others(cast: Cast, with_app: Callable[[User], str]) -> None:
    with_app(cast.users["school_viewer"])
    with acting_as(cast.operator), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mfa_authenticator")
        seen: Any = cursor.fetchone()
        cursor.execute("DELETE FROM mfa_authenticator")
        removed = cursor.rowcount

    assert (seen[0], removed) == (0, 0)
