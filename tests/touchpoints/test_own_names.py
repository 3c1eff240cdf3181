"""Raw SQL in an honest scope: nobody answers, proposes or records in somebody else's name."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from contacts.models import WorkDetails
from organisations.tenancy.scope import Scope, acting
from partnerships.record.models import Member, MemberState
from partnerships.touchpoints.models import Attendee, Proposal, Touchpoint
from partnerships.touchpoints.services import (
    answer_by_link,
    invite_people,
    move_touchpoint,
    record_outcome,
)
from tests.record.test_at_once import Beside
from tests.touchpoints.attending import attendee, invited, somebody
from tests.touchpoints.scene import COUNCIL_DEPUTY, HEALTH, Scene, gone_by, plan, schedule


def as_part(scene: Scene, part: str) -> Scope:
    return scene.cast.actors[part].scope


@pytest.mark.parametrize("way", ["link", "calendar", "proposal"])
def test_whoever_organises_it_answers_for_nobody_else(scene: Scene, way: str) -> None:
    touchpoint = schedule(scene)
    row = attendee(scene, touchpoint, HEALTH)
    forged = {"answer": "accepted", "answered_at": timezone.now(), "answered_way": way}
    rows = Attendee.objects.filter(pk=row.pk)
    scope = as_part(scene, "school_editor")
    with pytest.raises(DatabaseError, match="for oneself"), acting(scope), transaction.atomic():
        rows.update(answered_revision=0, **forged)


def test_a_fellow_member_does_not_write_what_somebody_had_said(scene: Scene) -> None:
    touchpoint = schedule(scene)
    rows = Attendee.objects.filter(touchpoint=touchpoint, follows_contact=True)
    others = rows.exclude(organisation=scene.cast.organisation("health"))
    scope = as_part(scene, "health_editor")
    refused = pytest.raises(DatabaseError, match="organisation to say")
    with refused, acting(scope), transaction.atomic():
        others.update(said_before="declined")


def test_whoever_organises_it_proposes_for_nobody_else(scene: Scene) -> None:
    touchpoint = schedule(scene)
    scope = as_part(scene, "school_editor")
    refused = pytest.raises(DatabaseError, match="row-level security")
    with refused, acting(scope), transaction.atomic():
        Proposal.objects.create(
            touchpoint=touchpoint,
            partnership=scene.partnership,
            organisation=scene.cast.organisation("health"),
            posting=scene.postings[HEALTH],
            starts_at=touchpoint.starts_at,
            minutes=45,
        )


@pytest.mark.parametrize("forge", ["colleague", "contact"])
def test_an_outcome_is_not_said_of_somebody_else(scene: Scene, forge: str) -> None:
    touchpoint = gone_by(scene)
    by = scene.cast.health_editor
    name = (
        {"outcome_by_id": scene.cast.users["school_manager"].pk}
        if forge == "colleague"
        else {"outcome_by_id": by.user_id, "outcome_posting": scene.postings[HEALTH]}
    )
    with pytest.raises(DatabaseError, match="own name"), acting(by.scope), transaction.atomic():
        Touchpoint.objects.filter(pk=touchpoint.pk).update(
            state="missed",
            outcome_at=timezone.now(),
            outcome_organisation_id=by.organisation_id,
            **name,
        )


@pytest.mark.parametrize("state", ["held", "moved", "missed"])
@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_nobody_says_what_became_of_what_is_still_to_come(
    scene: Scene, part: str, state: str
) -> None:
    touchpoint = schedule(scene)
    by = scene.cast.actors[part]
    refused = pytest.raises(IntegrityError, match="outcome_after_its_beginning")
    with refused, acting(by.scope), transaction.atomic():
        Touchpoint.objects.filter(pk=touchpoint.pk).update(
            state=state,
            outcome_at=timezone.now(),
            outcome_by_id=by.user_id,
            outcome_organisation_id=by.organisation_id,
        )


def test_notes_belong_to_an_outcome(scene: Scene) -> None:
    touchpoint = schedule(scene)
    scope = as_part(scene, "health_editor")
    refused = pytest.raises(IntegrityError, match="notes_of_an_outcome")
    with refused, acting(scope), transaction.atomic():
        Touchpoint.objects.filter(pk=touchpoint.pk).update(outcome_notes="It was held.")


def test_whose_organisation_left_the_partnership_is_not_shown_any_more(scene: Scene) -> None:
    colleague = somebody(scene, "health_editor", "colleague@health.example")
    touchpoint = schedule(scene)
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        invite_people(by=by, touchpoint=touchpoint, postings=[colleague])
    assert school_sees(scene, colleague.pk)

    with acting(by.scope), transaction.atomic():
        mine = Member.objects.get(partnership=scene.partnership, organisation_id=by.organisation_id)
        mine.state = MemberState.LEFT
        mine.save(update_fields=["state"])
    assert not school_sees(scene, colleague.pk)


def school_sees(scene: Scene, posting: int) -> bool:
    with acting(as_part(scene, "school_editor")), transaction.atomic():
        return WorkDetails.objects.filter(posting=posting).exists()


@pytest.mark.usefixtures("clock")
def test_an_answer_given_while_the_time_changes_is_taken_back(
    scene: Scene, superuser: psycopg.Connection[Any]
) -> None:
    touchpoint = schedule(scene)
    by = scene.cast.school_editor

    def move() -> None:
        with acting(by.scope), transaction.atomic():
            move_touchpoint(by=by, touchpoint=touchpoint, **plan(minutes=60))

    with transaction.atomic():
        answer_by_link(
            touchpoint=touchpoint,
            posting_id=scene.postings[COUNCIL_DEPUTY].pk,
            answer="accepted",
            seen_revision=0,
        )
        moving = Beside(move)
        moving.wait_until_blocked(superuser)
    moving.ends_well()

    assert invited(scene, touchpoint)[COUNCIL_DEPUTY] == "none"


def test_two_who_record_an_outcome_at_once_are_told_which_came_first(
    scene: Scene, superuser: psycopg.Connection[Any]
) -> None:
    touchpoint = gone_by(scene)
    school, health = scene.cast.school_editor, scene.cast.health_editor

    def record() -> None:
        with acting(health.scope), transaction.atomic():
            record_outcome(by=health, touchpoint=touchpoint, outcome="missed")

    with acting(school.scope), transaction.atomic():
        record_outcome(by=school, touchpoint=touchpoint, outcome="held")
        recording = Beside(record)
        recording.wait_until_blocked(superuser)
    (refusal,) = recording.ends_badly()
    assert isinstance(refusal, ValidationError)
    assert "Windsor Academy Trust has already recorded" in refusal.messages[0]
