"""What a chart is made of, and what is refused.

The text of every label may come from people: it is text, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from frontend.chart_text import plain

MOST_SERIES = 6
NO_VALUE = "No value"


@dataclass(frozen=True, slots=True)
class Point:
    """The value of a period, or in `gap` the words for why none is shown: "Masked: 1 to 7"."""

    label: str
    starts: date
    ends: date
    value: Decimal | int | None
    gap: str = ""

    @property
    def period(self) -> tuple[date, date]:
        """Its first and its last day."""
        return self.starts, self.ends


@dataclass(frozen=True, slots=True)
class Line:
    """A level across the chart: the baseline, the target."""

    label: str
    value: Decimal | int


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one kind. A period that it lacks and another series has is a gap."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Year:
    """A band along the axis, such as the academic or the financial year 2026/27."""

    label: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the value of a session or a group, or in `gap` why none is shown."""

    label: str
    value: Decimal | int | None
    gap: str = ""


def amount(value: Decimal | int, ceiling: Decimal | None = None) -> Decimal | int:
    """The value itself. Raises ValueError for one that no chart has room for."""
    if not Decimal(value).is_finite() or value < 0:
        raise ValueError("A chart shows numbers from 0 upwards")
    if ceiling is not None and value > ceiling:
        raise ValueError("A value lies above the chart's ceiling")
    return value


def gap_of(value: Decimal | int | None, gap: str) -> str:
    """Why there is no value, in words; "" where there is one.

    Raises ValueError for a value that is given together with a reason not to show it.
    """
    if value is not None and gap:
        raise ValueError("A point has a value or a reason why none is shown, not both")
    return "" if value is not None else plain(gap) or NO_VALUE


def checked_points(points: Iterable[Point], ceiling: Decimal | None) -> list[Point]:
    """The points in order of time, with plain words.

    Raises ValueError for a period that ends before it starts or comes twice.
    """
    clean: list[Point] = []
    for point in sorted(points, key=lambda point: point.period):
        if point.ends < point.starts:
            raise ValueError("A period ends before it starts")
        if clean and clean[-1].period == point.period:
            raise ValueError("A period comes twice in a series")
        gap = gap_of(point.value, point.gap)
        if point.value is not None:
            amount(point.value, ceiling)
        clean.append(replace(point, label=plain(point.label), gap=gap))
    return clean


def aligned(series: Sequence[Series], ceiling: Decimal | None) -> list[Series]:
    """The series with the same periods each, where one lacks a period as a gap.

    Raises ValueError for more series than can be told apart.
    """
    if len(series) > MOST_SERIES:
        raise ValueError(f"A chart has room for {MOST_SERIES} series")
    rows = [checked_points(one.points, ceiling) for one in series]
    periods = {point.period: point.label for row in reversed(rows) for point in row}
    lacking = [
        Point(label, starts, ends, None, NO_VALUE) for (starts, ends), label in periods.items()
    ]
    return [
        Series(plain(one.name), _filled(row, lacking))
        for one, row in zip(series, rows, strict=True)
    ]


def _filled(points: Sequence[Point], lacking: Sequence[Point]) -> list[Point]:
    there = {point.period for point in points}
    missing = (point for point in lacking if point.period not in there)
    return sorted([*points, *missing], key=lambda point: point.period)
