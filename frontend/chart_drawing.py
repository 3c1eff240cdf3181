"""What charts are drawn with: strokes and words on a sheet that is narrow enough for a phone.

A sheet is 320 units wide. A phone of 320 pixels leaves it 288, so that type of 14 units is 12.6
pixels tall there; the style sheet lets it grow to the size of the page's type and no further.
Every path is of absolute `M`, `L` and `Z`; colours, dashes and widths are classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from frontend.chart_text import LINE, SIZE, fitted, width

WIDTH = 320
MARGIN = 4
SAMPLE = 32
MARKERS = ("dot", "square", "triangle", "diamond", "plus", "cross")
HATCHES = ("/", "\\", "/\\", "")
HATCH_STEP = 6
LEVELS = 3
HALF = 4.5

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path and the classes that colour it."""

    path: str
    classes: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `anchor` is which of its ends is at `x`: start, middle, end."""

    x: float
    y: float
    text: str
    anchor: str = "start"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, as estimated."""
        room = width(self.text)
        left = self.x - {"start": 0, "middle": room / 2, "end": room}[self.anchor]
        return left, self.y - SIZE, left + room, self.y + LINE - SIZE

    def meets(self, other: Words) -> bool:
        """Whether the two would be printed over each other."""
        left, top, right, bottom = self.box
        left_2, top_2, right_2, bottom_2 = other.box
        return left < right_2 and left_2 < right and top < bottom_2 and top_2 < bottom


@dataclass
class Sheet:
    """What is drawn so far, and how far down it reaches."""

    bottom: float = MARGIN
    strokes: list[Stroke] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    @property
    def height(self) -> int:
        """The height of the whole drawing."""
        return int(self.bottom + 2 * MARGIN)

    def stroke(self, points: Sequence[Pair], classes: str, *, closed: bool = False) -> None:
        """A line through the points."""
        self.strokes.append(Stroke(path(points, closed=closed), classes))

    def write(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        """A line of text, moved sideways where it would leave the sheet."""
        if not text:
            return
        left, _, right, _ = Words(x, y, text, anchor).box
        x += max(MARGIN - left, 0) or min(WIDTH - MARGIN - right, 0)
        self.words.append(Words(round(x, 2), round(y, 2), text, anchor))

    def line_of_words(self, text: str, x: float = MARGIN) -> float:
        """A line of text beneath all that is there; the height of its middle."""
        self.write(x, self.bottom + SIZE, fitted(text, WIDTH - MARGIN - x))
        self.bottom += LINE
        return self.bottom - LINE / 2 - 1

    def key_of_series(self, number: int, text: str) -> None:
        """A row of the key: the line and the marker of a series, and its name."""
        middle = self.line_of_words(text, MARGIN + SAMPLE + 8)
        self.stroke(
            [(MARGIN, middle), (MARGIN + SAMPLE, middle)],
            f"app-chart__sample app-chart__line app-chart__series--{number + 1}",
        )
        self.marker(MARGIN + SAMPLE / 2, middle, number, "app-chart__sample ")

    def key_of_level(self, number: int, text: str) -> None:
        """A row of the key: a line across the chart, and what it stands for."""
        middle = self.line_of_words(text, MARGIN + SAMPLE + 8)
        self.level(MARGIN, MARGIN + SAMPLE, middle, number, "app-chart__sample ")

    def key_of_gap(self, number: int, text: str) -> None:
        """A row of the key: a hatching, and why no value is shown there."""
        middle = self.line_of_words(text, MARGIN + SAMPLE + 8)
        self.hatched(MARGIN, middle - 6, MARGIN + SAMPLE, middle + 6, number, "app-chart__sample ")

    def level(self, left: float, right: float, y: float, number: int, also: str = "") -> None:
        """A level line; each of the first three has other dashes."""
        classes = f"{also}app-chart__level app-chart__level--{number % LEVELS + 1}"
        self.stroke([(left, y), (right, y)], classes)

    def marker(self, x: float, y: float, number: int, also: str = "") -> None:
        """The marker of a series around a point; each series has another shape."""
        shape = MARKERS[number]
        classes = f"{also}app-chart__marker app-chart__marker--{shape}"
        self.strokes.append(
            Stroke(_marker(x, y, shape), f"{classes} app-chart__series--{number + 1}")
        )

    def hatched(
        self, left: float, top: float, right: float, bottom: float, number: int, also: str = ""
    ) -> None:
        """A hollow box filled with lines, for a value that is not shown."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.stroke(corners, f"{also}app-chart__gap", closed=True)
        lines = [
            path(line)
            for way in HATCHES[number % len(HATCHES)]
            for line in _hatching(left, top, right, bottom, rising=way == "/")
        ]
        if lines:
            self.strokes.append(Stroke(" ".join(lines), f"{also}app-chart__hatch"))


def path(points: Sequence[Pair], *, closed: bool = False) -> str:
    """The points as the `d` of a path."""
    joined = " L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    return f"M{joined}{' Z' if closed else ''}"


def _marker(x: float, y: float, shape: str) -> str:
    side = HALF - 0.5
    if shape == "dot":
        return path([(x, y), (x, y)])
    if shape == "plus":
        return f"{path([(x - HALF, y), (x + HALF, y)])} {path([(x, y - HALF), (x, y + HALF)])}"
    if shape == "cross":
        rising = path([(x - side, y + side), (x + side, y - side)])
        return f"{rising} {path([(x - side, y - side), (x + side, y + side)])}"
    corners = {
        "square": [(x - side, y - side), (x + side, y - side), (x + side, y + side)],
        "triangle": [(x, y - HALF), (x + HALF, y + HALF)],
        "diamond": [(x, y - HALF), (x + HALF, y), (x, y + HALF)],
    }[shape]
    last = {
        "square": (x - side, y + side),
        "triangle": (x - HALF, y + HALF),
        "diamond": (x - HALF, y),
    }[shape]
    return path([*corners, last], closed=True)


def _hatching(
    left: float, top: float, right: float, bottom: float, *, rising: bool
) -> list[list[Pair]]:
    """Slanting lines that fill a box and do not leave it."""
    high = bottom - top
    lines = []
    foot = left - high + HATCH_STEP / 2
    while foot < right:
        ends = max(foot, left), min(foot + high, right)
        heights = [end - foot for end in ends]
        lines.append(
            [(x, bottom - up if rising else top + up) for x, up in zip(ends, heights, strict=True)]
        )
        foot += HATCH_STEP
    return lines
