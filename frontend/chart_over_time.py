"""The drawing of a chart over time: a key, the plot, gaps beneath its axis, periods and years.

A value that is not shown has no height. It is a hatched box in a lane beneath the axis, and the
line of its series stops before it and begins again after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from frontend.chart_axis import Axis
from frontend.chart_data import Line, Point, Series, Year
from frontend.chart_drawing import HALF, HATCHES, MARGIN, WIDTH, Pair, Sheet, Words
from frontend.chart_text import LINE, SIZE, fitted, number, width, wrapped

PLOT = 170
LANE = 18
LEVEL_ROOM = 72
LETTERS = "ABCDEF"
LABEL_ROOM = 100
# A year's name is cut only where so much of it stays.
FEWEST_OF_YEAR = 60
MORE = "More reasons: see the table"


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the plot lies on the sheet, and what its two axes mean."""

    left: float
    right: float
    top: float
    axis: Axis
    begins: int
    ends: int

    @property
    def foot(self) -> float:
        """The height of zero."""
        return self.top + PLOT

    def x(self, day: date, *, after: bool = False) -> float:
        """Where a day begins, or with `after` ends."""
        days = day.toordinal() + after - self.begins
        share = min(max(days / (self.ends - self.begins), 0), 1)
        return self.left + share * (self.right - self.left)

    def middle(self, point: Point) -> float:
        """Where the middle of a point's period is."""
        return (self.x(point.starts) + self.x(point.ends, after=True)) / 2

    def y(self, share: float) -> float:
        """The height of a share of the axis."""
        return self.foot - share * PLOT

    def place(self, point: Point) -> Pair | None:
        """Where a point is drawn; None for one without a value."""
        if point.value is None:
            return None
        return self.middle(point), self.y(self.axis.share(point.value))


def draw(
    *, unit: str, series: Sequence[Series], lines: Sequence[Line], years: Sequence[Year], axis: Axis
) -> Sheet:
    """The whole drawing. The series have the same periods, in order."""
    sheet = Sheet()
    reasons = list(dict.fromkeys(point.gap for one in series for point in one.points if point.gap))
    _key(sheet, series, lines, reasons)
    sheet.line_of_words(f"{unit}, {axis.scale}" if axis.scale else unit)
    sheet.bottom += LINE / 2
    plot = _plot(sheet, series, lines, axis)
    sheet.bottom = plot.foot
    _grid(sheet, plot)
    _years(sheet, plot, years)
    _levels(sheet, plot, lines)
    _lanes(sheet, plot, series, reasons)
    _periods(sheet, plot, series[0].points)
    _year_names(sheet, plot, years)
    for count, one in enumerate(series):
        _line(sheet, plot, count, one.points)
    if len(series) > 1:
        _letters(sheet, plot, series)
    return sheet


def _key(
    sheet: Sheet, series: Sequence[Series], lines: Sequence[Line], reasons: Sequence[str]
) -> None:
    for count, one in enumerate(series):
        sheet.key_of_series(count, f"{LETTERS[count]}: {one.name}" if len(series) > 1 else one.name)
    for count, line in enumerate(lines):
        sheet.key_of_level(count, f"{line.label}: {number(line.value)}")
    told = len(HATCHES) if len(reasons) <= len(HATCHES) else len(HATCHES) - 1
    for count, reason in enumerate(reasons[:told]):
        sheet.key_of_gap(count, reason)
    if len(reasons) > told:
        sheet.key_of_gap(told, MORE)
    sheet.bottom += LINE / 2


def _plot(sheet: Sheet, series: Sequence[Series], lines: Sequence[Line], axis: Axis) -> Plot:
    points = [point for one in series for point in one.points]
    ticks = max(width(text) for _, text in axis.ticks())
    names = [min(width(line.label), LEVEL_ROOM) + 4 for line in lines]
    letter = [width("A") + 4] if len(series) > 1 else []
    return Plot(
        left=MARGIN + ticks + 6,
        right=WIDTH - MARGIN - max([*names, *letter, HALF]),
        top=sheet.bottom,
        axis=axis,
        begins=min(point.starts for point in points).toordinal(),
        ends=max(point.ends for point in points).toordinal() + 1,
    )


def _grid(sheet: Sheet, plot: Plot) -> None:
    for share, text in plot.axis.ticks():
        y = plot.y(share)
        kind = "app-chart__grid" if share else "app-chart__foot"
        sheet.stroke([(plot.left, y), (plot.right, y)], kind)
        sheet.write(plot.left - 6, y + SIZE / 3, text, "end")


def _levels(sheet: Sheet, plot: Plot, lines: Sequence[Line]) -> None:
    """The lines across, each with its name in the margin beside it."""
    for count, line in sorted(enumerate(lines), key=lambda pair: -pair[1].value):
        y = plot.y(plot.axis.share(line.value))
        sheet.level(plot.left, plot.right, y, count)
        _beside(sheet, plot, plot.right + 4, y, fitted(line.label, LEVEL_ROOM))


def _beside(sheet: Sheet, plot: Plot, x: float, y: float, text: str) -> None:
    """Words to the right of a height, moved up or down until they meet no others."""
    for away in range(PLOT):
        for middle in (y + away, y - away):
            words = Words(x, middle + SIZE / 3, text)
            inside = plot.top - SIZE <= middle <= plot.foot
            if inside and not any(words.meets(other) for other in sheet.words):
                sheet.write(words.x, words.y, words.text)
                return


def _line(sheet: Sheet, plot: Plot, count: int, points: Sequence[Point]) -> None:
    for stretch in _stretches([plot.place(point) for point in points]):
        if len(stretch) > 1:
            sheet.stroke(stretch, f"app-chart__line app-chart__series--{count + 1}")
        for x, y in stretch:
            sheet.marker(x, y, count)


def _stretches(places: Sequence[Pair | None]) -> Iterator[list[Pair]]:
    """The runs of neighbours that have a value."""
    run: list[Pair] = []
    for place in (*places, None):
        if place is not None:
            run.append(place)
        elif run:
            yield run
            run = []


def _letters(sheet: Sheet, plot: Plot, series: Sequence[Series]) -> None:
    """The letter of each series after its last point; the key says what it stands for."""
    last = []
    for letter, one in zip(LETTERS, series, strict=False):
        places = [place for point in one.points if (place := plot.place(point))]
        last += [(*place, letter) for place in places[-1:]]
    for x, y, letter in sorted(last, key=lambda end: end[1]):
        _beside(sheet, plot, x + HALF + 3, y, letter)


def _lanes(sheet: Sheet, plot: Plot, series: Sequence[Series], reasons: Sequence[str]) -> None:
    """Beneath the axis a row for each series that has gaps."""
    sheet.bottom += 8
    for count, one in enumerate(series):
        gaps = [point for point in one.points if point.gap]
        if not gaps:
            continue
        if len(series) > 1:
            sheet.write(plot.left - 6, sheet.bottom + LANE - 5, LETTERS[count], "end")
        for point, after in zip(gaps, [*gaps[1:], None], strict=True):
            end = plot.x(after.starts) if after else WIDTH - MARGIN
            _gap(sheet, plot, point, min(reasons.index(point.gap), len(HATCHES) - 1), end)
        sheet.bottom += LANE
    sheet.bottom += 2


def _gap(sheet: Sheet, plot: Plot, point: Point, which: int, end: float) -> None:
    """A box for a value that is not shown, with its word inside or else after it, before `end`."""
    left, right = plot.x(point.starts), plot.x(point.ends, after=True)
    bottom = sheet.bottom + LANE - 3
    sheet.hatched(left, sheet.bottom, right, bottom, which)
    word = point.gap.partition(":")[0]
    if width(word) + 4 <= right - left:
        sheet.write((left + right) / 2, bottom - 3, word, "middle")
    elif width(word) + 6 <= end - right:
        sheet.write(right + 3, bottom - 3, word)


def _periods(sheet: Sheet, plot: Plot, points: Sequence[Point]) -> None:
    """The names of as many periods as have room, the last of them always, evenly spaced."""
    blocks = [_block(sheet, plot, point) for point in points]
    for stride in range(1, len(blocks) + 1):
        chosen = blocks[::-1][::stride]
        clear = all(
            not a.meets(b) for block, after in pairwise(chosen) for a in block for b in after
        )
        if clear or stride == len(blocks):
            break
    for words in (words for block in chosen for words in block):
        sheet.write(words.x, words.y, words.text, words.anchor)
    sheet.bottom += LINE * max(map(len, chosen)) + 4


def _block(sheet: Sheet, plot: Plot, point: Point) -> list[Words]:
    """The one or two lines that name a period, in the middle beneath it."""
    lines = wrapped(point.label, LABEL_ROOM)
    half = max(map(width, lines)) / 2 + 3
    x = min(max(plot.middle(point), MARGIN + half), WIDTH - MARGIN - half)
    return [
        Words(x, sheet.bottom + SIZE + LINE * count, line, "middle")
        for count, line in enumerate(lines)
    ]


def _span(plot: Plot, year: Year) -> Pair | None:
    """From where to where a year is seen; None for one outside the chart."""
    left, right = plot.x(year.starts), plot.x(year.ends, after=True)
    return (left, right) if right > left else None


def _years(sheet: Sheet, plot: Plot, years: Sequence[Year]) -> None:
    """A fine upright line where a year begins."""
    for year in years:
        span = _span(plot, year)
        if span and span[0] > plot.left:
            sheet.stroke([(span[0], plot.top), (span[0], plot.foot)], "app-chart__turn")


def _year_names(sheet: Sheet, plot: Plot, years: Sequence[Year]) -> None:
    """Brackets with the names of the years; years of another frame go into a row beneath."""
    rows: list[float] = []
    seen = [(span, year) for year in years if (span := _span(plot, year))]
    for (left, right), year in sorted(seen, key=lambda pair: pair[0]):
        row = next((i for i, taken in enumerate(rows) if taken <= left), len(rows))
        rows[row : row + 1] = [right]
        top = sheet.bottom + row * (LINE + 8)
        bracket = [(left + 1, top + 4), (left + 1, top), (right - 1, top), (right - 1, top + 4)]
        sheet.stroke(bracket, "app-chart__year")
        room = right - left - 4
        if room >= min(width(year.label), FEWEST_OF_YEAR):
            sheet.write((left + right) / 2, top + SIZE + 3, fitted(year.label, room), "middle")
    sheet.bottom += len(rows) * (LINE + 8)
