"""Charts: what is drawn lies where its value says; what may not be shown is never a value."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from frontend.chart_axis import axis
from frontend.charts import Bar, Line, Point, Series, Year, bars, chart
from tests.frontend.drawings import SVG, cells, drawing, foot, middle, paths, texts
from tests.frontend.page import read

NASTY = "<script>alert(1)</script>\"'&"
MASKED = "Masked: 1 to 7"
FIRST = date(2024, 9, 1)


def points(*values: Decimal | int | str) -> list[Point]:
    """A point a month; words instead of a value are why there is none."""
    made = []
    for count, value in enumerate(values):
        starts = FIRST + timedelta(days=30 * count)
        ends = starts + timedelta(days=29)
        label = f"Month {count + 1}"
        if isinstance(value, str):
            made.append(Point(label, starts, ends, None, value))
        else:
            made.append(Point(label, starts, ends, value))
    return made


def drawn(*values: Decimal | int | str, ceiling: Decimal | None = None) -> ElementTree.Element:
    """The drawing of one series."""
    return drawing(
        chart(
            finding="It rose.",
            unit="Pupils",
            series=[Series("Pupils", points(*values))],
            ceiling=ceiling,
        )
    )


def test_a_value_lies_where_the_axis_says() -> None:
    svg = drawn(0, 50, 100, ceiling=Decimal(100))
    bottom = foot(svg)
    top = min(path[0][1] for path in paths(svg, "app-chart__grid"))
    heights = [y for _, y in map(middle, paths(svg, "app-chart__marker"))]
    assert heights == pytest.approx([bottom, (bottom + top) / 2, top])
    assert [text for text in texts(svg) if text.isdecimal()] == ["0", "25", "50", "75", "100"]


def test_a_masked_value_is_no_point_and_breaks_the_line() -> None:
    svg = drawn(10, 20, MASKED, 30, 40)
    assert len(paths(svg, "app-chart__marker")) == 4
    before, after = paths(svg, "app-chart__line")
    (box,) = paths(svg, "app-chart__gap")
    left, right = min(x for x, _ in box), max(x for x, _ in box)
    assert max(x for x, _ in before) < left < right < min(x for x, _ in after)
    assert min(y for _, y in box) > foot(svg)
    assert MASKED in texts(svg)
    assert "Masked" in texts(svg)


def test_a_value_given_with_a_reason_not_to_show_it_is_refused() -> None:
    leaking = [Series("A", [Point("Autumn", FIRST, FIRST, 3, MASKED)])]
    with pytest.raises(ValueError, match="not both"):
        chart(finding="A", unit="Pupils", series=leaking)
    with pytest.raises(ValueError, match="not both"):
        bars(finding="A", unit="Pupils", rows=[Bar("A", 3, MASKED)])


def test_a_point_alone_is_a_dot_without_a_line() -> None:
    for values in ((12,), (MASKED, 12, MASKED)):
        svg = drawn(*values)
        assert paths(svg, "app-chart__line") == []
        assert len(paths(svg, "app-chart__marker")) == 1


def test_points_are_joined_in_order_of_time() -> None:
    svg = drawing(
        chart(finding="A", unit="B", series=[Series("C", list(reversed(points(1, 2, 3))))])
    )
    (line,) = paths(svg, "app-chart__line")
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(line))


def test_a_period_that_one_series_lacks_is_a_gap_of_its_line() -> None:
    whole, lacking = points(1, 2, 3), points(1, 2, 3)
    del lacking[1]
    component = chart(
        finding="A", unit="B", series=[Series("Whole", whole), Series("Lacking", lacking)]
    )
    assert len(paths(drawing(component), "app-chart__line")) == 1
    assert cells(component)[1] == ["Month 2", "2", "No value"]


def test_levels_are_drawn_named_and_in_the_table() -> None:
    component = chart(
        finding="A",
        unit="Per cent",
        series=[Series("Attendance", points(Decimal("92.50")))],
        lines=[Line("Baseline", Decimal("91.0")), Line("Target", 95)],
        ceiling=Decimal(100),
    )
    svg = drawing(component)
    levels = paths(svg, "app-chart__level")
    assert len(levels) == 2
    assert all(y == other for (_, y), (_, other) in levels)
    dashes = {e.attrib["class"].split()[-1] for e in svg.iter() if "level" in e.get("class", "")}
    assert len(dashes) == 2
    for words in ("Baseline", "Target", "Baseline: 91.0", "Target: 95"):
        assert texts(svg).count(words) == 1
    assert cells(component) == [["Month 1", "92.50"], ["Baseline", "91.0"], ["Target", "95"]]


def test_years_of_either_frame_are_bands_and_a_column() -> None:
    academic = [Year("2024/25", date(2024, 9, 1), date(2025, 8, 31))]
    financial = [
        Year("24 to 25", date(2024, 4, 1), date(2025, 3, 31)),
        Year("25 to 26", date(2025, 4, 1), date(2026, 3, 31)),
        Year("26 to 27", date(2026, 4, 1), date(2027, 3, 31)),
    ]
    of_a_year = points(*range(12))
    for years, names in ((academic, ["2024/25"]), (financial, ["24 to 25", "25 to 26"])):
        component = chart(finding="A", unit="B", series=[Series("C", of_a_year)], years=years)
        svg = drawing(component)
        assert len(paths(svg, "app-chart__year")) == len(names)
        assert [text for text in texts(svg) if text in names] == names
        assert sorted({row[1] for row in cells(component)}) == names
    both = chart(
        finding="A", unit="B", series=[Series("C", of_a_year)], years=[*academic, *financial]
    )
    rows = {path[1][1] for path in paths(drawing(both), "app-chart__year")}
    assert len(rows) == 2
    assert cells(both)[0][1] == "2024/25, 24 to 25"


def test_the_table_has_every_value_and_every_reason() -> None:
    component = chart(
        finding="A",
        unit="Pupils",
        series=[Series("North", points(1, MASKED)), Series("South", points("Withheld", 12345))],
    )
    assert cells(component) == [["Month 1", "1", "Withheld"], ["Month 2", MASKED, "12,345"]]


def test_series_differ_without_colour() -> None:
    series = [Series(f"Number {i}", points(i, i + 1)) for i in range(6)]
    svg = drawing(chart(finding="A", unit="Pupils", series=series))
    markers = [
        next(c for c in element.attrib["class"].split() if "marker--" in c)
        for element in svg.iter(f"{SVG}path")
        if "app-chart__sample app-chart__marker" in element.attrib["class"]
    ]
    assert len(set(markers)) == 6
    for letter in "ABCDEF":
        assert texts(svg).count(letter) == 1
        assert any(text.startswith(f"{letter}: Number") for text in texts(svg))


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ([Series(str(i), points(1)) for i in range(7)], "6 series"),
        ([Series("A", points(-1))], "from 0"),
        ([Series("A", points(Decimal("NaN")))], "from 0"),
        ([Series("A", points(Decimal("Infinity")))], "from 0"),
        ([Series("A", points(101))], "ceiling"),
        ([Series("A", [*points(1), *points(2)])], "twice"),
        ([Series("A", [Point("A", FIRST, FIRST - timedelta(days=1), 1)])], "ends before"),
    ],
)
def test_what_cannot_be_drawn_is_refused(series: list[Series], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        chart(finding="A", unit="B", series=series, ceiling=Decimal(100))


def test_levels_names_and_ids_are_checked() -> None:
    one = [Series("A", points(1))]
    with pytest.raises(ValueError, match="from 0"):
        chart(finding="A", unit="B", series=one, lines=[Line("Target", -1)])
    with pytest.raises(ValueError, match="sentence"):
        chart(finding=" ", unit="B", series=one)
    with pytest.raises(ValueError, match="id"):
        chart(finding="A", unit="B", series=one, id='"><script>')
    with pytest.raises(ValueError, match="ceiling"):
        bars(finding="A", unit="B", rows=[Bar("A", 101)], ceiling=Decimal(100))


def test_nothing_to_draw_is_said_in_words() -> None:
    for series in ([], [Series("A", [])]):
        html = str(chart(finding="No reading yet.", unit="Pupils", series=series))
        assert "<svg" not in html
        assert "<table" not in html
        assert "There is nothing to draw yet." in html
    assert "There is nothing to draw yet." in str(bars(finding="A", unit="B", rows=[]))


def test_nothing_but_masked_values_has_a_table_and_no_axis() -> None:
    component = chart(finding="A", unit="B", series=[Series("C", points(MASKED, "Withheld"))])
    assert "<svg" not in str(component)
    assert "No value can be shown. The table says why." in str(component)
    assert cells(component) == [["Month 1", MASKED], ["Month 2", "Withheld"]]


def test_levels_without_readings_are_in_the_table() -> None:
    component = chart(finding="A", unit="Pupils", series=[], lines=[Line("Target", 5)])
    assert cells(component) == [["Target", "5"]]


def test_the_drawing_is_named_and_described() -> None:
    tree = read(chart(finding="It rose.", unit="Pupils", series=[Series("A", points(1, MASKED))]))
    svg = tree.one("svg")
    assert svg.attrs["role"] == "img"
    title, described = map(tree.by_id, svg.attrs["aria-labelledby"].split())
    assert (title.tag, title.text) == ("title", "Line chart: Pupils")
    assert described.tag == "desc"
    assert "1 value is not shown" in described.text
    assert tree.one("figcaption").text == "It rose."


def test_ids_come_from_the_contents_or_the_caller() -> None:
    one, same, other = (
        read(chart(finding="A", unit="B", series=[Series("C", points(n))])).one("figure").id
        for n in (1, 1, 2)
    )
    assert one == same
    assert one != other
    given_id = read(chart(finding="A", unit="B", series=[], id="waiting")).one("figure").id
    assert given_id == "waiting"


def test_words_from_people_stay_words() -> None:
    hebrew = "בית ספר"
    component = chart(
        finding=NASTY,
        unit=NASTY,
        series=[
            Series(NASTY, [Point(NASTY, FIRST, FIRST, None, NASTY)]),
            Series(hebrew, [Point(NASTY, FIRST, FIRST, 1)]),
        ],
        lines=[Line(NASTY, 1)],
        years=[Year(NASTY, FIRST, FIRST)],
    )
    for html in (str(component), str(bars(finding=NASTY, unit=NASTY, rows=[Bar(NASTY, 1)]))):
        assert "<script" not in html
        assert "style=" not in html
        assert not re.search(r"<[^>]* on\w+=", html)
        assert read(html).one("figcaption").text == NASTY
    assert f"B: {hebrew}" in texts(drawing(component))


def test_a_long_name_is_cut_in_the_drawing_and_whole_in_the_table() -> None:
    name = "The Riverside Community Primary School and Nursery of the Northern Trust"
    component = chart(finding="A", unit="B", series=[Series(name, points(1))])
    assert name not in texts(drawing(component))
    assert any(
        text.startswith("The Riverside") and text[-1] == "…" for text in texts(drawing(component))
    )
    assert name in [e.text for e in read(component).all("th")]


def test_bars_are_as_long_as_their_values() -> None:
    component = bars(
        finding="A",
        unit="Pupils",
        rows=[Bar("Ten", 10), Bar("Twenty", 20), Bar("None", 0), Bar("Few", None, MASKED)],
    )
    svg = drawing(component)
    ten, twenty = (
        max(x for x, _ in bar) - min(x for x, _ in bar) for bar in paths(svg, "app-chart__bar")
    )
    assert twenty == pytest.approx(2 * ten)
    (box,) = paths(svg, "app-chart__gap")
    ((start, _), _) = paths(svg, "app-chart__foot")[0]
    assert min(x for x, _ in box) > start
    assert {"10", "20", "0", MASKED} <= set(texts(svg))
    assert cells(component) == [["Ten", "10"], ["Twenty", "20"], ["None", "0"], ["Few", MASKED]]


def test_a_masked_bar_is_as_long_as_every_other_masked_bar() -> None:
    rows = [Bar("A", 100), Bar("B", None, MASKED), Bar("C", None, "Withheld")]
    one, other = paths(drawing(bars(finding="A", unit="B", rows=rows)), "app-chart__gap")
    assert [x for x, _ in one] == [x for x, _ in other]


def test_the_axis_of_counts_has_no_halves() -> None:
    for value in range(1, 60):
        made = axis(Decimal(value), ceiling=None, whole=True)
        assert all(text.isdecimal() for _, text in made.ticks())


def test_large_and_small_numbers_say_by_what_they_are_divided() -> None:
    assert axis(Decimal(79_000), ceiling=None, whole=True).scale == ""
    assert axis(Decimal(2_500_000), ceiling=None, whole=True).scale == "in thousands"
    assert axis(Decimal(10**8), ceiling=None, whole=True).scale == "in millions"
    assert axis(Decimal(10**11), ceiling=None, whole=True).scale == "in billions"
    assert axis(Decimal(10**20), ceiling=None, whole=True).scale == "times 10 to the power 20"
