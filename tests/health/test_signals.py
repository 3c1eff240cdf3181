"""Health signals, each from its evidence, and what a partnership asks of its people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.terms import half_term_on
from organisations.models import Sector
from overview.health.asked_of import burdens
from overview.health.facts import (
    Asked,
    Facts,
    Governed,
    InWriting,
    Measured,
    Meeting,
    Partner,
    Talks,
    Together,
)
from overview.health.signals import LONGEST_COUNT, Signal, counted_days, signals_of
from tests.health.examples import HOSPITAL, TODAY, TRUST, WELL, ago, but, held, planned


def shown(facts: Facts) -> dict[str, Signal]:
    return {each.key: each for each in signals_of(facts)}


def test_a_partnership_in_good_health_shows_none() -> None:
    assert shown(WELL) == {}


def test_each_says_its_rule_and_its_evidence() -> None:
    everything = but(
        contacts=(),
        meetings=(),
        talks=(Talks(TRUST, 9, ago(99), ago(99)),),
        agreements=(),
        actions_open=3,
        actions_overdue=1,
        partners=(
            WELL.partners[0],
            Partner(HOSPITAL, "Hospital", "hospital", Sector.HEALTH, closing_on=ago(-30)),
        ),
    )

    found = signals_of(everything)

    assert [each.key for each in found] == [
        "contact_gap",
        "dormancy",
        "agreement",
        "actions",
        "one_sided",
        "reorg",
    ]
    assert all(each.rule.endswith(".") and each.evidence for each in found)
    assert found[0].weight == "red"


def test_a_data_protection_review_is_overdue_the_day_after_it_was_due() -> None:
    assert "ig" not in shown(but(papers=(Governed("DPIA 2026/14", TODAY),)))

    found = shown(but(papers=(Governed("DPIA 2026/14", ago(1)), Governed("DSA 7", ago(-1)))))["ig"]

    assert found.weight == "red"
    assert "DPIA 2026/14" in found.evidence
    assert "DSA 7" not in found.evidence


def test_contacts_missing_and_contacts_to_check() -> None:
    assert shown(but(contacts=WELL.contacts[1:]))["contact_gap"].name == "A contact is missing"
    assert "no organisation yet" in shown(but(partners=WELL.partners[:1]))["contact_gap"].evidence


@pytest.mark.parametrize(
    ("days", "name"),
    [(29, None), (30, "Cooling down"), (59, "Cooling down"), (60, "Gone quiet"), (90, "Dormant")],
)
def test_dormancy_by_days(days: int, name: str | None) -> None:
    found = shown(but(meetings=(held(days),), talks=(), series_running=False))

    assert (found["dormancy"].name if "dormancy" in found else None) == name


def test_days_of_rest_do_not_count_and_emails_are_not_speaking() -> None:
    def resting(day: date) -> bool:
        return day > ago(45)

    facts = but(meetings=(held(60),), talks=(Talks(TRUST, 4, None, None),), rests_on=resting)

    assert "dormancy" not in shown(facts), "15 days count, of 60"
    spoken = but(meetings=(held(60),), talks=(Talks(TRUST, 1, ago(5), None),))
    assert "dormancy" not in shown(spoken)
    never = but(meetings=(), talks=(), opened_on=ago(40))
    assert "have not met or spoken yet" in shown(never)["dormancy"].evidence


def test_the_summer_holiday_does_not_make_a_partnership_dormant() -> None:
    """Held on 14 July 2027, looked at on each day until the end of October."""
    met = date(2027, 7, 14)

    def name_on(day: date) -> str:
        facts = but(
            today=day,
            meetings=(Meeting(met, "held", over=True),),
            talks=(),
            rests_on=lambda each: half_term_on(each) is None,
        )
        found = shown(facts).get("dormancy")
        return found.name if found else ""

    days = [met + timedelta(days=number) for number in range(110)]
    names = [name_on(day) for day in days]

    assert names[days.index(date(2027, 9, 1))] == ""
    assert names == sorted(names, key=["", "Cooling down", "Gone quiet", "Dormant"].index)
    assert names[days.index(date(2027, 10, 31))] == "Cooling down"


@given(st.integers(0, 3000), st.integers(1, 30))
def test_counted_days_count_what_is_no_rest(days: int, every: int) -> None:
    def rests(day: date) -> bool:
        return day.toordinal() % every == 0

    since = TODAY - timedelta(days=days)
    found = counted_days(since, TODAY, rests)

    plainly = sum(not rests(since + timedelta(days=each)) for each in range(1, days + 1))
    assert found == min(plainly, LONGEST_COUNT + 1)


def test_agreements_due_and_missing() -> None:
    def evidence(*agreements: InWriting) -> str:
        found = shown(but(agreements=agreements)).get("agreement")
        return found.evidence if found else ""

    assert evidence() == "Nothing is signed by every member"
    assert evidence(InWriting("a", "Ours")) == "Nothing is signed by every member"
    assert evidence(InWriting("a", "Ours", True, ago(0), None)) == (
        "“Ours” was to be reviewed on 12 May 2027"
    )
    assert evidence(InWriting("a", "Ours", True, ago(9), ago(1))) == "“Ours” expired on 11 May 2027"
    assert evidence(InWriting("a", "Ours", True, ago(-1), ago(-9))) == ""


@pytest.mark.parametrize(
    ("number", "overdue", "late"), [(0, 0, False), (4, 1, False), (3, 1, True), (8, 3, True)]
)
def test_more_than_a_quarter_of_the_actions_overdue(number: int, overdue: int, late: bool) -> None:
    assert ("actions" in shown(but(actions_open=number, actions_overdue=overdue))) is late


@pytest.mark.parametrize(
    ("read_days_ago", "running", "silent"),
    [(62, True, False), (63, True, True), (63, False, False), (None, True, True)],
)
def test_a_measure_without_a_reading_for_two_periods(
    read_days_ago: int | None, running: bool, silent: bool
) -> None:
    read = None if read_days_ago is None else ago(read_days_ago)
    one = Measured("Pupils reached", 3, read, ago(200), 31)
    found = shown(but(initiatives=(Together("abc", "Drop-in", True, running, (one,)),)))

    assert ("measures" in found) is silent
    if silent:
        assert "Pupils reached (Drop-in)" in found["measures"].evidence


def with_one_for_health(days: int) -> Meeting:
    return held(days, came=frozenset({(TRUST, 11), (TRUST, 12), (HOSPITAL, 21)}))


def test_a_side_that_hangs_on_one_person() -> None:
    always = tuple(with_one_for_health(each) for each in (90, 60, 30))
    mostly = (held(120), *(with_one_for_health(each) for each in (90, 60, 30, 10)))
    nearly_always = (*mostly, with_one_for_health(5))

    assert shown(but(meetings=always))["single_thread"].evidence == (
        "Health and council: the same person alone in 3 of 3 touchpoints"
    )
    assert "single_thread" not in shown(but(meetings=mostly)), "4 of 5 are not more than 80%"
    assert "single_thread" in shown(but(meetings=nearly_always))
    assert "single_thread" not in shown(but(meetings=always[1:])), "two are too few to tell"
    last_year = tuple(with_one_for_health(each) for each in (500, 450, 400))
    assert "single_thread" not in shown(but(meetings=last_year))


def test_two_people_by_turns_are_no_single_thread() -> None:
    by_turns = tuple(
        held(days, came=frozenset({(TRUST, 11), (TRUST, 12), (HOSPITAL, posting)}))
        for days, posting in ((90, 21), (60, 22), (30, 21), (10, 22))
    )

    assert "single_thread" not in shown(but(meetings=by_turns))


def one_sided(**changed: Any) -> str:
    found = shown(but(**changed)).get("one_sided")
    return found.evidence if found else ""


def test_one_side_that_logs_everything() -> None:
    alone = {"meetings": (held(10),), "talks": (Talks(TRUST, 4, ago(5), None),)}
    waiting = Partner(HOSPITAL, "Hospital", "hospital", Sector.HEALTH, joined=False)

    assert one_sided(**alone) == "Schools logged all 5 entries"
    assert one_sided(meetings=(), talks=(Talks(TRUST, 4, ago(5), None),)) == "", "four are too few"
    assert one_sided(**alone, partners=(WELL.partners[0], waiting)) == "", "it cannot log yet"
    assert one_sided(meetings=(held(10, logged_by=HOSPITAL),), talks=alone["talks"]) == ""


def test_one_side_that_answers_nothing_in_the_last_closed_review() -> None:
    closed = Asked("Pulse", 10, ago(60), {"school": 3})
    still_open = Asked("Pulse", 10, ago(2))
    earlier = Asked("Pulse", 10, ago(90), {"health": 2})

    assert one_sided(reviews=(still_open, closed, earlier)) == (
        "Health and council: nobody answered “Pulse”"
    )
    assert one_sided(reviews=(Asked("Pulse", 10, ago(60), {"school": 3, "health": 1}),)) == ""
    assert one_sided(reviews=(Asked("Pulse", 10, ago(60), {}),)) == ""


@pytest.mark.parametrize(("in_days", "ends"), [(-10, True), (0, True), (183, True), (184, False)])
def test_an_organisation_that_ends_within_six_months(in_days: int, ends: bool) -> None:
    closing = Partner(HOSPITAL, "Hospital", "hospital", Sector.HEALTH, closing_on=ago(-in_days))

    assert ("reorg" in shown(but(partners=(WELL.partners[0], closing)))) is ends


def test_what_a_term_asks_of_each_partner() -> None:
    minutes = {
        each.partner.organisation_id: each.minutes
        for each in burdens(
            but(
                meetings=(
                    held(45),  # before the term
                    held(10, minutes=60),
                    held(5, minutes=45, state="missed"),
                    Meeting(ago(-20), "scheduled", False, came=frozenset({(HOSPITAL, 21)})),
                ),
                reviews=(Asked("Pulse", 10, ago(3)), Asked("Full review", 30, ago(90))),
            )
        )
    }

    assert minutes == {TRUST: 2 * 60 + 2 * 10, HOSPITAL: 2 * 60 + 30 + 2 * 10}


def test_nothing_is_asked_of_who_has_left() -> None:
    facts = but(partners=WELL.partners[:1], meetings=(held(10), planned(5)))

    assert [each.partner.name for each in burdens(facts)] == ["Trust"]
