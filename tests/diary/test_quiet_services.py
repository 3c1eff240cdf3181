"""Proposing, answering and withdrawing quiet periods: who may, what is refused, what is sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from organisations.actor import Actor
from organisations.joining import leaving
from organisations.models import AuditEvent, Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.people import handover
from organisations.people.handover import Successor
from organisations.tenancy.scope import acting
from partnerships.diary.agreement import Course
from partnerships.diary.models import QuietAnswer, QuietPeriod
from partnerships.diary.services import (
    answer_quiet_period,
    propose_quiet_period,
    withdraw_quiet_period,
)
from partnerships.record.models import Member, MemberState
from tests.diary.arranging import FIRST, LAST, answered, proposed, standing
from tests.tenancy.world import accept, leave
from tests.touchpoints.scene import COUNCIL_DEPUTY, HEALTH, NOW, Scene, deliveries, mark

Enter = Callable[[Actor], AbstractContextManager[Actor]]
PROPOSER = "school-editor@tandem.example"


def mailed(delivery: Delivery) -> str:
    message = compose(delivery)
    assert isinstance(message, EmailMessage), message
    return " ".join(f"{message.subject} {message.body}".split())


def not_needed(delivery: Delivery) -> str:
    message = compose(delivery)
    assert isinstance(message, NotNeeded)
    return message.reason


def withdrawn(scene: Scene, period: QuietPeriod, part: str = "school_editor") -> None:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        withdraw_quiet_period(by=by, period=QuietPeriod.objects.get(pk=period.pk))


def council_joins(scene: Scene, by: str = "council_editor") -> None:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        council = Member.objects.filter(organisation=scene.cast.organisation("council"))
        council.update(state=MemberState.INVITED)
    with acting(scene.cast.actors[by].scope), transaction.atomic():
        accept(
            Member.objects.get(organisation=scene.cast.organisation("council")),
            by=scene.cast.actors[by],
        )


def test_it_holds_once_every_member_has_agreed_and_the_last_word_counts(scene: Scene) -> None:
    period = proposed(scene)
    assert standing(scene, period).course == Course.WAITS
    assert answered(scene, period, True).holds
    assert answered(scene, period, False).course == Course.DECLINED
    assert answered(scene, period, True).holds
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        said = AuditEvent.objects.filter(object_table="diary_quietperiod", object_id=period.pk)
        actions = list(said.order_by("id").values_list("action", flat=True))
    assert actions == [
        "quiet period proposed",
        "quiet period agreed",
        "quiet period declined",
        "quiet period agreed",
    ]


def test_who_joins_later_finds_it_agreed_and_is_not_asked(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    period = proposed(scene)
    answered(scene, period, True)
    clock.shift(timedelta(hours=1))
    council_joins(scene)
    assert standing(scene, period, "council_editor").holds
    with pytest.raises(ValidationError, match="joined after"):
        answered(scene, period, False, "council_editor")
    # What is proposed from then on waits for the newcomer too.
    clock.shift(timedelta(hours=1))
    later = proposed(scene, starts_on=date(2027, 4, 19), ends_on=date(2027, 4, 19))
    answered(scene, later, True)
    assert standing(scene, later).course == Course.WAITS


def test_who_leaves_is_waited_for_no_more(scene: Scene) -> None:
    period = proposed(scene)
    health = scene.cast.health_editor
    with acting(health.scope), transaction.atomic():
        leave(Member.objects.get(organisation_id=health.organisation_id), by=health)
    assert standing(scene, period).holds


def test_without_another_member_it_holds_at_once_and_the_partner_is_told(scene: Scene) -> None:
    health = scene.cast.health_editor
    with acting(health.scope), transaction.atomic():
        leave(Member.objects.get(organisation_id=health.organisation_id), by=health)
    period = proposed(scene)
    assert standing(scene, period).holds
    told = deliveries(scene, kind="quiet_period_proposed")
    assert [each.recipient for each in told] == [COUNCIL_DEPUTY]
    assert "You need not do anything" in mailed(told[0])


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends_on": FIRST - timedelta(days=1)}, "ends_on", "the first day or later"),
        ({"starts_on": date(2027, 1, 3)}, "starts_on", "today or later"),
        ({"ends_on": FIRST + timedelta(weeks=12)}, "ends_on", "end it by 23 May 2027"),
        (
            {"starts_on": date(2030, 6, 3), "ends_on": date(2030, 6, 3)},
            "starts_on",
            "within the next 3 years",
        ),
        ({"reason": "  "}, "reason", "Say why"),
        ({"reason": "\u200b\u202e "}, "reason", "Say why"),
        ({"reason": "x" * 201}, "reason", "200 characters"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    scene: Scene, changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        proposed(scene, **changes)
    assert set(refusal.value.error_dict) == {field}
    assert words in refusal.value.message_dict[field][0]


def test_one_day_and_twelve_weeks_to_the_day_are_taken(scene: Scene) -> None:
    one_day = proposed(scene, starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 4))
    longest = proposed(scene, ends_on=FIRST + timedelta(weeks=12) - timedelta(days=1))
    lengths = [(each.ends_on - each.starts_on).days + 1 for each in (one_day, longest)]
    assert lengths == [1, 84]


def test_two_that_stand_share_no_day(scene: Scene) -> None:
    period = proposed(scene)
    with pytest.raises(ValidationError, match="Mock exams, 1 March 2027 to 12 March 2027"):
        proposed(scene, "health_editor", starts_on=LAST, ends_on=date(2027, 4, 2))
    proposed(scene, "health_editor", starts_on=date(2027, 3, 13), ends_on=date(2027, 3, 19))
    # A declined one stands in nobody's way, and cannot be agreed to over what came instead.
    answered(scene, period, False)
    proposed(scene, "health_editor", reason="Go-live")
    with pytest.raises(ValidationError, match="Go-live"):
        answered(scene, period, True)


def test_only_members_answer_and_not_for_themselves(scene: Scene, as_actor: Enter) -> None:
    period = proposed(scene)
    for part in ("school_editor", "school_manager"):
        with pytest.raises(PermissionDenied):
            answered(scene, period, True, part)
    for part in ("stranger", "council_editor"):
        with as_actor(scene.cast.actors[part]) as by:
            assert not QuietPeriod.objects.exists()
            with pytest.raises(PermissionDenied):
                answer_quiet_period(by=by, period=period, agreed=True)
    with as_actor(scene.cast.health_editor) as by, pytest.raises(PermissionDenied):
        withdraw_quiet_period(by=by, period=QuietPeriod.objects.get())


def test_a_viewer_and_a_closed_partnership_propose_none(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    given = {"starts_on": FIRST, "ends_on": LAST, "reason": "Mock exams"}
    with as_actor(scene.cast.school_viewer) as by, pytest.raises(PermissionDenied):
        propose_quiet_period(by=by, partnership=scene.partnership, **given)
    superuser.execute("UPDATE record_partnership SET closed_at = now()")
    scene.partnership.closed_at = timezone.now()
    with as_actor(scene.cast.school_editor) as by, pytest.raises(PermissionDenied):
        propose_quiet_period(by=by, partnership=scene.partnership, **given)


def test_what_is_over_or_withdrawn_stays_as_it_is(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    gone, over = (
        proposed(scene),
        proposed(scene, starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 5)),
    )
    withdrawn(scene, gone)
    with pytest.raises(PermissionDenied):
        answered(scene, gone, True)
    clock.move_to(NOW + timedelta(days=2))
    with pytest.raises(ValidationError, match="ended on 5 January 2027"):
        answered(scene, over, True)
    with pytest.raises(ValidationError, match="ended on 5 January 2027"):
        withdrawn(scene, over)


def test_the_database_lets_nobody_answer_for_another(scene: Scene) -> None:
    period = proposed(scene)
    for part, organisation in (("health_editor", "school"), ("school_editor", "school")):
        by = scene.cast.actors[part]
        with pytest.raises(DatabaseError), acting(by.scope), transaction.atomic():
            QuietAnswer.objects.create(
                period_id=period.pk,
                partnership=scene.partnership,
                organisation=scene.cast.organisation(organisation),
                agreed=True,
                answered_by_id=by.user_id,
            )


def test_the_database_lets_only_a_member_change_its_answer_and_only_while_it_stands(
    scene: Scene,
) -> None:
    """Without a condition: such an update is held by no policy for reading."""
    health = scene.cast.health_editor

    def changed() -> int:
        with acting(health.scope), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE diary_quietanswer SET agreed = false")
            return cursor.rowcount

    gone = proposed(scene)
    answered(scene, gone, True)
    assert changed() == 1
    withdrawn(scene, gone)
    assert changed() == 0
    answered(scene, proposed(scene), True)
    assert changed() == 1
    with acting(health.scope), transaction.atomic():
        leave(Member.objects.get(organisation_id=health.organisation_id), by=health)
    assert changed() == 0


def test_the_members_contacts_are_asked_and_the_proposer_hears_the_answer(scene: Scene) -> None:
    period = proposed(scene)
    asked = deliveries(scene, kind="quiet_period_proposed")
    assert {each.recipient for each in asked} == {HEALTH, COUNCIL_DEPUTY}
    to_health = next(each for each in asked if each.recipient == HEALTH)
    words = mailed(to_health)
    assert "proposes a quiet period: Monday 1 March 2027 to Friday 12 March 2027" in words
    assert "Mock exams" in words
    assert "whether your organisation agrees" in words
    assert "as the named contact of" in words
    # It needs no answer any more once it has one.
    answered(scene, period, True)
    assert "answered already" in not_needed(to_health)
    told = deliveries(scene, kind="quiet_period_answered")
    assert [each.recipient for each in told] == [PROPOSER]
    assert "agrees to a quiet period" in mailed(told[0])
    assert "Every member has agreed: it holds." in mailed(told[0])
    answered(scene, period, False)
    assert "answered differently" in not_needed(told[0])
    last = deliveries(scene, kind="quiet_period_answered")[-1]
    assert "does not agree" in mailed(last)


def test_withdrawing_tells_those_who_know_and_nobody_else(scene: Scene, superuser: Any) -> None:
    period = proposed(scene)
    mark(superuser, "sent", recipient=HEALTH)
    withdrawn(scene, period)
    told = deliveries(scene, kind="quiet_period_withdrawn")
    assert [each.recipient for each in told] == [HEALTH]
    assert "days like others again" in mailed(told[0])
    unsent = deliveries(scene, kind="quiet_period_proposed", recipient=COUNCIL_DEPUTY)
    assert [each.state for each in unsent] == ["cancelled"]
    assert standing(scene, period).course == Course.WITHDRAWN


def test_an_organisation_that_leaves_withdraws_what_it_proposed(
    scene: Scene, superuser: Any
) -> None:
    own, others = (
        proposed(scene, "health_editor"),
        proposed(scene, starts_on=date(2027, 4, 19), ends_on=date(2027, 4, 23)),
    )
    mark(superuser, "sent")
    by = scene.cast.health_manager
    with acting(by.scope), transaction.atomic():
        assert "1 quiet period that it proposed is withdrawn" in leaving.what_would_end(by)
        leaving.leave(by=by, name=scene.cast.organisation("health").name)
    assert standing(scene, own).course == Course.WITHDRAWN
    assert standing(scene, others).holds
    told = deliveries(scene, kind="quiet_period_withdrawn")
    assert {each.recipient for each in told} >= {COUNCIL_DEPUTY}
    assert "withdrawn a quiet period" in mailed(told[0])


def test_a_colleague_takes_over_and_hears_the_answers(scene: Scene) -> None:
    period = proposed(scene)
    editor, manager = scene.cast.users["school_editor"], scene.cast.school_manager
    with acting(manager.scope), transaction.atomic():
        left = handover.left_by(manager, editor)
        moved = handover.move_all(manager, editor, Successor(scene.cast.users["school_manager"]))
    assert [each.names for each in left if each.kind.name == "quiet_periods"] == [
        ("Health hub, from 1 March 2027",)
    ]
    assert moved["quiet_periods"] == 1
    answered(scene, period, True)
    told = deliveries(scene, kind="quiet_period_answered")
    assert [each.recipient for each in told] == ["school-manager@tandem.example"]


def test_nobody_hands_over_what_is_anothers_or_withdrawn(scene: Scene) -> None:
    period = proposed(scene)
    someone = scene.cast.users["school_viewer"].pk

    def hand_over(part: str) -> int:
        by = scene.cast.actors[part]
        with acting(by.scope), transaction.atomic():
            return QuietPeriod.objects.filter(pk=period.pk).update(author_id=someone)

    assert hand_over("health_manager") == 0
    withdrawn(scene, period)
    assert hand_over("school_manager") == 0
