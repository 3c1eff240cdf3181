"""What a day clashes with, in words, and the next days that suit every side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.clashes import blocked_days, clashes_on, days_in_words, in_words
from calendars.constraints import Constraint, Effect, constraints_for, quiet_constraint
from calendars.models import OwnPeriod
from calendars.slots import next_clear_slots
from calendars.terms import holiday_on
from calendars.working_days import bank_holiday_on
from organisations.models import Kind
from tests.calendars.people import calendar

DAYS = st.dates(date(2026, 9, 1), date(2028, 8, 31))
ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2026, 9, 1), date(2028, 8, 31)


def own(name: str, first: str, last: str, **more) -> OwnPeriod:
    return OwnPeriod(
        name=name,
        starts_on=date.fromisoformat(first),
        ends_on=date.fromisoformat(last),
        **{"kind": "event", "severity": "medium", "phase": "all", **more},
    )


def with_own(*periods: OwnPeriod, kind=Kind.SCHOOL, phase="primary", hidden=()):
    found = constraints_for(
        kind=kind, phase=phase, first=FIRST, last=LAST, own=periods, hidden=hidden
    )
    return calendar(kind, phase=phase, constraints=found)


def words_on(day: str, *calendars, effect: Effect | None = None, shared=()) -> list[str]:
    said = clashes_on(date.fromisoformat(day), calendars, shared)
    return [f"{each.who}: {each.words}" for each in said if effect in (None, each.effect)]


PERIODS = st.builds(
    lambda start, length, severity, kind, phase: own(
        "Own", start.isoformat(), (start + ONE_DAY * length).isoformat(),
        severity=severity, kind=kind, phase=phase,
    ),
    DAYS,
    st.integers(0, 90),
    st.sampled_from(["high", "medium", "low"]),
    st.sampled_from(["exam", "closure", "busy", "other"]),
    st.sampled_from(["all", "primary", "secondary"]),
)  # fmt: skip
CALENDARS = st.builds(
    lambda kind, phase, periods, inset: calendar(
        kind,
        phase=phase if kind is Kind.SCHOOL else "all",
        constraints=constraints_for(
            kind=kind, phase=phase if kind is Kind.SCHOOL else "all",
            first=FIRST, last=LAST, own=periods,
        ),
        inset_days=frozenset(inset) if kind in (Kind.SCHOOL, Kind.SCHOOL_TRUST) else frozenset(),
    ),
    st.sampled_from(list(Kind)),
    st.sampled_from(["primary", "secondary", "all", "unknown", "neither"]),
    st.lists(PERIODS, max_size=4),
    st.lists(DAYS, max_size=5),
)  # fmt: skip


def quiet(start: date, length: int) -> Constraint:
    return quiet_constraint("Marking", start, start + ONE_DAY * length)


QUIET = st.lists(st.builds(quiet, DAYS, st.integers(0, 40)), max_size=2)


@given(DAYS, st.lists(CALENDARS, min_size=1, max_size=4), QUIET, st.sets(DAYS, max_size=5))
def test_a_slot_is_never_a_day_blocked_for_anybody(after, calendars, shared, taken):
    slots = next_clear_slots(after, calendars, shared=shared, taken=taken, until=LAST)
    assert len(slots) <= 5
    days = [slot.day for slot in slots]
    assert days == sorted(set(days))
    for day in days:
        assert after < day <= LAST
        assert day not in taken
        assert day.weekday() < 5
        assert bank_holiday_on(day) is None
        for each in calendars:
            assert each.terms is None or holiday_on(day, each.terms) is None
            assert day not in each.inset_days
            assert not any(c.on(day) and c.effect is Effect.BLOCKS for c in each.constraints)
        assert not any(each.on(day) for each in shared)


@given(DAYS, st.lists(CALENDARS, min_size=1, max_size=4), QUIET)
def test_a_day_is_blocked_exactly_when_a_clash_says_so(day, calendars, shared):
    said = any(clash.blocks for clash in clashes_on(day, calendars, shared))
    assert said == (day in blocked_days(calendars, day, day, shared))
    assert said == (day in blocked_days(calendars, day - 9 * ONE_DAY, day + 9 * ONE_DAY, shared))


@given(DAYS, st.lists(CALENDARS, min_size=1, max_size=3))
def test_no_clear_day_before_or_between_the_slots_is_left_out(after, calendars):
    slots = next_clear_slots(after, calendars, until=LAST)
    reach = slots[-1].day if len(slots) == 5 else LAST
    blocked = blocked_days(calendars, after + ONE_DAY, reach)
    clear = {
        after + ONE_DAY * n for n in range(1, (reach - after).days + 1)
    } - blocked  # fmt: skip
    assert {slot.day for slot in slots} == clear


def test_the_words_of_a_pressure_point():
    school = calendar(Kind.SCHOOL, phase="primary")
    assert words_on("2027-05-12", school, effect=Effect.BLOCKS) == [
        (
            "The school: Key stage 2 tests (SATs) week, 10 to 13 May 2027 (provisional, expected "
            "but not confirmed): no visitors for year 6; avoid whole-school events"
        )
    ]


def test_a_point_of_one_phase_warns_a_trust_and_names_the_phase():
    trust, school = calendar(), calendar(Kind.SCHOOL, phase="secondary")
    said = clashes_on(date(2027, 5, 12), [trust, school])
    assert {(clash.effect, clash.phase) for clash in said if clash.phase != "all"} == {
        (Effect.CAUTION, "primary")
    }
    assert "for primary schools" in words_on("2027-05-12", trust, effect=Effect.CAUTION)[0]
    assert any(clash.blocks for clash in clashes_on(date(2027, 6, 16), [school]))
    assert not any(clash.blocks for clash in clashes_on(date(2027, 6, 16), [trust]))


@pytest.mark.parametrize(
    ("phase", "effects"),
    [
        ("primary", {Effect.BLOCKS}),
        ("all", {Effect.BLOCKS}),
        ("secondary", set()),
        ("unknown", {Effect.CAUTION}),
        ("neither", set()),
    ],
)
def test_phases_of_schools(phase, effects):
    found = calendar(Kind.SCHOOL, phase=phase).constraints
    assert {each.effect for each in found if each.key == "sats_2027"} == effects


def test_weekends_bank_holidays_and_school_holidays():
    both = calendar(), calendar(Kind.NHS_TRUST)
    assert words_on("2027-05-01", *both)[0] == "Everyone: 1 May 2027 is a Saturday"
    assert words_on("2027-05-03", *both)[0] == (
        "Everyone: Early May bank holiday, 3 May 2027: a bank holiday"
    )
    assert words_on("2027-04-01", *both, effect=Effect.BLOCKS) == [
        (
            "The trust: Easter holiday, 26 March to 11 April 2027 "
            "(typical dates: the school’s own may differ)"
        )
    ]
    assert words_on("2027-04-14", calendar(inset_days=frozenset({date(2027, 4, 14)}))) == [
        "The trust: Staff training day, 14 April 2027: closed to pupils"
    ]


def test_a_holiday_across_new_year():
    said = words_on("2026-12-31", calendar(), effect=Effect.BLOCKS)
    assert said[0].startswith("The trust: Christmas holiday, 19 December 2026 to 3 January 2027")
    slots = next_clear_slots(date(2026, 12, 17), [calendar()], until=LAST)
    assert [slot.day for slot in slots][:2] == [date(2026, 12, 18), date(2027, 1, 4)]


def test_a_leap_day_the_nights_of_clock_changes_and_a_late_easter():
    both = [calendar(), calendar(Kind.PROVIDER)]
    days = [slot.day for slot in next_clear_slots(date(2028, 2, 28), both, until=LAST)]
    assert days[0] == date(2028, 2, 29)
    for change, monday in (("2027-03-28", "2027-03-29"), ("2026-10-25", "2026-10-26")):
        day = date.fromisoformat(change)
        assert day in blocked_days(both, day, day)
        assert next_clear_slots(day - ONE_DAY, both, until=LAST)[0].day > date.fromisoformat(monday)
    # Easter 2038 is on 25 April: Monday the 26th is a bank holiday.
    far = date(2038, 4, 1), date(2038, 6, 30)
    late = calendar(first=far[0], last=far[1])
    assert date(2038, 4, 26) in blocked_days([late], *far)


def test_winter_is_a_caution_and_its_peak_blocks():
    hospital = calendar(Kind.NHS_TRUST)
    assert words_on("2026-11-25", hospital, effect=Effect.BLOCKS) == []
    assert any("NHS winter pressures" in each for each in words_on("2026-11-25", hospital))
    assert "NHS winter peak" in words_on("2027-01-13", hospital, effect=Effect.BLOCKS)[0]


def test_quarters_are_no_cautions_and_awareness_is_an_occasion():
    hospital = calendar(Kind.NHS_TRUST)
    assert not any(each.kind == "quarter" for each in hospital.constraints)
    said = clashes_on(date(2027, 5, 4), [hospital])
    assert [each.name for each in said if each.effect is Effect.OPPORTUNITY] == ["World Asthma Day"]
    (slot,) = next_clear_slots(date(2027, 5, 3), [hospital], count=1, until=LAST)
    assert slot.why.endswith("A good occasion: World Asthma Day.")


def test_what_may_come_any_day_of_the_year_is_no_caution():
    assert not any("Ofsted" in each for each in words_on("2027-04-21", calendar()))
    assert any(each.effect is Effect.BACKGROUND for each in calendar().constraints)


def test_councils_have_their_own_points_and_those_of_both():
    council = calendar(Kind.COUNCIL)
    keys = {each.key for each in council.constraints}
    assert {"preelection_2027", "summer_nhs_2027", "wad_2027"} <= keys
    assert not keys & {"winter_2026", "flu_2026", "sats_2027"}


def test_one_reason_names_all_it_holds_for():
    sides = [calendar(Kind.NHS_TRUST), calendar(Kind.ICB), calendar(), calendar(Kind.COUNCIL)]
    said = clashes_on(date(2027, 1, 13), sides)
    assert said[0].who == "The hospital and The board"
    assert [each.who for each in said if each.name == "NHS winter peak"] == [said[0].who]
    crowd = [calendar(Kind.SCHOOL, phase="primary", name=f"School {n}") for n in range(1, 7)]
    assert clashes_on(date(2027, 5, 12), crowd)[0].who == "Everyone"
    assert clashes_on(date(2027, 5, 12), [*crowd, sides[0]])[0].who == "Every school and trust"
    other = calendar(Kind.SCHOOL, phase="secondary")
    said = clashes_on(date(2027, 5, 12), [*crowd, other])
    assert said[0].who == "School 1, School 2 and 4 more"


def test_own_periods():
    mocks = own("Mock exams", "2027-02-22", "2027-03-05", kind="exam", severity="high")
    assert words_on("2027-03-01", with_own(mocks), effect=Effect.BLOCKS) == [
        "The school: Mock exams, 22 February to 5 March 2027"
    ]
    audit = own("Audit", "2027-01-11", "2027-06-30", severity="low", advice="Finance is busy")
    said = words_on("2027-04-21", with_own(audit), effect=Effect.CAUTION)
    assert said == ["The school: Audit, 11 January to 30 June 2027: finance is busy"]
    shut = own("Works", "2027-04-12", "2027-07-21", kind="closure", severity="low")
    assert words_on("2027-05-20", with_own(shut), effect=Effect.BLOCKS)
    older = own("Year 11 trip", "2027-04-20", "2027-04-23", kind="busy", phase="secondary")
    assert words_on("2027-04-21", with_own(older)) == []
    trust = with_own(older, kind=Kind.SCHOOL_TRUST, phase="all")
    assert words_on("2027-04-21", trust, effect=Effect.BLOCKS) == []
    assert "for secondary schools" in words_on("2027-04-21", trust)[0]


def test_hidden_and_edited_points():
    keys = {each.key for each in with_own(hidden=["sats_2027", "mtc"]).constraints}
    assert "sats_2028" in keys
    assert not keys & {"sats_2027", "mtc_2027", "mtc_2028"}
    edited = own("Our SATs", "2027-05-10", "2027-05-14", severity="medium", replaces="sats_2027")
    found = [each for each in with_own(edited).constraints if each.key == "sats_2027"]
    assert [(each.name, each.effect) for each in found] == [("Our SATs", Effect.CAUTION)]


def test_quiet_periods_block_everyone():
    shared = [quiet_constraint("Moving house", date(2027, 4, 19), date(2027, 4, 30))]
    said = words_on("2027-04-21", calendar(), shared=shared)
    assert said == [
        (
            "Everyone: Quiet period: Moving house, 19 to 30 April 2027: "
            "you have agreed not to plan anything"
        )
    ]
    days = [
        slot.day
        for slot in next_clear_slots(date(2027, 4, 15), [calendar()], shared=shared, until=LAST)
    ]
    assert days[:2] == [date(2027, 4, 16), date(2027, 5, 4)]


def test_why_a_slot_suits():
    sides = [calendar(), calendar(Kind.COUNCIL)]
    (first, *_) = next_clear_slots(date(2027, 5, 17), sides, until=LAST)
    assert first.why.startswith("Summer 1, week 6 · Q1 2027/28. A school day and a working day")
    assert "Keep in mind: GCSE and A-level exam window in secondary schools." in first.why
    assert len(first.cautions) == 1
    (calm, *_) = next_clear_slots(date(2028, 3, 12), [calendar(Kind.COUNCIL)], until=LAST)
    assert calm.why == "Spring 2, week 3 · Q4 2027/28. A working day, no pressure point."
    assert calm.cautions == ()


def test_days_in_words():
    assert days_in_words(date(2027, 5, 31), date(2027, 6, 4)) == "31 May to 4 June 2027"
    assert days_in_words(date(2027, 5, 31), date(2027, 5, 31)) == "31 May 2027"


def test_an_abbreviation_keeps_its_capitals():
    each = Constraint("Data return", date(2027, 6, 1), date(2027, 6, 1), "return",
                      Effect.CAUTION, "low", advice="IG leads busy in June")  # fmt: skip
    assert in_words(each).endswith(": IG leads busy in June")
