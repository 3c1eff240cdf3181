"""Measures for tests, each step as the people who measure do it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from calendars.london import today
from calendars.terms import typical_terms
from initiatives.measures import services
from initiatives.measures.models import Measure, PublishedReading, Reading
from initiatives.measures.periods import ended_periods
from initiatives.measures.services import Definition, Entries, Entry
from initiatives.plans.models import Initiative
from organisations.actor import Actor
from tests.record.arranging import acting_as

DEFINITION = Definition(
    name="Pupils reached",
    unit="count",
    direction="up",
    level="output",
    period="month",
    numerator="Pupils who came at least once",
)
SHARE = replace(
    DEFINITION,
    name="Persistent absence",
    unit="percent",
    direction="down",
    level="outcome_long",
    denominator="Pupils on the register",
    target=Decimal("15.0"),
)


def measured(
    by: Actor, initiative: Initiative, definition: Definition = DEFINITION, library: str = ""
) -> Measure:
    """A measure of the acting organisation, owned by whoever acts."""
    with acting_as(by):
        made = services.add_measure(
            by=by, initiative=initiative, definition=definition, library=library
        )
        made.initiative = initiative
        return made


def entries(by: Actor, measure: Measure, *numbers: Any, back: int = 0) -> Entries:
    """The reading of a period that is over, `back` periods before the last one: a number for each
    group, or a pair of part and whole."""
    span = services.periods_of(by, measure)[back]
    rows = [
        Entry(group, *(number if isinstance(number, tuple) else (number,)))
        for group, number in zip(measure.groups or [""], numbers, strict=True)
    ]
    return Entries(span, rows)


def reading(
    by: Actor, measure: Measure, *numbers: Any, back: int = 0, correct: bool = False
) -> None:
    """Its owner enters a reading, in a committed transaction."""
    with acting_as(by):
        given = entries(by, measure, *numbers, back=back)
        services.record_reading(by=by, measure=measure, entries=given, correct=correct)


def with_a_reading(by: Actor, initiative: Initiative) -> Measure:
    """A measure with one reading, within the transaction at hand."""
    made = services.add_measure(by=by, initiative=initiative, definition=DEFINITION)
    made.initiative = initiative
    services.record_reading(by=by, measure=made, entries=entries(by, made, 42))
    return made


def last_month() -> str:
    """The period of the latest monthly reading that there can be, as an address names it."""
    return ended_periods("month", today(), typical_terms)[0].key


def told(by: Actor, measure: Measure) -> list[tuple[str, str, int | None, str, int | None]]:
    """What somebody may know of its readings, in order."""
    with acting_as(by):
        return [
            (e.group, e.number_status, e.number, e.base_status, e.base)
            for e in PublishedReading.objects.filter(measure=measure)
        ]


def raw(by: Actor) -> list[int | None]:
    """The raw readings that row security shows to somebody, of every measure."""
    with acting_as(by):
        return list(Reading.objects.order_by("pk").values_list("number", flat=True))
