"""A series of days: none is lost, and each moves to a day that suits everyone, if there is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calendars.clashes import blocked_days
from calendars.constraints import Constraint, Effect, quiet_constraint
from calendars.series import MOST, Every, OnClash, SeriesError, ideal_days, series_dates
from calendars.terms import half_term_on, typical_terms
from calendars.years import AcademicYear
from organisations.models import Kind
from tests.calendars.people import calendar
from tests.calendars.test_slots import CALENDARS, QUIET

FIRST, LAST = date(2026, 9, 1), date(2028, 8, 31)
DAYS = st.dates(FIRST, LAST)
RULES = st.sampled_from(
    [
        *Every,
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,FR",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
    ]
)
WEEKDAYS = st.none() | st.integers(0, 6)
ONE_DAY = timedelta(days=1)
BOTH = [calendar(), calendar(Kind.NHS_TRUST)]


def planned(rule, first: str, last: str, calendars=BOTH, **more):
    return series_dates(
        rule, date.fromisoformat(first), date.fromisoformat(last), calendars, **more
    )


def days(rule, first: str, last: str, **more) -> list[str]:
    found = ideal_days(rule, date.fromisoformat(first), date.fromisoformat(last), **more)
    return [day.isoformat() for day in found]


@given(
    RULES, DAYS, DAYS, st.lists(CALENDARS, max_size=3), QUIET, WEEKDAYS, st.sets(DAYS, max_size=9),
    st.sampled_from(OnClash),
)  # fmt: skip
def test_a_series_never_loses_a_date(
    rule, first, last, calendars, shared, weekday, taken, on_clash
):
    assume(first <= last)
    try:
        ideals = ideal_days(
            rule, first, last, terms=next((c.terms for c in calendars if c.terms), typical_terms),
            weekday=weekday,
        )  # fmt: skip
    except SeriesError:
        assume(False)
    found = series_dates(
        rule, first, last, calendars, shared=shared, weekday=weekday, taken=taken,
        on_clash=on_clash,
    )  # fmt: skip
    assert [each.ideal for each in found] == ideals
    chosen = [each.day for each in found]
    assert all(before < after for before, after in pairwise(chosen))
    blocked = blocked_days(calendars, first, last, shared) | taken
    firm = blocked_days(calendars, first, last, shared, typical=False) | taken
    for each in found:
        assert first <= each.day <= last
        # What is merely typical makes no date unclear, and leaves none out unless that was chosen.
        assert each.is_clear == (each.day not in firm)
        assert each.moved == bool(each.moved_because)
        # Nothing is moved that need not be, and only to a clear day.
        assert not each.moved or (each.ideal in blocked and each.is_clear)
        assert not each.moved or each.ideal in firm or each.day not in blocked
        assert not each.moved or on_clash is OnClash.MOVE
        # Left out is what does not suit, all of it, and nobody meets on such a day.
        skipped = {OnClash.SKIP: firm, OnClash.SKIP_BUSY: blocked}.get(on_clash, set())
        assert each.left_out == (each.ideal in skipped)


@given(RULES, DAYS, DAYS, WEEKDAYS)
def test_ideal_days_are_in_order_and_within_their_bounds(rule, first, last, weekday):
    assume(first <= last)
    try:
        found = ideal_days(rule, first, last, weekday=weekday)
    except SeriesError:
        assume(False)
    assert found == sorted(set(found))
    assert all(first <= day <= last for day in found)
    if weekday is not None and rule in (Every.WEEK, Every.FORTNIGHT, Every.MONTH):
        assert {day.weekday() for day in found} <= {weekday}


@given(DAYS, WEEKDAYS)
def test_every_half_term_has_its_day_and_only_one(first, weekday):
    found = ideal_days(Every.HALF_TERM, first, LAST, weekday=weekday)
    halves = {
        half
        for year in AcademicYear.between(first, LAST)
        for half in typical_terms(year).half_terms
        if half.end >= first
    }
    assert len(found) == len(halves)
    assert {half_term_on(day) for day in found} == halves


def test_every_half_term_from_september():
    found = days(Every.HALF_TERM, "2026-09-16", "2027-07-31")
    assert found == [
        "2026-09-16", "2026-11-18", "2027-01-20", "2027-03-10", "2027-04-28", "2027-06-23",
    ]  # fmt: skip
    assert days(Every.TERM, "2026-09-16", "2027-07-31") == [
        "2026-09-16", "2027-01-20", "2027-04-28",
    ]  # fmt: skip


def test_begun_in_a_holiday_it_is_the_first_week_of_each():
    assert days(Every.HALF_TERM, "2026-08-24", "2026-12-31", weekday=3) == [
        "2026-09-03", "2026-11-05",
    ]  # fmt: skip


def test_months_weeks_and_fortnights():
    assert days(Every.MONTH, "2027-01-29", "2027-04-30") == [
        "2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30",
    ]  # fmt: skip
    assert days(Every.FORTNIGHT, "2028-02-15", "2028-03-15") == [
        "2028-02-15", "2028-02-29", "2028-03-14",
    ]  # fmt: skip
    assert days(Every.WEEK, "2027-03-24", "2027-04-02", weekday=0) == ["2027-03-29"]


def test_a_date_in_a_holiday_moves_to_the_nearest_clear_day_and_says_why():
    (september, october, *_) = planned(Every.MONTH, "2026-09-30", "2026-12-31")
    assert not september.moved
    assert (october.ideal, october.day) == (date(2026, 10, 28), date(2026, 11, 2))
    assert october.moved_because.startswith("The trust: Half term holiday, 24 October to")


def test_a_date_in_a_holiday_is_left_out_or_kept_as_the_rule_says():
    skipped = planned(Every.WEEK, "2026-10-12", "2026-11-08", weekday=2, on_clash=OnClash.SKIP)
    assert [(each.day.day, each.left_out) for each in skipped] == [
        (14, False), (21, False), (28, True), (4, False),
    ]  # fmt: skip
    assert "Half term holiday" in skipped[2].clashes[0].words
    kept = planned(Every.WEEK, "2026-10-12", "2026-11-08", weekday=2, on_clash=OnClash.KEEP)
    assert [each.ideal for each in kept] == [each.day for each in kept]
    assert [(each.is_clear, each.left_out) for each in kept][2] == (False, False)


@pytest.mark.parametrize(
    ("on_clash", "out"), [(OnClash.SKIP, []), (OnClash.SKIP_BUSY, [6, 13, 20, 27])]
)
def test_a_typically_busy_time_leaves_nothing_out_unless_chosen(on_clash, out):
    found = planned(Every.WEEK, "2027-01-06", "2027-02-03", on_clash=on_clash)
    assert [each.day.day for each in found if each.left_out] == out
    assert all(each.is_clear for each in found)
    assert [clash.name for clash in found[0].clashes if clash.typical and clash.blocks] == [
        "NHS winter peak"
    ]


def test_what_an_organisation_states_itself_is_left_out():
    own = Constraint(
        "Winter closure", date(2027, 1, 11), date(2027, 1, 15), "closure", Effect.BLOCKS, "high"
    )
    mine = replace(calendar(), constraints=(own,))
    found = planned(Every.WEEK, "2027-01-06", "2027-01-20", [mine, BOTH[1]], on_clash=OnClash.SKIP)
    assert [each.left_out for each in found] == [False, True, False]


def test_a_date_leaves_a_typically_busy_time_only_for_a_clear_day():
    near, far = (
        planned(Every.HALF_TERM, first, "2027-02-12")[0] for first in ("2027-01-20", "2027-01-06")
    )
    assert near.moved
    assert near.day == date(2027, 2, 1)
    assert (far.moved, far.is_clear) == (False, True)
    # Out of a holiday it goes into a busy time rather than nowhere.
    (out,) = planned("FREQ=WEEKLY;COUNT=1", "2027-01-02", "2027-01-31")
    assert (out.day, out.is_clear) == (date(2027, 1, 4), True)


def test_a_chosen_weekday_is_kept_where_the_rule_leaves_room():
    found = planned(Every.MONTH, "2026-10-01", "2026-11-30", weekday=2)
    assert {each.day.weekday() for each in found} == {2}
    moved = planned(Every.MONTH, "2026-10-28", "2026-11-30", weekday=2)[0]
    assert moved.day == date(2026, 11, 4)


def test_without_a_clear_day_near_the_ideal_one_stays_with_its_clashes():
    shared = [quiet_constraint("Moving house", date(2027, 2, 22), date(2027, 3, 25))]
    (only,) = planned("FREQ=WEEKLY;COUNT=1", "2027-03-03", "2027-03-31", shared=shared)
    assert (only.day, only.moved, only.is_clear) == (date(2027, 3, 3), False, False)
    assert only.clashes[0].words.startswith("Quiet period: Moving house")


def test_a_day_with_something_planned_is_left_alone():
    day = date(2027, 4, 28)
    moved = planned("FREQ=WEEKLY;COUNT=1", "2027-04-28", "2027-05-31", taken=[day])[0]
    assert (moved.day, moved.moved_because) == (
        date(2027, 4, 29),
        "Everyone: something is planned on 28 April 2027 already",
    )


def test_the_cautions_of_a_chosen_day_are_said():
    (only,) = planned("FREQ=WEEKLY;COUNT=1", "2026-11-25", "2026-11-30")
    assert only.is_clear
    assert "NHS winter pressures" in {clash.name for clash in only.clashes}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=2", ["2027-01-12", "2027-02-09"]),
        ("freq=monthly;bymonthday=-1;until=20270301T000000Z", ["2027-01-31", "2027-02-28"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20270121;WKST=MO",
         ["2027-01-11", "2027-01-14"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231", []),
    ],
)  # fmt: skip
def test_rules_of_calendar_programs(rule, found):
    assert days(rule, "2027-01-01", "2027-12-31") == found


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every Tuesday",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12",
        "FREQ=MONTHLY;BYSETPOS=40",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=3",
        "FREQ=WEEKLY;COUNT=5;UNTIL=20270301",
        "FREQ=WEEKLY;UNTIL=20271399",
        "FREQ=WEEKLY;UNTIL=00000000",
        "FREQ=WEEKLY\nDTSTART:20200101",
        "FREQ=WEEKLY;INTERVAL=0",
        "INTERVAL=2",
    ],
)
def test_what_is_no_rule_of_meetings_is_refused(rule):
    with pytest.raises(SeriesError, match="This repeat is not understood"):
        days(rule, "2027-02-01", "2027-12-31")


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_refused(text):
    try:
        found = ideal_days(text, date(2027, 1, 1), date(2027, 12, 31))
    except SeriesError:
        return
    assert "FREQ" in text.upper()
    assert len(found) <= MOST


def test_too_many_dates_and_days_in_the_wrong_order_say_what_to_change():
    with pytest.raises(SeriesError, match=r"more than 110 dates\. Choose an earlier end"):
        days(Every.WEEK, "2026-01-01", "2030-01-01")
    with pytest.raises(SeriesError, match="ends before it begins"):
        days(Every.WEEK, "2027-01-02", "2027-01-01")


def test_every_rule_has_words():
    assert len({each.in_words for each in Every}) == len(Every)


def test_a_series_over_the_nights_of_clock_changes_keeps_its_weekday():
    found = days(Every.WEEK, "2027-03-21", "2027-04-04")
    assert found == ["2027-03-21", "2027-03-28", "2027-04-04"]
    assert days(Every.WEEK, "2027-10-24", "2027-11-07") == [
        "2027-10-24", "2027-10-31", "2027-11-07",
    ]  # fmt: skip
