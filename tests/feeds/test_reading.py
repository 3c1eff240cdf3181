"""How a feed's address answers a program: without a session, cheaply, and giving nothing away."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.logs import WithoutAddresses
from organisations import middleware
from overview.feeds.holdings import Holdings
from partnerships.diary.feeds.secrets import hash_of, new_secret
from tests.feeds.arranging import fed, of_partnership, read
from tests.touchpoints.scene import Scene, schedule

Super = psycopg.Connection[Any]


def read_at(superuser: Super) -> Any:
    row = superuser.execute("SELECT read_at FROM diary_calendarfeed").fetchone()
    assert row is not None
    return row[0]


def test_it_is_read_without_signing_in_and_leaves_no_cookie(scene: Scene) -> None:
    answer = read(of_partnership(scene.cast, scene.partnership))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Vary" not in answer
    assert not answer.cookies


def test_who_is_signed_in_makes_no_difference(scene: Scene) -> None:
    schedule(scene)
    secret = of_partnership(scene.cast, scene.partnership)
    address = reverse("calendar-feed", kwargs={"secret": secret})

    for part in ("stranger", "operator", "health_editor"):
        answer = scene.cast.client(part).get(address)
        assert answer.content == read(secret).content


def test_what_has_not_changed_is_not_sent_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(scene)
    secret = of_partnership(scene.cast, scene.partnership)
    first = read(secret)
    again = read(secret)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert again["Last-Modified"] == first["Last-Modified"]

    monkeypatch.setattr(Holdings, "written", None)
    for header in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": f'"other", W/{first["ETag"]}'},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        answer = read(secret, **header)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]
        assert answer["Cache-Control"] == "private, no-cache"


def test_what_has_changed_is_sent_whichever_way_a_program_asks(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    secret = of_partnership(scene.cast, scene.partnership)
    first = read(secret)
    schedule(scene)

    for header in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        answer = read(secret, **header)
        assert answer.status_code == 200
        assert b"touchpoint-" in answer.content
    assert answer["ETag"] != first["ETag"]
    assert answer["Last-Modified"] != first["Last-Modified"]


def test_head_says_the_same_without_the_calendar(scene: Scene) -> None:
    secret = of_partnership(scene.cast, scene.partnership)
    whole, head = read(secret), read(secret, "head")

    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == whole["ETag"]
    assert head["Content-Length"] == str(len(whole.content))
    assert read(secret, "post").status_code == 405


def test_that_it_was_read_is_noted_once_an_hour(scene: Scene, superuser: Super) -> None:
    secret = fed(scene.cast)
    assert read_at(superuser) is None
    read(secret)
    first = read_at(superuser)
    assert first is not None
    read(secret)
    assert read_at(superuser) == first

    superuser.execute("UPDATE diary_calendarfeed SET read_at = read_at - interval '61 minutes'")
    read(secret)
    assert read_at(superuser) > first


@pytest.mark.parametrize(
    "wrong", ["", "x", "x" * 43, "x" * 5_000, "é" * 43, "%00" * 43, "../" * 10, "' OR 1=1 --"]
)
def test_a_wrong_address_learns_nothing(scene: Scene, wrong: str) -> None:
    secret = fed(scene.cast)
    unknown = read(new_secret())
    assert (unknown.status_code, unknown.content) == (
        404,
        b"There is no calendar at this address.\n",
    )
    assert unknown["Cache-Control"] == "private, no-cache"

    assert Client().get(f"/feeds/{wrong}.ics").status_code == 404
    assert read(secret.swapcase()).content == unknown.content
    assert read(hash_of(secret)).content == unknown.content


def test_a_wrong_address_costs_one_statement(scene: Scene) -> None:
    with CaptureQueriesContext(connection) as captured:
        read(new_secret())
    asked = [each["sql"] for each in captured if "tandem.open_feed" in each["sql"]]
    other = [each["sql"] for each in captured if "diary_" in each["sql"] or "FROM" in each["sql"]]

    assert len(asked) == len(other) == 1


def test_guessing_is_limited_and_keeps_nobody_else_out(scene: Scene) -> None:
    secret = fed(scene.cast)
    guesses = [read(new_secret()).status_code for _ in range(40)]

    assert guesses[:30] == [404] * 30
    assert set(guesses[30:]) == {429}
    assert read(secret).status_code == 200


def test_one_feed_is_not_read_without_end(scene: Scene) -> None:
    secret, other = fed(scene.cast), fed(scene.cast, "school_viewer")
    answers = [read(secret) for _ in range(61)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert {each.status_code for each in answers[:-1]} == {200}
    assert read(other).status_code == 200


def test_the_secret_is_in_no_log_and_nowhere_in_the_database(
    scene: Scene,
    superuser: Super,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.handler.addFilter(WithoutAddresses())
    said: list[Any] = []
    monkeypatch.setattr(middleware.logger, "info", lambda *args, **more: said.append((args, more)))
    secret, wrong = fed(scene.cast), new_secret()
    with caplog.at_level(logging.DEBUG):
        assert read(secret).status_code == 200
        assert read(wrong).status_code == 404
        monkeypatch.setattr(Holdings, "written", None)
        broken = Client(raise_request_exception=False)
        address = reverse("calendar-feed", kwargs={"secret": secret})
        assert broken.get(address).status_code == 500

    lines = [record.getMessage() for record in caplog.records if record.name != "asyncio"]
    assert any("feeds/<str:secret>.ics" in line for line in lines)
    captured = capfd.readouterr()
    for hidden in (secret, wrong, hash_of(secret)):
        everything = [*lines, str(said), captured.out, captured.err, dump(superuser)]
        for words in everything[:-1]:
            assert hidden not in words
        assert (hidden in everything[-1]) == (hidden == hash_of(secret))
    assert {more["view"] for _, more in said} == {"calendar-feed"}


def dump(superuser: Super) -> str:
    """Every row of every table that a person's work fills."""
    names = superuser.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition "
        "AND relname NOT LIKE 'contacts_place%%' AND relname <> 'organisations_school' "
        "AND relname <> 'organisations_organisation' AND relname <> 'contacts_outwardcode'"
    ).fetchall()
    texts = [
        superuser.execute(f"SELECT string_agg(t::text, '|') FROM \"{name}\" t".encode()).fetchone()
        for (name,) in names
    ]
    return "|".join(str(row[0]) for row in texts if row)


def test_the_role_that_serves_pages_cannot_read_the_hash(scene: Scene) -> None:
    fed(scene.cast)
    with (
        connection.cursor() as cursor,
        pytest.raises(Exception, match="permission denied for table diary_calendarfeed"),
    ):
        cursor.execute("SELECT secret_hash FROM diary_calendarfeed")


def test_there_are_limits_for_each(scene: Scene) -> None:
    limits = settings.ACCOUNT_RATE_LIMITS

    assert {"calendar_feed", "calendar_feed_by_address", "calendar_feed_unknown"} <= set(limits)
