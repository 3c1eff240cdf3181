"""Whatever the values, words and periods: a chart is well formed, in its box, and shows no gap."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from frontend.chart_axis import axis
from frontend.chart_text import fitted, plain, width, wrapped
from frontend.charts import Bar, Line, Point, Series, Year, bars, chart
from frontend.components import Component
from tests.frontend.drawings import SVG, cells, coordinates, drawing, foot, middle, paths

MASKED = "Masked: 1 to 7"
FIRST = date(2024, 9, 1)

VALUES = st.one_of(
    st.integers(0, 10**40),
    st.decimals(0, 100, places=2),
    st.decimals(min_value=0, max_value=Decimal("1E+300"), allow_nan=False, allow_infinity=False),
    st.decimals(min_value=0, max_value=1, places=60),
    st.integers(0, 20),
)
REASONS = st.one_of(
    st.sampled_from([MASKED, "Withheld", "No reading yet", "Not shared"]), st.text(min_size=1)
)
LABELS = st.text(max_size=60)


@st.composite
def any_series(draw: st.DrawFn) -> list[Series]:
    days = sorted(draw(st.sets(st.integers(1, 3_650_000), min_size=1, max_size=14)))
    made = []
    for _ in range(draw(st.integers(1, 6))):
        row = []
        for day, after in zip(days, [*days[1:], days[-1] + 40], strict=True):
            value = draw(st.none() | VALUES)
            gap = "" if value is not None else draw(REASONS)
            starts, ends = date.fromordinal(day), date.fromordinal(min(after - 1, 3_652_059))
            row.append(Point(draw(LABELS), starts, ends, value, gap))
        made.append(Series(draw(LABELS), row))
    return made


@st.composite
def any_chart(draw: st.DrawFn) -> tuple[Component, list[Series]]:
    series = draw(any_series())
    lines = draw(st.lists(st.builds(Line, LABELS, VALUES), max_size=4))
    day = series[0].points[0].starts
    years = [
        Year(draw(LABELS), day, min(date.max - timedelta(2), day) + timedelta(days=1)),
        Year(draw(LABELS), day, date.max),
    ]
    component = chart(
        finding="It rose.", unit=draw(LABELS), series=series, lines=lines, years=years
    )
    return component, series


def check_inside(svg: ElementTree.Element) -> None:
    """Every coordinate lies inside the view box, and no words leave it."""
    left, top, wide, high = map(float, svg.attrib["viewBox"].split())
    for element in svg.iter(f"{SVG}path"):
        for x, y in coordinates(element.attrib["d"]):
            assert left <= x <= left + wide, element.attrib
            assert top <= y <= top + high, element.attrib
    for element in svg.iter(f"{SVG}text"):
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        assert left <= x <= left + wide, element.text
        assert top <= y <= top + high, element.text
        assert width(element.text or "") <= wide


@settings(max_examples=150, deadline=None)
@given(any_chart())
def test_any_chart_is_well_formed_and_inside_its_box(made: tuple[Component, list[Series]]) -> None:
    component, series = made
    rows = cells(component)
    assert len(rows) >= len(series[0].points)
    values = [point.value for one in series for point in one.points]
    shown_values = [value for value in values if value is not None]
    if not shown_values:
        assert "<svg" not in str(component)
        return
    svg = drawing(component)
    check_inside(svg)
    markers = [middle(corners) for corners in paths(svg, "app-chart__marker")]
    assert len(markers) == len(shown_values)
    assert len(paths(svg, "app-chart__gap")) == len(values) - len(shown_values)
    bottom = foot(svg)
    assert all(y <= bottom + 0.01 for _, y in markers)
    assert all(min(y for _, y in box) > bottom for box in paths(svg, "app-chart__gap"))


@settings(max_examples=150, deadline=None)
@given(any_series())
def test_no_line_passes_a_gap(series: list[Series]) -> None:
    one = series[0]
    component = chart(finding="A", unit="B", series=[one])
    runs, run = [], 0
    for point in (*one.points, Point("", FIRST, FIRST, None, MASKED)):
        if point.value is not None:
            run += 1
            continue
        runs += [run] if run > 1 else []
        run = 0
    lines = paths(drawing(component), "app-chart__line") if "<svg" in str(component) else []
    assert [len(line) for line in lines] == runs


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(LABELS, st.none() | VALUES), min_size=1, max_size=12))
def test_any_bars_are_well_formed_and_inside_their_box(
    made: list[tuple[str, Decimal | int | None]],
) -> None:
    component = bars(finding="A", unit="B", rows=[Bar(label, value) for label, value in made])
    assert len(cells(component)) == len(made)
    if "<svg" in str(component):
        check_inside(drawing(component))


@given(VALUES, st.booleans())
def test_an_axis_is_round_and_holds_its_values(value: Decimal | int, whole: bool) -> None:
    made = axis(Decimal(value), ceiling=None, whole=whole and isinstance(value, int))
    ticks = list(made.ticks())
    assert 2 <= len(ticks) <= 5
    assert [share for share, _ in ticks][:: len(ticks) - 1] == [0, 1]
    assert ticks[0][1] == "0"
    assert 0 <= made.share(value) <= 1
    assert made.step.normalize().as_tuple().digits in ((1,), (2,), (5,), (2, 5))


@given(st.text(), st.floats(0, 400))
def test_words_are_cut_to_their_room(text: str, room: float) -> None:
    text = plain(text)
    assert width(fitted(text, room)) <= room
    assert all(width(line) <= room for line in wrapped(text, room))
