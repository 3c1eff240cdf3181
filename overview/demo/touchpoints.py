"""The demonstration's touchpoints: past ones, some to come with answers, a paper and another time
that is proposed, and a review every half term."""

from __future__ import annotations

from datetime import time, timedelta

from django.utils import timezone

from calendars.london import at_wall_clock, today
from calendars.series import Every, series_dates
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from overview.demo import story
from overview.demo.standing import own_organisation, school_day_from, working_day_near
from partnerships.diary.selectors import diary_of
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import Answer, Attendee, Touchpoint, TouchpointKind
from partnerships.touchpoints.series_plans import Dated, checked_series
from partnerships.touchpoints.services import (
    add_paper,
    answer,
    propose_time,
    record_outcome,
    schedule_series,
    schedule_touchpoint,
)


def fill(people: dict[str, Actor], hub: Partnership) -> None:
    """One held, one moved to a later day, one that waits for its outcome, two to come."""
    school, nhs = people["school trust"], people["nhs lead"]
    held = _past_touchpoint(school, hub, days_ago=30, agenda="Start after half term: rooms, dates.")
    with acting(nhs.scope):
        record_outcome(
            by=nhs,
            touchpoint=held,
            outcome="held",
            notes="Tuesday mornings agreed. The school prints the timetable.",
        )
    moved = _past_touchpoint(school, hub, days_ago=12, agenda="Minor illnesses: what to send home.")
    with acting(school.scope):
        record_outcome(
            by=school,
            touchpoint=moved,
            outcome="moved",
            notes="Two staff were ill. The same agenda on the new day.",
            next_date=school_day_from(today() + timedelta(days=2)),
            next_time=time(15, 45),
        )
    _past_touchpoint(school, hub, days_ago=3, agenda="Toilet training workshop: who brings what.")
    with acting(school.scope):
        update = schedule_touchpoint(
            by=school,
            partnership=hub,
            kind=TouchpointKind.UPDATE,
            date=school_day_from(today() + timedelta(days=9)),
            time=time(15, 45),
            minutes=30,
            venue="Video call",
            agenda="How the first workshops went; dates for the coming weeks.",
        )
    with acting(nhs.scope):
        planning = schedule_touchpoint(
            by=nhs,
            partnership=hub,
            kind=TouchpointKind.PLANNING,
            date=school_day_from(today() + timedelta(days=45)),
            time=time(10, 0),
            minutes=60,
            venue="Goldsmith Primary Academy, the room next to the nursery",
            agenda="Plan the next half term: minor illnesses, healthy eating, who leads what.",
        )
    _answer(people, update)
    _prepare(people, planning)


def _answer(people: dict[str, Actor], update: Touchpoint) -> None:
    """Public health comes; the NHS lead would rather come on another day."""
    for part, said in (("public health", Answer.ACCEPTED), ("nhs lead", Answer.TENTATIVE)):
        by = people[part]
        with acting(by.scope):
            own = Attendee.objects.filter(touchpoint=update, organisation=by.organisation_id)
            answer(by=by, attendee=own.get(), answer=said)
    nhs = people["nhs lead"]
    with acting(nhs.scope):
        propose_time(
            by=nhs,
            touchpoint=update,
            date=school_day_from(today() + timedelta(days=11)),
            time=time(16, 0),
            minutes=30,
            words=story.WHY_ANOTHER_TIME,
        )


def _prepare(people: dict[str, Actor], planning: Touchpoint) -> None:
    """A paper for the planning meeting, from the school."""
    school = people["school trust"]
    with acting(school.scope):
        title, url = story.PAPER
        add_paper(by=school, touchpoint=planning, title=title, url=url)


def plan_half_terms(people: dict[str, Actor], hub: Partnership) -> None:
    """A review every half term, for a year, with dates moved where they do not suit."""
    school = people["school trust"]
    first = today() + timedelta(days=60)
    plan = checked_series(
        kind=TouchpointKind.REVIEW,
        every=Every.HALF_TERM,
        weekday=1,
        first_on=first,
        last_on=first + timedelta(days=330),
        at=time(15, 30),
        minutes=45,
        venue="Goldsmith Primary Academy",
        agenda="What went well; what to change; dates.",
    )
    with acting(school.scope):
        diary = diary_of(school, hub, plan.first_on, plan.last_on)
        found = series_dates(
            plan.rule,
            plan.first_on,
            plan.last_on,
            diary.calendars,
            shared=diary.shared,
            weekday=plan.weekday,
            taken=diary.taken,
        )
        dates = {str(n): Dated(each.ideal, each.day) for n, each in enumerate(found)}
        schedule_series(by=school, partnership=hub, plan=plan, dates=dates)


def _past_touchpoint(by: Actor, hub: Partnership, *, days_ago: int, agenda: str) -> Touchpoint:
    """One in the past: nobody may schedule it, so it is put there."""
    day = working_day_near(today() - timedelta(days=days_ago))
    with acting(by.scope):
        return Touchpoint.objects.create(
            partnership=hub,
            author_organisation=own_organisation(by),
            author_id=by.user_id,
            kind=TouchpointKind.UPDATE,
            starts_at=at_wall_clock(day, time(15, 45)),
            minutes=30,
            venue="Video call",
            agenda=agenda,
            created_at=timezone.now() - timedelta(days=days_ago + 20),
        )
