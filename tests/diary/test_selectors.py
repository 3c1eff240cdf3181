"""The diary of a partnership: every member's calendar, quiet periods, and what is planned."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.models import OwnPeriod
from organisations.models import Organisation
from organisations.tenancy.scope import acting
from partnerships.diary.models import QuietAnswer, QuietPeriod
from partnerships.diary.selectors import clashes, clear_slots, diary_of
from partnerships.record.models import Member, MemberState
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.photographs import Photographs
from tests.tenancy.world import accept, leave
from tests.touchpoints.scene import NOW, arrange, schedule

FIRST, LAST = date(2027, 1, 5), date(2029, 1, 4)
DAY = date(2027, 3, 3)


@pytest.fixture
def scene(cast: Cast, photographs: Photographs):
    with time_machine.travel(NOW, tick=False):
        yield photographs.show(arrange, cast)


def acting_as(scene, part):
    return scene.cast.actors[part]


def diary(scene, part="school_editor", first=FIRST, last=LAST):
    by = acting_as(scene, part)
    with acting(by.scope), transaction.atomic():
        return diary_of(by, scene.partnership, first, last)


def propose(scene, part="school_editor", first=DAY, last=DAY + timedelta(days=6)):
    by = acting_as(scene, part)
    with (
        time_machine.travel(NOW + timedelta(days=1), tick=False),
        acting(by.scope),
        transaction.atomic(),
    ):
        return QuietPeriod.objects.create(
            partnership=scene.partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            starts_on=first,
            ends_on=last,
            reason="Moving house",
        )


def answer(scene, period, part="health_editor", agreed=True):
    by = acting_as(scene, part)
    with acting(by.scope), transaction.atomic():
        QuietAnswer.objects.update_or_create(
            period=period,
            organisation_id=by.organisation_id,
            defaults={"agreed": agreed, "answered_by_id": by.user_id},
            create_defaults={
                "agreed": agreed,
                "answered_by_id": by.user_id,
                "partnership": scene.partnership,
            },
        )


def test_every_member_that_has_not_left_or_declined_is_asked(scene):
    names = {each.name for each in diary(scene).calendars}
    assert names == {scene.cast.organisation(p).name for p in ("school", "health", "council")}
    health = acting_as(scene, "health_editor")
    with acting(health.scope), transaction.atomic():
        leave(
            Member.objects.get(
                partnership=scene.partnership, organisation_id=health.organisation_id
            ),
            by=health,
        )
    assert scene.cast.organisation("health").name not in {
        each.name for each in diary(scene).calendars
    }


def test_both_sides_see_the_same_reasons(scene):
    said = []
    for part in ("school_editor", "health_editor"):
        by = acting_as(scene, part)
        with acting(by.scope), transaction.atomic():
            said.append(clashes(by, scene.partnership, date(2027, 5, 12)))
    assert said[0] == said[1]
    assert {clash.phase for clash in said[0]} >= {"primary"}


def test_a_partners_shared_period_blocks_and_one_kept_to_itself_does_not(scene):
    health = acting_as(scene, "health_editor")
    with acting(health.scope), transaction.atomic():
        for shared, start in ((True, DAY), (False, DAY + timedelta(days=7))):
            OwnPeriod.objects.create(
                organisation_id=health.organisation_id,
                name="Go-live",
                kind="go_live",
                severity="high",
                starts_on=start,
                ends_on=start,
                shared=shared,
                created_by_id=health.user_id,
            )
    ours, theirs = diary(scene), diary(scene, "health_editor")
    assert [each.blocks for each in ours.clashes_on(DAY) if each.name == "Go-live"] == [True]
    later = DAY + timedelta(days=7)
    assert not any(each.name == "Go-live" for each in ours.clashes_on(later))
    assert any(each.name == "Go-live" for each in theirs.clashes_on(later))


def test_a_quiet_period_holds_once_every_other_member_has_agreed(scene):
    period = propose(scene)
    assert diary(scene).shared == []
    answer(scene, period, agreed=False)
    assert diary(scene).shared == []
    answer(scene, period, agreed=True)
    for part in ("school_editor", "health_editor"):
        held = diary(scene, part)
        assert [each.name for each in held.shared] == ["Quiet period: Moving house"]
        days = [slot.day for slot in held.clear_slots(DAY - timedelta(days=1), until=LAST)]
        assert days[0] == DAY + timedelta(days=7)
    assert diary(scene, first=DAY + timedelta(days=7)).shared == []


def test_a_withdrawn_quiet_period_holds_no_longer(scene):
    period = propose(scene)
    answer(scene, period)
    by = acting_as(scene, "school_editor")
    with acting(by.scope), transaction.atomic():
        QuietPeriod.objects.filter(pk=period.pk).update(
            withdrawn_at=NOW + timedelta(days=2), withdrawn_by_id=by.user_id
        )
    assert diary(scene).shared == []


def test_who_joins_later_need_not_have_agreed(scene):
    period = propose(scene)
    answer(scene, period)
    council = acting_as(scene, "council_editor")
    joining = Member.objects.filter(
        partnership=scene.partnership, organisation_id=council.organisation_id
    )
    with acting(acting_as(scene, "school_editor").scope), transaction.atomic():
        joining.update(state=MemberState.INVITED)
    with (
        time_machine.travel(NOW + timedelta(days=5), tick=False),
        acting(council.scope),
        transaction.atomic(),
    ):
        accept(joining.get(), by=council)
    assert len(diary(scene).shared) == 1


def test_days_with_a_touchpoint_are_taken(scene):
    by = acting_as(scene, "school_editor")
    touchpoint = schedule(scene)
    day = date(2027, 1, 14)
    assert diary(scene).taken == {day}
    assert diary(scene, first=day + timedelta(days=1)).taken == frozenset()
    with acting(by.scope), transaction.atomic():
        assert day not in {
            slot.day for slot in clear_slots(by, scene.partnership, date(2026, 12, 31), count=60)
        }
        Touchpoint.objects.filter(pk=touchpoint.pk).update(
            state="cancelled", outcome_at=NOW, outcome_by=by.user_id,
            outcome_organisation=by.organisation_id,
        )  # fmt: skip
    assert diary(scene).taken == frozenset()


def test_a_stranger_reads_no_diary(scene):
    propose(scene)
    schedule(scene)
    found = diary(scene, "stranger")
    assert (found.calendars, found.shared, found.taken) == ([], [], frozenset())


def test_a_fixed_number_of_statements(scene):
    by = acting_as(scene, "school_editor")
    answer(scene, propose(scene))
    counts = []
    for more in (0, 9):
        with acting(by.scope), transaction.atomic():
            taken = Member.objects.filter(partnership=scene.partnership)
            others = Organisation.objects.exclude(pk__in=taken.values("organisation_id")).exclude(
                kind="school"
            )
            for organisation in others.order_by("pk")[:more]:
                Member.objects.create(
                    partnership=scene.partnership,
                    organisation=organisation,
                    side=organisation.sector,
                )
            with CaptureQueriesContext(connection) as captured:
                found = diary_of(by, scene.partnership, FIRST, LAST)
        counts.append(len(captured))
    assert len(found.calendars) == 12
    assert counts == [6, 6], [each["sql"][:90] for each in captured]
