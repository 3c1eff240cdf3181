"""How measures and what is told of them are put into words, tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from calendars.terms import TermSource
from calendars.years import AcademicYear, FinancialYear
from frontend.charts import Line, Point, Series, Year, chart
from frontend.components import Component, link, table, tag
from initiatives.measures.library import measures
from initiatives.measures.models import (
    Direction,
    Measure,
    PublishedReading,
    Reading,
    Status,
    Unit,
)
from initiatives.measures.periods import period_named
from initiatives.measures.selectors import Told
from initiatives.plans.models import Initiative
from initiatives.suppression.publishing import percentage
from initiatives.suppression.rules import Rule
from initiatives.suppression.tables import Status as TokenStatus
from initiatives.suppression.tables import Told as Token
from organisations.actor import Actor
from organisations.addresses import page_of

ACADEMIC, FINANCIAL = "academic", "financial"
FRAMES = {ACADEMIC: "Academic years", FINANCIAL: "Financial years"}
WITHHELD = "Not shown, so that nobody can work out a small number"
SMALL, AS_COUNTED = "Masked and rounded", "Not about people: as counted"
HUNDRED = Decimal(100)
UNITS = {
    Unit.PERCENT: "Per cent",
    Unit.COUNT: "Number",
    Unit.SCORE: "Average score",
    Unit.DAYS: "Days",
    Unit.MINUTES: "Minutes",
}


def address(actor: Actor, measure: Measure, page: str = "measure") -> str:
    """Its page, or another page about it."""
    return page_of(
        actor,
        page,
        ref=measure.initiative.partnership.ref,
        initiative=measure.initiative.ref,
        measure=measure.ref,
    )


def list_address(actor: Actor, initiative: Initiative) -> str:
    """The measures of an initiative."""
    this = {"ref": initiative.partnership.ref, "initiative": initiative.ref}
    return page_of(actor, "measures", **this)


def value_of(measure: Measure, told: PublishedReading) -> Decimal | int | None:
    """The figure that may be shown of a reading; None where there is none."""
    if measure.is_average:
        return told.value
    if measure.unit == Unit.PERCENT:
        return percentage(
            _token(told.number_status, told.number),
            _token(told.base_status, told.base),
            _rule(measure, told),
        )
    return told.number


def gap_of(measure: Measure, told: PublishedReading) -> str:
    """In words why no figure is shown of a reading; empty where one is."""
    if value_of(measure, told) is not None:
        return ""
    if measure.is_average:
        rule = told.told_by
        few = told.number is None or rule.interval(told.number)[0] < rule.averages_min_n
        return f"Not shown: fewer than {rule.averages_min_n} people" if few else WITHHELD
    statuses = {told.number_status, told.base_status}
    if Status.MASKED in statuses:
        return f"Masked: {told.told_by.mask_from} to {told.told_by.mask_to}"
    return WITHHELD if Status.WITHHELD in statuses else "Not shown: too few people"


def value_words(measure: Measure, told: PublishedReading) -> str:
    """`about 65.2%`, `about 40`, or why it is not shown."""
    value = value_of(measure, told)
    if value is None:
        return gap_of(measure, told)
    rounded = measure.person_based and not measure.is_average and told.told_by.round_to
    about = "about " if rounded and value else ""
    return f"{about}{_amount(measure, value)}"


def measures_table(actor: Actor, rows: Sequence[Told], terms: TermSource) -> Component:
    """The measures of an initiative with their first and their last reading."""
    return table(
        ["Measure", "Measured by", "Baseline", "Latest", "Target"],
        [
            [
                link(each.measure.name, address(actor, each.measure))
                if actor.organisation is not None
                else each.measure.name,
                each.measure.organisation.name,
                _said(each.measure, each.baseline, terms),
                _said(each.measure, each.latest, terms)
                if len(each.wholes) > 1
                else _waits(actor, each),
                _amount(each.measure, each.measure.target)
                if each.measure.target is not None
                else "None",
            ]
            for each in rows
        ],
    )


def facts(measure: Measure) -> list[tuple[str, str]]:
    """What a measure is, as rows: the name of a fact and its words."""
    known = measures().get(measure.library)
    direction = Direction(measure.direction).label
    rows = [
        ("What is counted", measure.numerator),
        ("Out of whom", measure.denominator if measure.unit == Unit.PERCENT else ""),
        ("What a figure is", measure.get_unit_display()),
        ("Which way", direction),
        ("How soon it can change", measure.get_level_display()),
        ("Read", f"Each {_within(measure.get_period_display())}"),
        ("Broken down by", "; ".join(measure.groups)),
        ("Target", _amount(measure, measure.target) if measure.target is not None else ""),
        ("Measured by", f"{measure.owner}, {measure.organisation.name}"),
        ("Where the figures come from", measure.source),
        ("How good they are", measure.quality_note),
    ]
    if known is not None:
        rows.append(("Published for comparison", known.benchmark))
        rows.append(("Keep in mind", known.warning))
        rows.append(("Defined", f"Nationally. {known.source}" if known.national else "Locally"))
    return [(name, words) for name, words in rows if words]


def finding(told: Told, terms: TermSource) -> str:
    """What the readings say, in a sentence."""
    measure, latest, first = told.measure, told.latest, told.baseline
    if latest is None or first is None:
        return "No reading yet."
    now = value_of(measure, latest)
    words = f"{measure.name}: {value_words(measure, latest)} in {_name(measure, latest, terms)}"
    before = value_of(measure, first)
    if first.pk == latest.pk or now is None or before is None:
        return f"{words}."
    way = "as at the start" if now == before else f"{'up' if now > before else 'down'} from"
    if now == before:
        return f"{words}, {way}, in {_name(measure, first, terms)}."
    better = (now > before) == (measure.direction == Direction.UP)
    judged = "" if measure.direction == Direction.NEUTRAL else " Better" if better else " Worse"
    since = f"{way} {value_words(measure, first)} in {_name(measure, first, terms)}"
    return f"{words}, {since}.{f'{judged} than at the start.' if judged else ''}"


def drawing(told: Told, terms: TermSource, frame: str) -> Component:
    """The chart over time with its table; groups beside the whole."""
    measure = told.measure
    series = [Series("All" if measure.groups else measure.name, _points(told.wholes, told, terms))]
    series += [
        Series(group, _points([e for e in told.groups if e.group == group], told, terms))
        for group in measure.groups[:5]
    ]
    lines = [Line("Target", _bare(measure.target))] if measure.target is not None else []
    base = value_of(measure, told.baseline) if told.baseline else None
    if base is not None and len(told.wholes) > 1:
        lines.append(Line("Baseline", _bare(base)))
    return chart(
        finding=finding(told, terms),
        unit=UNITS[Unit(measure.unit)],
        series=series,
        lines=lines,
        years=_years(told, frame),
        ceiling=HUNDRED if measure.unit == Unit.PERCENT else None,
        id=f"measure-{measure.ref}",
    )


def raw_table(measure: Measure, rows: Sequence[Reading], terms: TermSource) -> Component:
    """The readings as they were entered, for those few who may read them."""
    groups = ["Group"] if measure.groups else []
    if measure.is_average:
        numbers = ["Average", *(["People"] if measure.person_based else [])]
    else:
        numbers = ["Number", *(["Out of"] if measure.unit == Unit.PERCENT else [])]

    def cells(row: Reading) -> list[object]:
        name = period_named(measure.period, row.starts_on, row.ends_on, terms).name
        found: list[object] = [name, *([row.group] if groups else [])]
        if measure.is_average:
            return [*found, row.value, *([row.number] if measure.person_based else [])]
        return [*found, row.number, *([row.base] if measure.unit == Unit.PERCENT else [])]

    return table(["Period", *groups, *numbers], [cells(row) for row in rows])


def told_rows(told: Told, terms: TermSource) -> list[list[str | date | Decimal | int]]:
    """What everybody may know, as rows of a file: measure, whose, period, group, unit, figure.

    A figure is the page's: a number, or in words why there is none.
    """
    measure = told.measure
    rows = sorted([*told.wholes, *told.groups], key=lambda e: (e.starts_on, e.ends_on, e.group))
    return [
        [
            measure.name,
            measure.organisation.name,
            _name(measure, each, terms),
            each.starts_on,
            each.ends_on,
            each.group or "All",
            UNITS[Unit(measure.unit)],
            gap_of(measure, each) if value is None else value,
            "None" if measure.target is None else measure.target,
            SMALL if measure.person_based else AS_COUNTED,
        ]
        for each in rows
        for value in [value_of(measure, each)]
    ]


def _points(rows: Sequence[PublishedReading], told: Told, terms: TermSource) -> list[Point]:
    measure = told.measure
    return [
        Point(
            _name(measure, each, terms),
            each.starts_on,
            each.ends_on,
            value_of(measure, each),
            gap_of(measure, each),
        )
        for each in rows
    ]


def _years(told: Told, frame: str) -> list[Year]:
    if not told.wholes:
        return []
    first = min(each.starts_on for each in told.wholes)
    last = max(each.ends_on for each in told.wholes)
    kind: type[AcademicYear] | type[FinancialYear] = (
        FinancialYear if frame == FINANCIAL else AcademicYear
    )
    return [Year(each.label, each.start, each.end) for each in kind.between(first, last)]


def _said(measure: Measure, told: PublishedReading | None, terms: TermSource) -> str:
    if told is None:
        return "None yet"
    words = value_words(measure, told)
    return f"{words[:1].upper()}{words[1:]}, {_name(measure, told, terms)}"


def _waits(actor: Actor, told: Told) -> Component | str:
    """That a reading is missing, for those who measure; to others nothing is late."""
    ours = told.measure.organisation_id == actor.organisation_id
    return tag("Reading needed", "yellow") if ours and told.wholes else "None yet"


def _name(measure: Measure, told: PublishedReading, terms: TermSource) -> str:
    return period_named(measure.period, told.starts_on, told.ends_on, terms).name


def _within(label: str) -> str:
    """A label within a sentence: month, NHS quarter."""
    return label if label[:2].isupper() else label.lower()


def _bare(value: Decimal | int) -> Decimal | int:
    """A whole number without its decimals."""
    return int(value) if value == int(value) else value


def _amount(measure: Measure, value: Decimal | int) -> str:
    words = f"{value:,}"
    words = words.removesuffix(".0")
    return f"{words}%" if measure.unit == Unit.PERCENT else words


def _rule(measure: Measure, told: PublishedReading) -> Rule:
    """The rule for small numbers, with the least base that the library asks of this measure."""
    rule = told.told_by
    if not measure.person_based:
        return replace(rule, min_base=0)
    known = measures().get(measure.library)
    return replace(rule, min_base=max(rule.min_base, known.min_base if known else 0))


def _token(status: str, shown: int | None) -> Token:
    return Token(TokenStatus(status), shown) if status else Token(TokenStatus.WITHHELD)


def periods_in(told: Told) -> set[date]:
    """Days that lie in the years of its readings, to know their terms by."""
    return {day for each in told.wholes for day in (each.starts_on, each.ends_on)}
