"""Somebody is taken off, and the touchpoint is changed at once: what they hear is true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.outbox.ledger import Ledger
from organisations.tenancy.scope import acting
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import (
    add_paper,
    cancel_touchpoint,
    invite_people,
    move_touchpoint,
    take_off,
)
from tests.touchpoints.attending import attendee, somebody
from tests.touchpoints.scene import DAY, Scene, deliveries, mark, plan, schedule

NURSE = "nurse@health.example"
Then = Callable[[Scene, Touchpoint], None]


def call(scene: Scene, service: Callable[..., Any], **given: Any) -> None:
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        service(by=by, **given)


def moved(scene: Scene, touchpoint: Touchpoint, **more: Any) -> None:
    call(scene, move_touchpoint, touchpoint=touchpoint, **plan(time=time(9, 0), **more))


def cancelled(scene: Scene, touchpoint: Touchpoint) -> None:
    call(scene, cancel_touchpoint, touchpoint=touchpoint)


def moved_and_cancelled(scene: Scene, touchpoint: Touchpoint) -> None:
    moved(scene, touchpoint, venue="Elsewhere")
    cancelled(scene, touchpoint)


def with_a_nurse(scene: Scene) -> Touchpoint:
    touchpoint = schedule(scene)
    nurse = somebody(scene, "school_editor", NURSE, at="health")
    call(scene, invite_people, touchpoint=touchpoint, postings=[nurse])
    return touchpoint


def off(scene: Scene, touchpoint: Touchpoint) -> None:
    call(scene, take_off, attendee=attendee(scene, touchpoint, NURSE))


def would_go(scene: Scene) -> list[tuple[Delivery, EmailMessage]]:
    """What waits for the nurse and would go out now."""
    waiting = deliveries(scene, recipient=NURSE, state="pending")
    found = [(each, compose(each)) for each in waiting]
    return [(each, message) for each, message in found if isinstance(message, EmailMessage)]


@pytest.mark.parametrize("then", [moved, cancelled, moved_and_cancelled])
def test_who_was_told_to_come_hears_that_they_need_not_as_they_were_told(
    scene: Scene, superuser: Any, then: Then
) -> None:
    touchpoint = with_a_nurse(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    call(scene, add_paper, touchpoint=touchpoint, title="Figures", url="https://p.example/a")
    off(scene, touchpoint)
    then(scene, touchpoint)

    ((delivery, message),) = would_go(scene)
    assert delivery.kind == "touchpoint_taken_off"
    assert message.subject.endswith("Thursday 14 January 2027 at 3:30pm")
    assert ("It takes place without you" in message.body) is (then is moved)
    whole = str(message.message())
    assert "DTSTART:20270114T153000Z" in whole.replace("=\n", "")
    for private in ("Rooms", "Elsewhere", "Goldsmith", "p.example"):
        assert private not in whole


@pytest.mark.parametrize("then", [moved, cancelled, moved_and_cancelled])
def test_who_had_not_been_told_hears_nothing(scene: Scene, then: Then) -> None:
    touchpoint = with_a_nurse(scene)
    off(scene, touchpoint)
    then(scene, touchpoint)

    assert would_go(scene) == []


def test_it_names_the_time_that_they_were_told_though_it_was_moved_before(
    scene: Scene, superuser: Any
) -> None:
    touchpoint = with_a_nurse(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    moved(scene, touchpoint)
    moved(scene, touchpoint, date=DAY + timedelta(days=1))
    off(scene, touchpoint)

    ((_, message),) = would_go(scene)
    assert message.subject.endswith("Thursday 14 January 2027 at 3:30pm")


def test_who_is_invited_again_after_a_move_hears_of_that_alone(
    scene: Scene, superuser: Any
) -> None:
    touchpoint = with_a_nurse(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    off(scene, touchpoint)
    moved(scene, touchpoint)
    nurse = scene.postings[NURSE]
    call(scene, invite_people, touchpoint=touchpoint, postings=[nurse])

    kinds = [each.kind for each, _ in would_go(scene)]
    assert sorted(kinds) == ["touchpoint_invitation", "touchpoint_reminder"]
    off(scene, touchpoint)
    assert [each.kind for each, _ in would_go(scene)] == ["touchpoint_taken_off"]


def test_who_knows_that_they_need_not_come_is_not_told_twice(scene: Scene, superuser: Any) -> None:
    touchpoint = with_a_nurse(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    off(scene, touchpoint)
    mark(superuser, "sent", kind="touchpoint_taken_off")
    call(scene, invite_people, touchpoint=touchpoint, postings=[scene.postings[NURSE]])
    off(scene, touchpoint)

    assert would_go(scene) == []


def test_what_says_that_it_takes_place_is_not_begun_once_it_is_cancelled(
    scene: Scene, superuser: Any
) -> None:
    touchpoint = with_a_nurse(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    off(scene, touchpoint)
    ledger = Ledger("a-worker", 600)
    (held,) = [each for each in ledger.claim(50) if each.kind == "touchpoint_taken_off"]
    assert not isinstance(compose(held), NotNeeded)
    cancelled(scene, touchpoint)

    assert not ledger.begin(held)
    ((again, _),) = would_go(scene)
    assert again.pk == held.pk


def test_it_says_nothing_once_the_time_they_knew_is_past(
    scene: Scene, superuser: Any, clock: Any
) -> None:
    touchpoint = with_a_nurse(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    off(scene, touchpoint)
    moved(scene, touchpoint, date=DAY + timedelta(days=7))
    clock.move_to(touchpoint.starts_at)

    assert would_go(scene) == []
