"""The summary: who gets one and when, what is in it, and that it is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from organisations import outbox
from organisations.models import Choice, Delivery
from organisations.outbox import Kind, NotNeeded, engine, groups, kinds
from organisations.outbox.preferences import services
from organisations.tenancy.scope import NOBODY, acting
from overview.digest import asking
from overview.digest.asking import Round, ask_digests, rounds_of
from tests.cast import Cast
from tests.outbox.post_office import PostOffice
from tests.photographs import Photographs
from tests.touchpoints.scene import Scene, arrange, schedule

Super = psycopg.Connection[Any]


@pytest.fixture
def post_office(settings: Any) -> Any:
    office = PostOffice()
    office.open()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    yield office
    office.close()


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`ask()`: a round that is due this minute, whatever day it is."""
    due = timezone.now() - timedelta(minutes=1)

    def ask_now(often: Choice = Choice.WEEKLY, since: timedelta = timedelta(days=7)) -> int:
        found = [Round(often, "w2027-03", due - since, due + timedelta(minutes=5))]
        monkeypatch.setattr(asking, "rounds_of", lambda now: found)
        return ask_digests()

    return ask_now


def due_now(superuser: Super, *, only: str = "digest") -> None:
    superuser.execute(
        "UPDATE organisations_delivery SET due_at = now() - interval '1 second' WHERE kind = %s",
        [only],
    )


def nothing_else(superuser: Super) -> None:
    superuser.execute("UPDATE organisations_delivery SET due_at = now() + interval '9 days'")


def arrived(office: PostOffice) -> dict[str, str]:
    return {
        to.lower(): str(message.get_body(("plain",)).get_content())
        for to, message in office.arrived
    }


@pytest.mark.parametrize(
    ("now", "keys"),
    [
        ("2027-01-11T07:29:59", []),
        ("2027-01-11T07:30:00", ["w2027-02", "d2027-01-11"]),
        ("2027-01-12T07:29:59", ["w2027-02"]),
        ("2027-01-12T07:30:00", ["d2027-01-12"]),
        ("2027-01-16T09:00:00", []),
        # British Summer Time: 7:30 in London is 6:30 by UTC.
        ("2027-03-29T06:29:59", []),
        ("2027-03-29T06:30:00", ["w2027-13", "d2027-03-29"]),
        ("2027-11-01T07:30:00", ["w2027-44", "d2027-11-01"]),
    ],
)
def test_a_round_is_due_by_london_clocks(now: str, keys: list[str]) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert [each.key for each in rounds_of(moment)] == keys


def test_rounds_leave_no_gap_between_them() -> None:
    start = datetime(2027, 3, 1, 12, tzinfo=UTC)
    found = [each for day in range(60) for each in rounds_of(start + timedelta(days=day))]
    for often in (Choice.WEEKLY, Choice.DAILY):
        rounds = [each for each in found if each.often == often]
        assert len(rounds) > 5
        assert all(b.since == a.due for a, b in pairwise(rounds))


def test_everybody_who_belongs_is_asked_for_once(
    cast: Cast, ask: Callable[..., int], superuser: Super
) -> None:
    number = ask()

    assert number > 3
    assert ask() == 0
    rows = superuser.execute(
        "SELECT lower(recipient), organisation_id FROM organisations_delivery WHERE kind = 'digest'"
    ).fetchall()
    assert len(rows) == number == len({to for to, _ in rows})
    assert cast.users["school_editor"].email.lower() in {to for to, _ in rows}
    assert cast.users["nobody"].email.lower() not in {to for to, _ in rows}
    assert {organisation for _, organisation in rows} == {None}


def test_how_often_is_what_the_person_chose(
    cast: Cast, ask: Callable[..., int], superuser: Super
) -> None:
    for part, choice in (("school_editor", "daily"), ("school_viewer", "never")):
        actor = cast.actors[part]
        with acting(actor.scope), transaction.atomic():
            services.choose(by=actor, choices={groups.DIGEST: choice})

    def asked() -> set[str]:
        rows = superuser.execute("SELECT lower(recipient) FROM organisations_delivery").fetchall()
        return {to for (to,) in rows}

    weekly = ask()
    mine = {cast.users[part].email.lower() for part in ("school_editor", "school_viewer")}
    assert weekly == len(asked())
    assert not mine & asked()
    assert ask(Choice.DAILY) == 1


def test_it_says_what_needs_its_reader_and_nothing_of_others(
    scene: Scene, ask: Callable[..., int], superuser: Super, post_office: PostOffice
) -> None:
    touchpoint = schedule(scene, date=today() + timedelta(days=3))
    nothing_else(superuser)
    ask()
    due_now(superuser)
    engine.drain()

    told = arrived(post_office)
    cast = scene.cast
    ours = told[cast.users["school_editor"].email.lower()]
    assert scene.partnership.name in ours
    assert f"/touchpoints/{touchpoint.ref}/" in ours
    assert "In the next two weeks" in ours
    assert cast.organisation("school").name in ours
    for text in (told.get(cast.users[part].email.lower(), "") for part in ("stranger", "operator")):
        assert scene.partnership.name not in text


def test_an_empty_one_is_not_sent(
    cast: Cast, ask: Callable[..., int], superuser: Super, post_office: PostOffice
) -> None:
    number = ask()
    due_now(superuser)

    assert engine.drain()["cancelled"] == number
    assert post_office.arrived == []
    reasons = superuser.execute("SELECT DISTINCT reason FROM organisations_delivery").fetchall()
    assert reasons == [("There was nothing to tell.",)]


def test_one_that_is_a_day_late_is_dropped(
    scene: Scene, ask: Callable[..., int], superuser: Super, post_office: PostOffice
) -> None:
    schedule(scene, date=today() + timedelta(days=3))
    nothing_else(superuser)
    ask()
    due_now(superuser)
    superuser.execute(
        "UPDATE organisations_delivery SET payload = payload || jsonb_build_object('due', "
        "now() - interval '25 hours') WHERE kind = 'digest'"
    )
    engine.drain()

    assert post_office.arrived == []


def test_news_that_was_held_is_told_once_and_only_while_it_holds(
    cast: Cast,
    ask: Callable[..., int],
    superuser: Super,
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.core.mail import EmailMessage

    over: list[str] = []

    def compose(delivery: Delivery) -> EmailMessage | NotNeeded:
        if delivery.subject in over:
            return NotNeeded("It is over.")
        words = f"News of {delivery.subject}, {delivery.payload['said']}"
        text = "See http://localhost:8000/r/p-x/ for it"
        return EmailMessage(words, text, to=[delivery.recipient])

    monkeypatch.setitem(kinds._kinds, "note", Kind("note", "A note", compose, group=groups.NEWS))
    reader, by = cast.users["health_editor"], cast.school_editor
    with acting(cast.health_editor.scope), transaction.atomic():
        services.choose(by=cast.health_editor, choices={groups.NEWS: "digest"})
    with acting(by.scope), transaction.atomic():
        for subject in ("this", "that"):
            outbox.enqueue(
                kind="note",
                subject=subject,
                recipient=reader.email,
                by=by,
                payload={"said": "well"},
            )
    engine.drain()
    assert post_office.arrived == []
    over.append("that")
    ask()
    due_now(superuser)
    engine.drain()

    text = arrived(post_office)[reader.email.lower()]
    assert "- News of this, well\n  http://localhost:8000/r/p-x/" in text.replace("\r\n", "\n")
    assert "News of that" not in text
    assert list(arrived(post_office)) == [reader.email.lower()]


def test_nobody_but_the_worker_learns_whose_summary_it_is(
    cast: Cast, ask: Callable[..., int], superuser: Super
) -> None:
    from django.db import connection

    ask()
    (pk,) = superuser.execute("SELECT min(id) FROM organisations_delivery").fetchone() or (0,)

    def readers(scope: Any) -> int:
        with acting(scope), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM tandem.readers_of_digest(%s)", [pk])
            return int(cursor.fetchone()[0])

    assert readers(NOBODY) == 0
    superuser.execute(
        "UPDATE organisations_delivery SET state = 'taken', claimed_by = 'w', "
        "lease_until = now() + interval '1 minute'"
    )
    assert readers(NOBODY) > 0
    assert readers(cast.school_editor.scope) == 0
