"""The strip: rows of bars over weeks, each in a lane where it hides no other.

Pure. A place in it is a class for the week in which it begins, one for how many weeks it lasts,
and one for its lane; the style sheet knows them (`_planner.scss`), so no element has a style.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from overview.planner.items import Item
from overview.planner.windows import Window

# Of a strip at its least width, as `_planner.scss` lays it out: how wide all its weeks are
# together, and a letter of a bar's name.
WIDTH, LETTER = 800, 6.6
# A lane more than that would not be seen on the printed page.
MOST_LANES = 9
_LONGEST = 54


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing in the strip: its words, and the classes that say where it stands."""

    label: str
    hidden: str
    href: str
    classes: str
    weeks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its heading; `note` says what its heading cannot."""

    key: str
    name: str
    bars: list[Bar]
    note: str = ""
    lanes: int = 1
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip of a window. `today` is where today stands in it, as classes."""

    rows: list[Row]
    columns: int
    today: str = ""

    @property
    def tall(self) -> int:
        """How many lanes it has in all: what the printed page shares its height by."""
        return min(80, sum(row.lanes for row in self.rows))


@dataclass(slots=True)
class Lanes:
    """What is in each lane already: from where to where, in weeks."""

    taken: list[list[tuple[float, float]]] = field(default_factory=list)

    def place(self, first: float, last: float) -> int | None:
        """The first lane that is free there, from 1; None when the row has no more."""
        for number, spans in enumerate(self.taken):
            if all(last <= begins or first >= ends for begins, ends in spans):
                spans.append((first, last))
                return number + 1
        if len(self.taken) == MOST_LANES:
            return None
        self.taken.append([(first, last)])
        return len(self.taken)


def place_classes(first: int, weeks: int, *more: str) -> str:
    """The classes of a place in a row."""
    return " ".join([f"app-w-{first}", f"app-s-{weeks}", *more])


def cells(window: Window, parts: Iterable[tuple[date, date, str, str, str, str]]) -> list[Bar]:
    """Parts that follow each other and fill a row: their days, words, hidden words, link, class.

    A week that two of them share belongs to the one in which it begins.
    """
    found = []
    for first, last, label, hidden, href, classes in parts:
        if last < window.first or first > window.last:
            continue
        begins, ends = window.column(first), window.column(last)
        found.append((begins, ends, label, hidden, href, classes))
    bars = []
    for number, (begins, ends, label, hidden, href, classes) in enumerate(found):
        following = found[number + 1][0] if number + 1 < len(found) else ends + 1
        weeks = max(1, min(ends, following - 1) - begins + 1)
        bars.append(
            Bar(label, hidden, href, place_classes(begins, weeks, classes), (begins, weeks))
        )
    return bars


def lay_out(
    window: Window,
    key: str,
    name: str,
    items: Sequence[Item],
    note: str = "",
    *,
    marks: bool = False,
) -> Row:
    """A row of items in lanes, long ones first where they begin together.

    A bar has its name above it; a mark, which is for one day, stands before its name.
    """
    columns = len(window.weeks)
    letter = LETTER / (WIDTH / columns)
    lanes, bars, left_out = Lanes(), [], 0
    for item in sorted(items, key=lambda i: (i.first, -(i.last - i.first).days, i.name)):
        if item.last < window.first or item.first > window.last:
            continue
        first, last = window.column(item.first), window.column(item.last)
        label = _cut(item.label)
        long = (len(label) + (3.5 if marks else 2)) * letter
        backwards = first - 1 + long > columns and last - long >= 0
        begins = min(first - 1, last - long) if backwards else first - 1
        ends = last if backwards else max(last, first - 1 + long)
        lane = lanes.place(begins, ends)
        if lane is None:
            left_out += 1
            continue
        look = "mark" if marks else item.severity or "plain"
        more = [f"app-lane-{lane}", f"app-bar--{look}"]
        if backwards:
            more.append("app-bar--backwards")
        if not item.sure:
            more.append("app-bar--expected")
        hidden = f"{item.name}, {item.in_full}" if label != item.name else item.in_full
        classes = place_classes(first, last - first + 1, *more)
        bars.append(Bar(label, hidden, item.href, classes, (first, last - first + 1)))
    return Row(key, name, bars, note, max(1, len(lanes.taken)), left_out)


def _cut(label: str) -> str:
    if len(label) <= _LONGEST:
        return label
    return label[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
