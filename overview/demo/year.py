"""The demonstration's year: term dates, own and quiet periods, and meetings through the months.

Days follow from the day the demo is set up, so that its planner always has something ahead.
Everything in it is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from calendars.london import today
from calendars.models import PeriodKind, Phase, Severity
from calendars.pressure_points import national_points
from calendars.services.periods import add_period
from calendars.services.term_dates import give_term_dates
from calendars.terms import HalfTerm, typical_terms
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.tenancy.scope import acting
from partnerships.diary.models import QuietPeriod
from partnerships.diary.selectors import clear_slots
from partnerships.diary.services import answer_quiet_period, propose_quiet_period
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import TouchpointKind
from partnerships.touchpoints.services import schedule_touchpoint

_ONE_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class Period:
    """An own period: whose, in how many weeks it begins, and for how many it lasts."""

    part: str
    name: str
    kind: PeriodKind
    severity: Severity
    in_weeks: int
    weeks: int
    advice: str
    phase: Phase = Phase.ALL


PERIODS = [
    Period(
        "school trust",
        "Year 11 mock exams",
        PeriodKind.EXAM,
        Severity.HIGH,
        7,
        2,
        "Halls are full; the early years team is free as usual",
        Phase.SECONDARY,
    ),
    Period(
        "school trust",
        "Trust audit",
        PeriodKind.AUDIT,
        Severity.MEDIUM,
        12,
        1,
        "Finance and site teams are busy",
    ),
    Period(
        "nhs lead",
        "New patient record goes live",
        PeriodKind.GO_LIVE,
        Severity.HIGH,
        9,
        3,
        "Clinics run at half their pace",
    ),
    Period(
        "public health",
        "Inspection of local services for children",
        PeriodKind.AUDIT,
        Severity.MEDIUM,
        16,
        3,
        "Ask us early: the team has visitors",
    ),
]
# Weeks ahead, who plans it, what sort, about what.
MEETINGS = [
    (11, "school trust", TouchpointKind.UPDATE, "How the parenting programme goes"),
    (15, "nhs lead", TouchpointKind.PLANNING, "Summer: minor illnesses and sun"),
    (19, "public health", TouchpointKind.FORUM, "What the hub needs from the early help forum"),
    (23, "school trust", TouchpointKind.UPDATE, "Children who start reception in September"),
    (27, "nhs lead", TouchpointKind.REVIEW, "The first year of the hub: what to keep"),
    (31, "school trust", TouchpointKind.UPDATE, "The last weeks before the summer"),
]


def fill(people: dict[str, Actor], hub: Partnership) -> None:
    """The whole year of the hub."""
    own_term_dates(people["school trust"])
    for period in PERIODS:
        add_own_period(people[period.part], period)
    agree_quiet_period(people, hub)
    for weeks, part, kind, agenda in MEETINGS:
        meet(people[part], hub, today() + weeks * _WEEK, kind, agenda)


def own_term_dates(trust: Actor) -> None:
    """The trust's own terms of this and the next school year: a second week in October."""
    assert trust.organisation_id is not None
    whose = Organisation.objects.get(pk=trust.organisation_id)
    for year in (AcademicYear.of(today()), AcademicYear.of(today()).next):
        halves = [
            HalfTerm(half.start, half.end - _WEEK, half.name) if half.name == "Autumn 1" else half
            for half in typical_terms(year).half_terms
        ]
        with acting(trust.scope):
            give_term_dates(
                by=trust,
                organisation=whose,
                year=year,
                half_terms=halves,
                inset_days=[halves[place].start for place in (0, 1, 2, 4)],
                based_on=0,
                source="Illustration: an invented record",
            )


def add_own_period(by: Actor, period: Period) -> None:
    """An own period that its organisation shares with its partners."""
    starts_on = _monday(today() + period.in_weeks * _WEEK)
    with acting(by.scope):
        add_period(
            by=by,
            name=period.name,
            kind=period.kind,
            phase=period.phase,
            severity=period.severity,
            starts_on=starts_on,
            ends_on=starts_on + period.weeks * _WEEK - 3 * _ONE_DAY,
            advice=period.advice,
        )


def agree_quiet_period(people: dict[str, Actor], hub: Partnership) -> None:
    """The week of the tests at the end of primary school, to which everybody has agreed; and one
    that still waits for an answer."""
    school, nhs = people["school trust"], people["nhs lead"]
    ahead = today() + 4 * _WEEK
    points = national_points(ahead, ahead + 80 * _WEEK)
    tests = next(each for each in points if each.stem == "sats" and each.start >= ahead)
    with acting(school.scope):
        period = propose_quiet_period(
            by=school,
            partnership=hub,
            starts_on=_monday(tests.start),
            ends_on=_monday(tests.start) + 4 * _ONE_DAY,
            reason="Key stage 2 tests",
        )
    for part in ("nhs lead", "public health"):
        with acting(people[part].scope):
            answer_quiet_period(
                by=people[part], period=QuietPeriod.objects.get(pk=period.pk), agreed=True
            )
    settles = _monday(today() + 9 * _WEEK)
    with acting(nhs.scope):
        propose_quiet_period(
            by=nhs,
            partnership=hub,
            starts_on=settles,
            ends_on=settles + 4 * _ONE_DAY,
            reason="First week of the new patient record",
        )


def meet(by: Actor, hub: Partnership, after: date, kind: TouchpointKind, agenda: str) -> None:
    """A touchpoint on the first day after one that suits everybody."""
    with acting(by.scope):
        (slot,) = clear_slots(by, hub, after, count=1)
        schedule_touchpoint(
            by=by,
            partnership=hub,
            kind=kind,
            date=slot.day,
            time=time(15, 45),
            minutes=30,
            venue="Video call",
            agenda=agenda,
        )


def _monday(day: date) -> date:
    return day - day.weekday() * _ONE_DAY
