"""The drawing of bars: each with its name above, its value after it, all from one upright axis."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from frontend.chart_axis import Axis
from frontend.chart_data import Bar
from frontend.chart_drawing import HATCHES, MARGIN, WIDTH, Sheet
from frontend.chart_text import SIZE, fitted, number, width, wrapped

THICK = 16
ABOVE = 4
APART = 12
# A box that stands for no value begins clear of the axis and is of one length, whatever it hides.
GAP_FROM = MARGIN + 8
GAP_TO = GAP_FROM + 40


def draw(*, unit: str, rows: Sequence[Bar], axis: Axis) -> Sheet:
    """The whole drawing. The rows are checked."""
    sheet = Sheet()
    sheet.line_of_words(unit)
    sheet.bottom += APART
    top = sheet.bottom
    reasons = list(dict.fromkeys(bar.gap for bar in rows if bar.gap))
    numbers = max((width(number(bar.value)) for bar in rows if bar.value is not None), default=0)
    longest = WIDTH - 2 * MARGIN - numbers - 6
    for bar in rows:
        for words in wrapped(bar.label, WIDTH - 3 * MARGIN):
            sheet.line_of_words(words, 2 * MARGIN)
        if bar.value is None:
            _gap(sheet, bar.gap, min(reasons.index(bar.gap), len(HATCHES) - 1))
        else:
            _bar(sheet, bar.value, axis.share(bar.value) * longest)
        sheet.bottom += THICK + APART
    sheet.stroke([(MARGIN, top), (MARGIN, sheet.bottom - APART / 2)], "app-chart__foot")
    return sheet


def _bar(sheet: Sheet, value: Decimal | int, long: float) -> None:
    top = sheet.bottom + ABOVE
    bottom = top + THICK
    if long:
        right = MARGIN + long
        corners = [(MARGIN, top), (right, top), (right, bottom), (MARGIN, bottom)]
        sheet.stroke(corners, "app-chart__bar app-chart__series--1", closed=True)
    sheet.write(MARGIN + long + 4, top + SIZE - 1, number(value))


def _gap(sheet: Sheet, reason: str, which: int) -> None:
    top = sheet.bottom + ABOVE
    sheet.hatched(GAP_FROM, top, GAP_TO, top + THICK, which)
    words = fitted(reason, WIDTH - MARGIN - GAP_TO - 6)
    sheet.write(GAP_TO + 6, top + SIZE - 1, words)
