"""A school year of two series, from one due moment to the next, through a real mail server.

What has to leave, to whom and at which London minute, is worked out here in plain Python from days
written down by hand; what left is read from the mail server. Both have to be the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import time_machine
from django.db import transaction

from calendars.london import day_in_words, time_in_words
from calendars.series import OnClash as Clashing
from calendars.series import series_dates
from calendars.term_rows import TermRow
from calendars.years import AcademicYear
from organisations.outbox import engine
from organisations.outbox.identity import reference_of
from organisations.outbox.preferences.services import keep_reminders
from organisations.tenancy.scope import NOBODY, acting
from partnerships.diary.selectors import diary_of
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries
from partnerships.touchpoints.series_plans import Dated, checked_series
from partnerships.touchpoints.services import (
    cancel_touchpoint,
    move_touchpoint,
    record_outcome,
    schedule_series,
)
from tests.calendars.arranging import given
from tests.diary.arranging import answered, proposed
from tests.outbox.post_office import PostOffice
from tests.touchpoints.scene import COUNCIL_DEPUTY, HEALTH, SCHOOL, Scene, deliveries, plan
from tests.touchpoints.series_scene import dates_of

Super = psycopg.Connection[Any]
Clock = time_machine.Traveller
# Who is told of something, about which touchpoint, and when.
Mail = tuple[str, str, datetime]
LONDON = ZoneInfo("Europe/London")
BEGIN, END = date(2027, 9, 1), date(2028, 7, 31)
FIRST, LAST = date(2027, 9, 9), date(2028, 7, 20)
# The clocks go back on Sunday 31 October 2027, and forward on Sunday 26 March 2028.
ROWS = [
    TermRow("Autumn 1", date(2027, 9, 6), date(2027, 10, 22)),
    TermRow("Autumn 2", date(2027, 11, 1), date(2027, 12, 17)),
    TermRow("Spring 1", date(2028, 1, 4), date(2028, 2, 11)),
    TermRow("Spring 2", date(2028, 2, 21), date(2028, 4, 7)),
    TermRow("Summer 1", date(2028, 4, 24), date(2028, 5, 26)),
    TermRow("Summer 2", date(2028, 6, 5), date(2028, 7, 20)),
]
QUIET = date(2028, 2, 21), date(2028, 3, 3)
EARLY_MAY = date(2028, 5, 1)
WEEKLY_CLOCK, HALF_TERMLY_CLOCK = time(9, 0), time(15, 30)
A_WEEK, TWO_DAYS, A_DAY, TWO_HOURS, HALF_AN_HOUR = 10080, 2880, 1440, 120, 30
# Two days before a Monday lie before the night on which the clocks change.
WEEKLY_REMINDERS, HALF_TERMLY_REMINDERS = [TWO_DAYS, TWO_HOURS], [A_WEEK, A_DAY]
OWN = [A_WEEK, HALF_AN_HOUR]
TOLD = (SCHOOL, HEALTH)
# A Monday's meeting is put on the Tuesday, at another time; another one is called off.
MOVED_FROM, MOVED_TO = date(2027, 11, 15), datetime(2027, 11, 16, 14, 0, tzinfo=LONDON)
CALLED_OFF, CALLED_OFF_ON = date(2028, 3, 6), datetime(2028, 3, 1, 12, 0, tzinfo=LONDON)
# Somebody says at once what became of this one.
RECORDED = date(2027, 9, 20)


@dataclass
class Meeting:
    """One that takes place, as this test knows it; `at` on London clocks."""

    ref: str
    at: datetime
    offsets: list[int]
    recorded: bool = False

    def reminders(self) -> Iterator[Mail]:
        """When each person is reminded: whole days by the calendar, hours as they pass."""
        for person in TOLD:
            for minutes in OWN if person == HEALTH else self.offsets:
                days, rest = divmod(minutes, A_DAY)
                face = self.at.replace(tzinfo=None) - timedelta(days=days)
                moment = face.replace(tzinfo=LONDON).astimezone(UTC) - timedelta(minutes=rest)
                yield person, self.ref, moment

    def questions(self, organiser: str) -> Iterator[Mail]:
        """When it is asked what became of it, unless somebody said."""
        if self.recorded:
            return
        yield organiser, self.ref, self.at.astimezone(UTC) + timedelta(minutes=60)
        day = self.at.date() + timedelta(days=3)
        while day.weekday() > 4 or day == EARLY_MAY:
            day += timedelta(days=1)
        for person in TOLD:
            yield person, self.ref, datetime.combine(day, time(9), tzinfo=LONDON).astimezone(UTC)


@dataclass
class Year:
    """The mail that leaves, with the moment at which it does."""

    clock: Clock
    office: PostOffice
    superuser: Super
    left: list[tuple[datetime, str, EmailMessage]] = field(default_factory=list)

    def until(self, end: datetime) -> None:
        """Send at each moment at which something is due, and at nothing between."""
        while (moment := self._next()) is not None and moment < end:
            self._send(moment)
        self.clock.move_to(end)

    def _next(self) -> datetime | None:
        row = self.superuser.execute(
            "SELECT min(due_at) FROM organisations_delivery WHERE state = 'pending'"
        ).fetchone()
        assert row is not None
        return max(row[0], datetime.now(UTC)) if row[0] else None

    def _send(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        assert engine.drain(now=moment)
        self.left += [(moment, to, message) for to, message in self.office.arrived]
        self.office.arrived.clear()

    def of(self, kind: str) -> list[tuple[Mail, str]]:
        """What left of a kind, with its words."""
        return [
            ((to, str(message["X-Tandem-Reference"]).split(".")[0], moment), text_of(message))
            for moment, to, message in self.left
            if message["X-Tandem-Kind"] == kind
        ]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def year(clock: Clock, scene: Scene, post_office: PostOffice, superuser: Super) -> Year:
    """It begins on 1 September, with the school's own term dates and an agreed quiet period.

    Two people are told: one as the series says, the other as they chose.
    """
    superuser.execute(
        "UPDATE record_namedcontact SET ended_at = now() WHERE posting_id = %s",
        [scene.postings[COUNCIL_DEPUTY].pk],
    )
    clock.move_to(datetime.combine(BEGIN, time(8), tzinfo=UTC))
    cast = scene.cast
    given(cast.school_editor, cast.organisation("school"), year=AcademicYear(2027), half_terms=ROWS)
    starts_on, ends_on = QUIET
    period = proposed(scene, starts_on=starts_on, ends_on=ends_on)
    answered(scene, period, agreed=True)
    return Year(clock, post_office, superuser)


def planned(scene: Scene, **rule: Any) -> TouchpointSeries:
    """A series with its dates worked out from everybody's calendars, as the page does."""
    by = scene.cast.school_editor
    series = checked_series(first_on=FIRST, last_on=LAST, **rule)
    with acting(by.scope), transaction.atomic():
        diary = diary_of(by, scene.partnership, FIRST, LAST)
        worked_out = series_dates(
            series.rule,
            FIRST,
            LAST,
            diary.calendars,
            shared=diary.shared,
            weekday=series.weekday,
            taken=diary.taken,
            on_clash=Clashing(series.on_clash),
        )
        # What cannot be moved to any day that suits, the reader of the page leaves out. A typically
        # busy time, like the NHS winter peak, leaves out none.
        kept = [
            Dated(each.ideal, each.day)
            for each in worked_out
            if each.is_clear and not each.left_out
        ]
        dates = {f"day_{number}": dated for number, dated in enumerate(kept, start=1)}
        return schedule_series(by=by, partnership=scene.partnership, plan=series, dates=dates)


def mondays() -> list[date]:
    """Those on which the school is open, nobody wants quiet, and no bank holiday is."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return [
        day
        for day in days
        if day.weekday() == 0
        and any(row.start <= day <= row.end for row in ROWS)
        and not QUIET[0] <= day <= QUIET[1]
        and day != EARLY_MAY
    ]


def meetings(
    scene: Scene, series: TouchpointSeries, clock: time, offsets: list[int]
) -> dict[date, Meeting]:
    known = {}
    for each in dates_of(scene.cast.school_editor, series):
        at = each.starts_at.astimezone(LONDON)
        assert at.time() == clock
        known[at.date()] = Meeting(each.ref, at, offsets)
    return known


def test_every_reminder_leaves_once_and_at_its_minute_all_year(scene: Scene, year: Year) -> None:
    by = scene.cast.school_editor
    weekly = planned(
        scene,
        kind="update",
        every="week",
        weekday=0,
        at=WEEKLY_CLOCK,
        on_clash="skip",
        reminder_minutes=WEEKLY_REMINDERS,
    )
    half_termly = planned(
        scene,
        kind="planning",
        every="half_term",
        weekday=3,
        at=HALF_TERMLY_CLOCK,
        on_clash="move",
        reminder_minutes=HALF_TERMLY_REMINDERS,
    )
    (invitation, *_) = deliveries(scene, kind="series_invitation", recipient=HEALTH)
    with acting(NOBODY), transaction.atomic():
        assert keep_reminders(by=None, minutes=OWN, reference=reference_of(invitation))
    mine = meetings(scene, weekly, WEEKLY_CLOCK, WEEKLY_REMINDERS)
    theirs = meetings(scene, half_termly, HALF_TERMLY_CLOCK, HALF_TERMLY_REMINDERS)

    assert sorted(mine) == mondays()
    assert sorted(theirs) == [
        date(2027, 9, 9),
        date(2027, 11, 4),
        # No clear day is near: it stays in the NHS winter peak, which is merely typical.
        date(2028, 1, 6),
        # In the first two weeks of this half term all keep quiet: put two weeks on.
        date(2028, 3, 9),
        date(2028, 4, 27),
        date(2028, 6, 8),
    ]

    moved, recorded = mine.pop(MOVED_FROM), mine[RECORDED]
    change(scene, moved.ref, date=MOVED_TO.date(), time=MOVED_TO.time())
    year.until(datetime.combine(RECORDED, time(9, 10), tzinfo=LONDON))
    with acting(by.scope), transaction.atomic():
        record_outcome(by=by, touchpoint=found(recorded.ref), outcome="held")
    recorded.recorded = True
    year.until(CALLED_OFF_ON)
    with acting(by.scope), transaction.atomic():
        cancel_touchpoint(by=by, touchpoint=found(mine[CALLED_OFF].ref))
    year.until(datetime.combine(END, time(12), tzinfo=LONDON))

    take_place = [Meeting(moved.ref, MOVED_TO, moved.offsets), *mine.values(), *theirs.values()]
    called_off = mine[CALLED_OFF]
    reminded = year.of("touchpoint_reminder")
    assert Counter(mail for mail, _ in reminded) == Counter(
        mail
        for meeting in take_place
        for mail in meeting.reminders()
        # What had gone out when it was called off.
        if meeting is not called_off or mail[2] < CALLED_OFF_ON
    )
    at = {meeting.ref: meeting.at for meeting in take_place}
    for (_, ref, _), said in reminded:
        assert time_in_words(at[ref].time()) in said
        assert day_in_words(at[ref].date()) in said
    organiser = scene.cast.users["school_editor"].email
    assert Counter(mail for mail, _ in year.of("touchpoint_outcome")) == Counter(
        mail
        for meeting in take_place
        if meeting is not called_off
        for mail in meeting.questions(organiser)
    )


def found(ref: str) -> Touchpoint:
    return Touchpoint.objects.select_related("partnership", "series").get(ref=ref)


def change(scene: Scene, ref: str, **more: Any) -> None:
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        move_touchpoint(by=by, touchpoint=found(ref), **plan(**more))
