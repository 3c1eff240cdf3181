"""Logging, changing and withdrawing: who may, what is refused, what stays in the record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from calendars.london import today
from organisations.actor import Actor
from organisations.guard_rail.refusal import IdentifierRefused
from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.conversations import selectors
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import (
    ChangedMeanwhile,
    change_conversation,
    log_conversation,
    withdraw_conversation,
)
from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.scene import Scene, arrange

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


def said(**more: Any) -> dict[str, Any]:
    return {
        "kind": "meeting",
        "held_on": date(2026, 11, 2),
        "summary": "We agreed on Tuesdays.",
        "internal": False,
        **more,
    }


def log(scene: Scene, part: str = "school_editor", **more: Any) -> Conversation:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return log_conversation(by=by, partnership=scene.partnership, **said(**more))


def summaries(scene: Scene, part: str) -> set[str]:
    """What one of the cast finds in the table itself, by SQL with no WHERE."""
    with (
        acting(scene.cast.actors[part].scope),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT summary FROM conversations_conversation")
        return {row[0] for row in cursor.fetchall()}


def test_what_is_shared_is_seen_by_members_alone(scene: Scene) -> None:
    log(scene)

    for part in ("school_viewer", "school_editor", "health_manager"):
        assert summaries(scene, part) == {"We agreed on Tuesdays."}
    for part in ("council_editor", "stranger", "nobody", "operator"):
        assert summaries(scene, part) == set()


@pytest.mark.parametrize(
    ("author", "other"), [("school_editor", "health_manager"), ("health_editor", "school_manager")]
)
def test_an_internal_note_is_seen_by_its_own_side_alone(
    scene: Scene, as_actor: Enter, author: str, other: str
) -> None:
    note = log(scene, author, internal=True, summary="Between us")

    assert summaries(scene, author) == {"Between us"}
    assert summaries(scene, other) == set()
    with as_actor(scene.cast.actors[other]) as by:
        assert selectors.recent(by, scene.partnership) == []
        assert selectors.all_of(by, scene.partnership).paginator.count == 0
        events = list(AuditEvent.objects.filter(object_id=note.pk, action="conversation logged"))
    assert events == []


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"summary": ""}, "summary", "Enter what was said"),
        ({"summary": " \n\t "}, "summary", "Enter what was said"),
        ({"summary": "\u200b\u00a0\u2060"}, "summary", "Enter what was said"),
        ({"summary": "x" * 4001}, "summary", "4,000 characters or fewer"),
        ({"held_on": date(1999, 12, 31)}, "held_on", "2000 or later"),
        ({"held_on": None}, "held_on", "schedule a touchpoint"),
        ({"kind": "séance"}, "kind", "Choose how you spoke"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing_behind(
    scene: Scene, more: dict[str, Any], field: str, words: str
) -> None:
    if more.get("held_on", ...) is None:
        more = {"held_on": today() + timedelta(days=1)}
    with pytest.raises(ValidationError) as refused:
        log(scene, **more)

    assert list(refused.value.message_dict) == [field]
    assert words in refused.value.message_dict[field][0]
    assert summaries(scene, "school_editor") == set()


def test_today_is_londons_today(scene: Scene) -> None:
    """At half past midnight in summer London, it is still yesterday in UTC."""
    with time_machine.travel(datetime(2027, 6, 9, 23, 30, tzinfo=UTC), tick=False):
        assert log(scene, held_on=date(2027, 6, 10)).held_on == date(2027, 6, 10)


def test_a_patients_number_is_refused_before_anything_is_stored(scene: Scene) -> None:
    with pytest.raises(IdentifierRefused):
        log(scene, summary="About 943 476 5919")

    assert summaries(scene, "school_editor") == set()


@pytest.mark.parametrize("part", ["school_viewer", "stranger", "council_editor", "operator"])
def test_only_a_members_editors_log(scene: Scene, part: str) -> None:
    with pytest.raises(PermissionDenied):
        log(scene, part)


def test_the_record_says_who_but_never_what(scene: Scene, as_actor: Enter) -> None:
    logged = log(scene, summary="A secret plan")
    with as_actor(scene.cast.school_editor) as by:
        change_conversation(
            by=by, conversation=logged, based_on=None, **said(summary="Another secret plan")
        )
        events = list(AuditEvent.objects.filter(object_id=logged.pk).order_by("at"))

    assert [e.action for e in events if "conversation" in e.action] == [
        "conversation logged",
        "conversation changed",
    ]
    assert not any("secret" in str(event.changes) for event in events)


@pytest.mark.parametrize("internal", [True, False])
def test_who_sees_it_changes_with_it(scene: Scene, as_actor: Enter, internal: bool) -> None:
    logged = log(scene, internal=internal)
    with as_actor(scene.cast.school_manager) as by:
        change_conversation(
            by=by, conversation=logged, based_on=None, **said(internal=not internal)
        )

    seen = summaries(scene, "health_editor")
    assert seen == ({"We agreed on Tuesdays."} if internal else set())
    assert summaries(scene, "school_viewer") == {"We agreed on Tuesdays."}


def test_two_who_change_it_at_once_do_not_overwrite_each_other(
    scene: Scene, as_actor: Enter
) -> None:
    logged = log(scene)
    with as_actor(scene.cast.school_editor) as by:
        first = change_conversation(
            by=by, conversation=logged, based_on=None, **said(summary="First")
        )
    with pytest.raises(ChangedMeanwhile) as refused, as_actor(scene.cast.school_manager) as by:
        change_conversation(by=by, conversation=logged, based_on=None, **said(summary="Second"))
    assert refused.value.current.summary == "First"
    with as_actor(scene.cast.school_manager) as by:
        change_conversation(
            by=by, conversation=logged, based_on=first.changed_at, **said(summary="Both")
        )

    assert summaries(scene, "health_editor") == {"Both"}


def test_a_change_of_nothing_is_no_change(scene: Scene, as_actor: Enter) -> None:
    logged = log(scene)
    with as_actor(scene.cast.school_editor) as by:
        same = change_conversation(by=by, conversation=logged, based_on=None, **said())

    assert same.changed_at is None


def test_a_withdrawn_one_stays_without_its_text(scene: Scene, as_actor: Enter) -> None:
    logged = log(scene)
    with as_actor(scene.cast.school_manager) as by:
        withdraw_conversation(by=by, conversation=logged)
    with as_actor(scene.cast.health_editor) as by:
        (entry,) = selectors.recent(by, scene.partnership)

    assert (entry.said, entry.withdrawn_by, entry.may_change) == ("", "School manager", False)
    assert entry.withdrawn_at is not None
    for change in (
        lambda by: withdraw_conversation(by=by, conversation=logged),
        lambda by: change_conversation(by=by, conversation=logged, based_on=None, **said()),
    ):
        with (
            pytest.raises(ValidationError, match="has been withdrawn"),
            as_actor(scene.cast.school_editor) as by,
        ):
            change(by)


@pytest.mark.parametrize("part", ["health_manager", "school_viewer", "stranger"])
def test_only_the_authors_organisation_changes_and_withdraws(
    scene: Scene, as_actor: Enter, part: str
) -> None:
    logged = log(scene)
    by = scene.cast.actors[part]
    with pytest.raises(PermissionDenied), as_actor(by):
        change_conversation(by=by, conversation=logged, based_on=None, **said(summary="Mine"))
    with pytest.raises(PermissionDenied), as_actor(by):
        withdraw_conversation(by=by, conversation=logged)


def test_the_latest_come_first_and_as_many_as_asked(scene: Scene, as_actor: Enter) -> None:
    for day in (3, 1, 2):
        log(scene, held_on=date(2026, 11, day), summary=f"On the {day}")
    log(scene, held_on=date(2026, 11, 2), summary="On the 2, later")
    with as_actor(scene.cast.health_editor) as by:
        recent = selectors.recent(by, scene.partnership, limit=3)

    assert [entry.said for entry in recent] == ["On the 3", "On the 2, later", "On the 2"]
    assert not any(entry.may_change for entry in recent)
    assert recent[0].by_words == "School editor, Windsor Academy Trust"
