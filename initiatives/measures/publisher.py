"""The one place where readings become what others may see.

Every page, table and file reads what this wrote, never a raw reading of somebody else's. What was
published before is remembered for each measure: a correction or a further period is told only as
far as nobody can work a small number out of everything together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from initiatives.measures.models import (
    WHOLE,
    Measure,
    PublishedReading,
    Reading,
    ReadingPublication,
    Unit,
)
from initiatives.small_numbers.selectors import rule_for
from initiatives.suppression.publishing import average_allowed, publish
from initiatives.suppression.rules import Rule, stricter
from initiatives.suppression.tables import Figure, Publication, Status, Told

# Shares are told of wholes first; the base of a share before its numerator.
WHOLE_BASE, WHOLE_NUMBER, GROUP_BASE, GROUP_NUMBER = range(4)

# In place of the code of a rule: numbers that are not of people.
AS_COUNTED = ""

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Sum:
    """Readings that are told as one number: a group's, or all of a period."""

    span: Span
    group: str
    parts: Sequence[Reading]

    @property
    def key(self) -> str:
        """How its figures are known: the days and the group."""
        return f"{self.span[0]}|{self.span[1]}|{self.group}"

    @property
    def number(self) -> int:
        """The numerator or the count."""
        return sum(each.number or 0 for each in self.parts)

    @property
    def base(self) -> int | None:
        """The denominator, if there is one."""
        bases = [each.base for each in self.parts if each.base is not None]
        return sum(bases) if bases else None

    def atoms(self, *names: str) -> frozenset[str]:
        """The numbers that nobody outside knows: of each reading those who are counted, `n`, and
        those who are not, `c`."""
        return frozenset(f"r{each.pk}{name}" for each in self.parts for name in names)


@contextmanager
def raw_readings(measure: Measure) -> Iterator[None]:
    """Within the transaction, read every raw reading of a measure of the acting organisation."""
    _set(str(measure.pk))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set("")


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.publishing_measure', %s, true)", [value])


def publish_readings(measure: Measure) -> None:
    """Publish what was read of a measure and has not been published yet."""
    with raw_readings(measure):
        sums = _sums(measure)
        if not measure.person_based:
            for each in sums:
                _save(measure, each, _as_counted(each.number), _as_counted(each.base), _value(each))
            return
        before = _before(measure)
        # Never less strict than what was published before: those figures are compared with these.
        rule = stricter([rule_for(measure.partnership_id), *(each.rule for each in before)])
        known = {key: of for each in before for key, of in each.figures.items()}
        new = [each for each in sums if known.get(f"{each.key}|n") != each.atoms("n")]
        figures = [figure for each in new for figure in _figures(measure, each)]
        if not figures:
            return
        told = publish(figures, rule, before)
        _remember(measure, rule, figures, told)
        for each in new:
            number = told[f"{each.key}|n"]
            value = _value(each) if _tells_average(measure, each, number, rule) else None
            _save(measure, each, number, told.get(f"{each.key}|d"), value, rule.code)


def _sums(measure: Measure) -> list[Sum]:
    """Every number that may be told: the groups of each period, and the whole."""
    rows = Reading.objects.filter(measure=measure, superseded_at=None).order_by("starts_on", "pk")
    periods: dict[Span, list[Reading]] = defaultdict(list)
    for row in rows:
        periods[row.starts_on, row.ends_on].append(row)
    found = []
    for span, parts in periods.items():
        found.append(Sum(span, WHOLE, parts))
        found += [Sum(span, each.group, [each]) for each in parts if each.group != WHOLE]
    return found


def _figures(measure: Measure, one: Sum) -> list[Figure]:
    whole = one.group == WHOLE
    together = "" if whole else f"{one.span[0]}|{one.span[1]}"
    number = Figure(
        f"{one.key}|n",
        one.atoms("n"),
        one.number,
        WHOLE_NUMBER if whole else GROUP_NUMBER,
        together=together,
    )
    if measure.unit != Unit.PERCENT or one.base is None:
        return [number]
    base = Figure(
        f"{one.key}|d",
        one.atoms("n", "c"),
        one.base,
        WHOLE_BASE if whole else GROUP_BASE,
        together=f"{together}|d" if together else "",
    )
    # 18 of 20 also says 2.
    rest = Figure(f"{one.key}|c", one.atoms("c"), one.base - one.number, number.level, hidden=True)
    return [base, number, rest]


def _as_counted(number: int | None) -> Told | None:
    return None if number is None else Told(Status.SHOWN, number)


def _tells_average(measure: Measure, one: Sum, number: Told, rule: Rule) -> bool:
    """Whether an average is of enough people, also beside those that it replaces.

    Of two averages of nearly the same people the difference says what the few others had.
    """
    if not measure.is_average or not average_allowed(number, rule):
        return False
    replaced = Reading.objects.filter(
        measure=measure,
        starts_on=one.span[0],
        ends_on=one.span[1],
        group=one.group,
        superseded_at__isnull=False,
    )
    counts = replaced.values_list("number", flat=True)
    apart = {abs(one.number - (before or 0)) for before in counts}
    return all(few == 0 or few >= rule.averages_min_n for few in apart)


def _value(one: Sum) -> Any:
    return one.parts[0].value if one.group == WHOLE and len(one.parts) == 1 else None


def _before(measure: Measure) -> list[Publication]:
    return [
        Publication(
            figures={each["key"]: frozenset(each["of"]) for each in row.figures},
            told={
                each["key"]: Told(Status(each["status"]), each["shown"])
                for each in row.figures
                if each["status"]
            },
            rule=Rule(**row.rule),
            levels={each["key"]: each["level"] for each in row.figures},
            together={each["key"]: each["together"] for each in row.figures if each["together"]},
        )
        for row in ReadingPublication.objects.filter(measure=measure).order_by("pk")
    ]


def _remember(
    measure: Measure, rule: Rule, figures: Sequence[Figure], told: dict[str, Told]
) -> None:
    ReadingPublication.objects.create(
        measure=measure,
        organisation_id=measure.organisation_id,
        rule=asdict(rule),
        figures=[
            {
                "key": each.key,
                "of": sorted(each.of),
                "level": each.level,
                "together": each.together,
                "status": str(told[each.key].status) if each.key in told else "",
                "shown": told[each.key].shown if each.key in told else None,
            }
            for each in figures
        ],
    )


def _save(
    measure: Measure,
    one: Sum,
    number: Told | None,
    base: Told | None,
    value: Any,
    rule: str = AS_COUNTED,
) -> None:
    assert number is not None
    told: dict[str, Any] = {
        "number_status": str(number.status),
        "number": number.shown,
        "base_status": str(base.status) if base else "",
        "base": base.shown if base else None,
        "value": value,
        "rule": rule,
    }
    of = {
        "measure": measure,
        "starts_on": one.span[0],
        "ends_on": one.span[1],
        "group": one.group,
    }
    told["published_at"] = timezone.now()
    if PublishedReading.objects.filter(**of).update(**told):
        return
    PublishedReading.objects.create(
        initiative_id=measure.initiative_id,
        partnership_id=measure.partnership_id,
        organisation_id=measure.organisation_id,
        **of,
        **told,
    )
