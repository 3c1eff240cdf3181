"""What an initiative says at one revision, and what changed from one such saying to another.

Pure: nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from calendars.london import day_in_words
from initiatives.plans.models import Initiative, LineKind, LineState, PlanLine
from initiatives.review.models import Section
from organisations.models import Sector

# Facts that are days: the page shows them among its milestones.
FIRST_DAY, LAST_DAY, DECISION_DUE = "First day", "Last day", "Decision due"
DAYS = (FIRST_DAY, LAST_DAY, DECISION_DUE)
SECTION_OF = {
    LineKind.MILESTONE: Section.DATES,
    LineKind.NEED: Section.NEEDS,
    LineKind.RISK: Section.RISKS,
}


@dataclass(frozen=True, slots=True)
class LeadName:
    """Who leads on one side, in words."""

    side: str
    organisation: str
    person: str

    @property
    def words(self) -> str:
        """A person and their organisation, or the organisation alone."""
        return f"{self.person}, {self.organisation}" if self.person else self.organisation


@dataclass(frozen=True, slots=True)
class Change:
    """Something that reads differently: before and now, "" for what was or is not there."""

    section: Section
    what: str
    before: str
    now: str


Facts = list[tuple[Section, str, str]]


def facts_of(initiative: Initiative, schools: Sequence[str], leads: Iterable[LeadName]) -> Facts:
    """What an initiative is, in words, each with its section and name."""
    by_side = {each.side: each.words for each in leads}
    pilot = "Yes" if initiative.pilot else "No"
    hours = f"{initiative.hours} a term" if initiative.hours else ""
    return [
        (Section.WHOLE, "Name", initiative.name),
        (Section.WHOLE, "Strand", initiative.get_strand_display()),
        (Section.WHOLE, "Stage", initiative.get_stage_display()),
        (Section.AIM, "Aim", initiative.aim),
        (Section.SITES, "Who it is for", initiative.audience),
        (Section.SITES, "Schools", ", ".join(schools)),
        (Section.SITES, "Place", initiative.place),
        *(
            (Section.LEADS, f"Lead, {side.lower()}", by_side.get(side, ""))
            for side in Sector.labels
        ),
        (Section.DATES, FIRST_DAY, _words(initiative.starts_on)),
        (Section.DATES, LAST_DAY, _words(initiative.ends_on)),
        (Section.DATES, "Staff hours", hours),
        (Section.DATES, "Pilot", pilot),
        (Section.DATES, DECISION_DUE, _words(initiative.decide_on)),
        (Section.DATES, "Decision", _decision(initiative)),
    ]


def snapshot_of(facts: Facts, lines: Iterable[PlanLine]) -> dict[str, Any]:
    """The same as it is kept, with the lines of the plan by their reference."""
    return {
        "facts": [[str(section), what, words] for section, what, words in facts],
        "lines": {
            each.ref: [str(SECTION_OF[LineKind(each.kind)]), each.kind, line_words(each)]
            for each in lines
        },
    }


def changes_between(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """What reads differently, in the order of the page.

    Of facts, those that both have: what is asked of an initiative may be worded anew between them.
    """
    was = {(section, what): words for section, what, words in before["facts"]}
    is_now = {(section, what): words for section, what, words in now["facts"]}
    found = [
        Change(Section(section), what, was[section, what], words)
        for (section, what), words in is_now.items()
        if was.get((section, what), words) != words
    ]
    lines = {**now["lines"], **before["lines"]}
    for ref, (section, kind, _) in lines.items():
        old, new = (each["lines"].get(ref, ["", "", ""])[2] for each in (before, now))
        if old != new:
            found.append(Change(Section(section), LineKind(kind).label, old, new))
    return sorted(found, key=lambda change: list(Section).index(change.section))


def line_words(line: PlanLine) -> str:
    """A line of a plan in words: what, by when, what is done about it, what became of it."""
    parts = [line.words]
    if line.due_on:
        parts.append(day_in_words(line.due_on))
    if line.note:
        parts.append(line.note)
    if line.state != LineState.OPEN:
        parts.append(line.get_state_display())
    return " · ".join(parts)


def _words(day: date | None) -> str:
    return day_in_words(day) if day else ""


def _decision(initiative: Initiative) -> str:
    if not initiative.decision:
        return ""
    return f"{initiative.get_decision_display()}: {initiative.decision_note}"
