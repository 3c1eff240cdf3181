"""What an initiative says at one revision, compared with what it said at another."""

from __future__ import annotations

from datetime import date

import pytest

from initiatives.plans.models import Initiative, PlanLine
from initiatives.review import parts
from initiatives.review.models import Section
from initiatives.review.snapshots import LeadName, changes_between, facts_of, snapshot_of

LEAD = LeadName("Schools", "Windsor Academy Trust", "Ada Bell")


def said(*lines: PlanLine, leads: tuple[LeadName, ...] = (), **more: object) -> dict[str, object]:
    values = {"name": "Drop-in", "strand": "prevention", "aim": "Talk", "stage": "idea", **more}
    initiative = Initiative(**values)  # type: ignore[misc]
    return snapshot_of(facts_of(initiative, ["Abbey Primary School"], leads), lines)


def line(ref: str, words: str, kind: str = "risk", **more: object) -> PlanLine:
    return PlanLine(ref=ref, words=words, kind=kind, **more)


def test_facts_and_lines_that_read_differently_are_told_in_the_order_of_the_page() -> None:
    before = said(line("a", "No room"), line("b", "No nurse"), starts_on=date(2026, 9, 14))
    now = said(
        line("b", "No nurse", state="done"),
        line("c", "A licence", "need", note="The trust asks"),
        leads=(LEAD,),
        aim="Talk early",
        starts_on=date(2026, 9, 21),
    )

    found = [
        (each.section, each.what, each.before, each.now) for each in changes_between(before, now)
    ]

    assert found == [
        (Section.AIM, "Aim", "Talk", "Talk early"),
        (Section.LEADS, "Lead, schools", "", "Ada Bell, Windsor Academy Trust"),
        (Section.DATES, "First day", "14 September 2026", "21 September 2026"),
        (Section.NEEDS, "Need", "", "A licence · The trust asks"),
        (Section.RISKS, "Risk", "No nurse", "No nurse · Done"),
        (Section.RISKS, "Risk", "No room", ""),
    ]
    assert changes_between(now, now) == []


def test_a_fact_that_is_asked_for_in_other_words_is_no_change() -> None:
    before = said()
    before["facts"] = [["aim", "What for", "Talk"]]

    assert changes_between(before, said()) == []


def test_a_section_is_shown_by_one_room() -> None:
    def one(*_: object) -> str:
        return "Ten sessions"

    parts.register(Section.RISKS, one)
    try:
        parts.register(Section.RISKS, one)
        with pytest.raises(ValueError, match="another room"):
            parts.register(Section.RISKS, lambda *_: "")
        assert parts._parts[Section.RISKS] is one
    finally:
        del parts._parts[Section.RISKS]
