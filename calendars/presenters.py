"""How term dates and pressure points are shown: tables, and where they come from in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from calendars import asked_year
from calendars.given_terms import GivenYear
from calendars.london import weekday_in_words
from calendars.models import PeriodKind, Phase
from calendars.points import Shown
from calendars.status import Standing
from calendars.subjects import SchoolLine, has_schools
from calendars.terms import TYPICAL_NOTE
from calendars.years import AcademicYear
from frontend.components import Column, Component, link, table, tag
from frontend.wording import counted, date_words
from organisations import permissions
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Organisation
from organisations.permissions import Permission

SECTORS = {
    "school": "Schools",
    "nhs": "NHS",
    "local_authority": "Councils",
    "both": "Schools, NHS and councils",
}
PHASES = {Phase.PRIMARY: "Primary schools", Phase.SECONDARY: "Secondary schools"}
WEIGHTS = {
    "high": ("High", "red"),
    "medium": ("Medium", "orange"),
    "low": ("Low", "grey"),
    "opportunity": ("An opportunity", "green"),
    "info": ("For information", "white"),
}


def terms_page(actor: Actor, subject: Organisation, year: AcademicYear) -> str:
    """The page that shows whose dates hold: the calendar, or that of a school."""
    query = f"?year={asked_year.in_address(year)}"
    if subject.pk == actor.organisation_id:
        return page_of(actor, "calendar") + query
    return page_of(actor, "school-calendar", school=subject.slug) + query


def term_address(actor: Actor, subject: Organisation, year: AcademicYear, what: str) -> str:
    """The address of a page about the dates of one year: `what` is its name for oneself."""
    written = asked_year.in_address(year)
    if subject.pk == actor.organisation_id:
        return page_of(actor, what, year=written)
    return page_of(actor, f"school-{what}", school=subject.slug, year=written)


def half_terms_table(given: GivenYear) -> Component:
    """The half terms with their first and last school days."""
    return table(
        ["Half term", "First day", "Last day", Column("Weeks", numeric=True)],
        [
            [half.name, weekday_in_words(half.start), weekday_in_words(half.end), half.weeks]
            for half in given.school_year.half_terms
        ],
    )


def terms_facts(
    actor: Actor, subject: Organisation, year: AcademicYear, given: GivenYear
) -> dict[str, Any]:
    """What the section about term dates says."""
    own = given.row is not None and given.row.organisation_id == subject.pk
    inset_own = given.inset_row is not None and given.inset_row.organisation_id == subject.pk
    return {
        "subject": subject,
        "given": given,
        "terms_from": given.terms_from,
        "is_typical": given.is_typical,
        "own": own,
        "has_schools": has_schools(actor),
        "may_change": permissions.can(actor, Permission.CHANGE_CALENDAR),
        "standing": _standing_words(given, subject, own=own),
        "source": given.row.source if given.row else "",
        "table": half_terms_table(given),
        "inset": [weekday_in_words(day) for day in sorted(given.inset_days)],
        "inset_from": given.inset_from,
        "inset_own": inset_own,
        "addresses": {
            what: term_address(actor, subject, year, what)
            for what in (
                "term-dates",
                "paste-term-dates",
                "term-dates-file",
                "inherit-term-dates",
                "copy-term-dates",
                "inset-days",
            )
        },
    }


def _standing_words(given: GivenYear, subject: Organisation, *, own: bool) -> str:
    """How sure the half terms are, and who published them: never a stranger's word as one's own."""
    if given.is_typical:
        return f"Typical: not published for {subject.name}"
    if given.standing is Standing.PUBLISHED:
        giver = subject.name if own else given.terms_from.removeprefix("Dates of ")
        return f"Published by {giver}"
    return _sentence(given.standing.in_words)


def _sentence(words: str) -> str:
    """With a capital, for a place of its own."""
    return words[:1].upper() + words[1:]


def from_words(line: SchoolLine) -> str:
    """Where a school's half terms come from, short enough for a table."""
    return (
        "Typical England dates"
        if line.given.terms_from == TYPICAL_NOTE
        else (line.given.terms_from)
    )


def schools_table(actor: Actor, lines: Sequence[SchoolLine], year: AcademicYear) -> Component:
    """Schools of the trust, with where each one's dates come from."""
    return table(
        ["School", "Phase", "Term dates", "Staff training days"],
        [
            [
                link(
                    line.school.organisation.name, terms_page(actor, line.school.organisation, year)
                ),
                line.school.phase or "Not known",
                from_words(line),
                _inset_words(line),
            ]
            for line in lines
        ],
    )


def _inset_words(line: SchoolLine) -> str:
    given = line.given
    if not given.inset_days:
        return "None given"
    whose = given.inset_from[0].lower() + given.inset_from[1:]
    return f"{counted(len(given.inset_days), 'day')} ({whose})"


def days_words(shown: Shown) -> str:
    """From when to when, both included."""
    start, end = shown.start, shown.end
    if start == end:
        return date_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {date_words(end)}"
    if start.year == end.year:
        return f"{date_words(start).rpartition(' ')[0]} to {date_words(end)}"
    return f"{date_words(start)} to {date_words(end)}"


def for_whom(shown: Shown) -> str:
    """Whom it concerns: phase before sector."""
    if shown.phase in PHASES:
        return PHASES[Phase(shown.phase)]
    return SECTORS.get(shown.point.sector, "") if shown.point else "Everyone"


def weight(shown: Shown) -> Component:
    """How much it weighs."""
    words, colour = WEIGHTS[shown.severity]
    return tag(words, colour)


def how_sure(shown: Shown) -> str:
    """How its days are known."""
    if shown.own:
        return "Changed by us"
    assert shown.point is not None
    return _sentence(shown.point.standing.in_words)


def points_table(actor: Actor, shown: Iterable[Shown]) -> Component:
    """National pressure points, each leading to its own page."""
    return table(
        ["Pressure point", "When", "For", "Pressure", "How sure"],
        [
            [
                link(each.name, page_of(actor, "pressure-point", key=each.point.key)),
                days_words(each),
                for_whom(each),
                weight(each),
                how_sure(each),
            ]
            for each in shown
            if each.point is not None
        ],
    )


def own_table(actor: Actor, added: Iterable[Shown], *, may_change: bool) -> Component:
    """The organisation's own periods."""
    return table(
        ["What", "When", "Sort", "For", "Pressure", "Who sees it"],
        [
            [
                link(each.own.name, page_of(actor, "change-period", period=each.own.ref))
                if may_change and each.own.subscription_id is None
                else each.own.name,
                days_words(each),
                PeriodKind(each.own.kind).label,
                PHASES.get(Phase(each.own.phase), "Everyone"),
                weight(each),
                "Us and our partners" if each.own.shared else "Only us",
            ]
            for each in added
            if each.own is not None
        ],
    )
