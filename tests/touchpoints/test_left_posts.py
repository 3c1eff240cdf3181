"""Somebody invited whose post has ended: no e-mail reaches them, and nobody waits for them."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.db import transaction
from django.utils import timezone

from calendars.london import at_wall_clock
from contacts.models import Posting
from organisations.tenancy.scope import acting
from partnerships.touchpoints.attendees import reachable, sides_without_anybody
from partnerships.touchpoints.attending_selectors import Turnout, comers_of, turnouts
from partnerships.touchpoints.models import Answer, Attendee, Touchpoint
from partnerships.touchpoints.services import answer, invite_people
from tests.touchpoints.attending import attendee, somebody
from tests.touchpoints.pages import address, words
from tests.touchpoints.scene import CLOCK, DAY, HEALTH, Scene, schedule

NURSE = "nurse@health.example"


def with_a_nurse(scene: Scene) -> Touchpoint:
    """A touchpoint with the contacts of three organisations and, for health, one person besides."""
    touchpoint = schedule(scene)
    nurse = somebody(scene, "health_editor", NURSE)
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        invite_people(by=by, touchpoint=touchpoint, postings=[nurse])
    return touchpoint


def leaves(scene: Scene, *, days_ago: int = 1) -> None:
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        last_day = timezone.localdate() - timedelta(days=days_ago)
        changed = Posting.objects.filter(pk=scene.postings[NURSE].pk).update(ended_on=last_day)
    assert changed == 1


def declines(scene: Scene, touchpoint: Touchpoint) -> None:
    row = attendee(scene, touchpoint, HEALTH, "health_editor")
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        answer(by=by, attendee=row, answer=Answer.DECLINED)


def turnout(scene: Scene, touchpoint: Touchpoint) -> Turnout:
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        return turnouts(by, [touchpoint.ref])[touchpoint.ref]


def test_who_has_left_their_post_is_shown_as_such_and_not_waited_for(scene: Scene) -> None:
    touchpoint = with_a_nurse(scene)
    assert turnout(scene, touchpoint) == Turnout(none=4)
    leaves(scene)

    assert turnout(scene, touchpoint) == Turnout(none=3)
    for part in ("school_editor", "health_editor"):
        page = address(scene, "touchpoint", part, touchpoint=touchpoint.ref)
        said = words(scene.cast.client(part).get(page))
        assert "3 have not answered" in said
        assert "Has left" in said
        assert "Their post has ended. Emails no longer go to them" in said


def test_a_side_has_nobody_when_its_last_person_has_left(scene: Scene) -> None:
    touchpoint = with_a_nurse(scene)
    declines(scene, touchpoint)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        assert sides_without_anybody(touchpoint) == set()
    leaves(scene)

    with acting(by.scope), transaction.atomic():
        assert sides_without_anybody(touchpoint) == {scene.cast.organisation("health").pk}
    page = address(scene, "touchpoint", "school_editor", touchpoint=touchpoint.ref)
    said = words(scene.cast.client("school_editor").get(page))
    assert f"Nobody of {scene.cast.organisation('health').name} is coming" in said


def test_who_left_after_a_touchpoint_was_there(scene: Scene, clock: time_machine.Traveller) -> None:
    touchpoint = with_a_nurse(scene)
    clock.move_to(at_wall_clock(DAY, CLOCK) + timedelta(days=30))
    leaves(scene)

    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        assert [comer.has_left for comer in comers_of(by, touchpoint)] == [False] * 4
        # E-mails go by today: they reach nobody who has left by now.
        assert scene.postings[NURSE].pk not in {row.posting_id for row in reachable(touchpoint)}
        assert Attendee.objects.filter(touchpoint=touchpoint, removed_at=None).count() == 4
