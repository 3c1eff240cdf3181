"""Charts for pages: a figure with its finding, a drawing, and a table of all that is drawn.

`chart` is lines over time, `bars` is one bar a row. Both are made on the server as SVG and need
neither script nor inline style. A value that may not be shown is a `Point` or `Bar` without a
value and with the reason in words; it is drawn as a hatched box off the scale, never as zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from frontend import chart_bars, chart_over_time
from frontend.chart_axis import Axis, axis
from frontend.chart_data import Bar, Line, Point, Series, Year, aligned, amount, gap_of
from frontend.chart_drawing import WIDTH, Sheet
from frontend.chart_text import number, plain
from frontend.components import Column, Component, table
from frontend.wording import counted, date_words

__all__ = ["Bar", "Line", "Point", "Series", "Year", "bars", "chart"]

NAME = re.compile(r"[A-Za-z][\w-]*")
# Columns of a table that has room beside the drawing.
MOST_BESIDE = 4
NOTHING = "There is nothing to draw yet."
NOTHING_SHOWN = "No value can be shown. The table says why."


def chart(
    *,
    finding: str,
    unit: str,
    series: Sequence[Series],
    lines: Sequence[Line] = (),
    years: Sequence[Year] = (),
    ceiling: Decimal | None = None,
    id: str = "",
) -> Component:
    """Lines over time, with the finding as caption and the table beside.

    `unit` says in words what is counted: "Per cent of pupils". `ceiling` is the greatest value
    there can be (100 for percentages), and then the end of the axis. `lines` are of the first of
    the series. `years` are the bands of the frame looked at. The `id` is made of the contents
    unless it is given. Raises ValueError for a value below 0 or above the ceiling, for a value
    given with a reason not to show it, for periods that end before they start or come twice, and
    for more than 6 series.
    """
    rows = aligned(series, ceiling)
    levels = [Line(plain(line.label), amount(line.value, ceiling)) for line in lines]
    frames = [replace(year, label=plain(year.label)) for year in years]
    values = [point.value for one in rows for point in one.points if point.value is not None]
    unit = plain(unit)
    sheet = None
    if values:
        scale = _axis([*values, *(line.value for line in levels)], ceiling)
        sheet = chart_over_time.draw(unit=unit, series=rows, lines=levels, years=frames, axis=scale)
    drawn = any(one.points for one in rows)
    return _figure(
        id=id,
        finding=finding,
        title=f"Line chart: {unit}",
        description=_over_time_in_words(rows) if drawn else "",
        sheet=sheet,
        instead=NOTHING_SHOWN if drawn else NOTHING,
        data=_table_over_time(unit, rows, levels, frames) if drawn or levels else "",
    )


def bars(
    *,
    finding: str,
    unit: str,
    rows: Sequence[Bar],
    ceiling: Decimal | None = None,
    id: str = "",
) -> Component:
    """One bar a row, for values of sessions or groups. See `chart` for the parameters."""
    clean = [replace(bar, label=plain(bar.label), gap=gap_of(bar.value, bar.gap)) for bar in rows]
    values = [amount(bar.value, ceiling) for bar in clean if bar.value is not None]
    unit = plain(unit)
    sheet = None
    if values:
        sheet = chart_bars.draw(unit=unit, rows=clean, axis=_axis(values, ceiling))
    return _figure(
        id=id,
        finding=finding,
        title=f"Bar chart: {unit}",
        description=f"{counted(len(clean), 'bar')}. {_missing(clean)}",
        sheet=sheet,
        instead=NOTHING_SHOWN if clean else NOTHING,
        data=table(
            ["Name", Column(unit, numeric=True)],
            [[bar.label, _cell(bar)] for bar in clean],
            caption=f"Values: {unit}",
            caption_size="s",
        )
        if clean
        else "",
    )


def _axis(values: Sequence[Decimal | int], ceiling: Decimal | None) -> Axis:
    whole = all(isinstance(value, int) for value in values)
    return axis(max(map(Decimal, values)), ceiling=ceiling, whole=whole)


def _figure(
    *,
    id: str,
    finding: str,
    title: str,
    description: str,
    sheet: Sheet | None,
    instead: str,
    data: Component | str,
) -> Component:
    finding = plain(finding)
    if not finding:
        raise ValueError("A chart needs a sentence that says what it shows")
    contents = repr((finding, title, description, sheet, data)).encode()
    name = id or f"chart-{sha256(contents).hexdigest()[:12]}"
    if not NAME.fullmatch(name):
        raise ValueError(f"Not fit for an id: {name}")
    params: dict[str, Any] = {
        "id": name,
        "finding": finding,
        "title": title,
        "description": description,
        "sheet": sheet,
        "sheet_width": WIDTH,
        "instead": instead,
        "data": data,
        "broad": isinstance(data, Component) and len(data.params["columns"]) > MOST_BESIDE,
    }
    return Component("components/chart.jinja", params)


def _over_time_in_words(series: Sequence[Series]) -> str:
    points = [point for one in series for point in one.points]
    names = ", ".join(one.name for one in series)
    begins = date_words(min(point.starts for point in points))
    ends = date_words(max(point.ends for point in points))
    return f"{names}, from {begins} to {ends}. {_missing(points)}"


def _missing(points: Iterable[Point | Bar]) -> str:
    count = sum(1 for point in points if point.gap)
    none = f"{counted(count, 'value is', 'values are')} not shown. " if count else ""
    return f"{none}The table after the chart has the same values."


def _cell(point: Point | Bar) -> str:
    return point.gap if point.value is None else number(point.value)


def _table_over_time(
    unit: str, series: Sequence[Series], lines: Sequence[Line], years: Sequence[Year]
) -> Component:
    names = [one.name for one in series] or [unit]
    rows = [
        [points[0].label, *_years_of(points[0], years), *map(_cell, points)]
        for points in zip(*(one.points for one in series), strict=True)
    ]
    rows += [
        [line.label, *([""] if years else []), number(line.value), *([""] * (len(names) - 1))]
        for line in lines
    ]
    columns: list[Column | str] = [
        "Period",
        *(["Year"] if years else []),
        *(Column(name, numeric=True) for name in names),
    ]
    return table(columns, rows, caption=f"Values: {unit}", caption_size="s")


def _years_of(point: Point, years: Sequence[Year]) -> list[str]:
    """In which of the years the middle of a period lies."""
    if not years:
        return []
    middle = point.starts + (point.ends - point.starts) / 2
    return [", ".join(year.label for year in years if year.starts <= middle <= year.ends)]
