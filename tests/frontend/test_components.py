"""The bridge to the NHS macros, and our own templates that stand in for two of them."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import engines
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from markupsafe import Markup

from frontend.components import REMEMBERED, Column, Component, bridge, link, safe_params, table, tag
from frontend.lists import Row, pagination, summary_list
from tests.frontend.page import Element, read

NASTY = "<script>alert(1)</script>\"'&"


def macro(name: str, params: dict[str, Any]) -> str:
    """The component by the bridge."""
    return str(bridge().render(name, params))


def like(tree: Element) -> list[tuple[str, dict[str, str], str]]:
    """What a browser makes of HTML, without the blanks between."""
    return [(e.tag, e.attrs, e.own_text) for e in tree if e.tag != "root"]


@pytest.mark.parametrize("key", ["text", "html"])
def test_what_people_typed_is_escaped_in_every_parameter(key: str) -> None:
    calls: dict[str, dict[str, Any]] = {
        "button": {key: NASTY},
        "insetText": {key: NASTY},
        "tag": {key: NASTY},
        "details": {"summaryText": NASTY, key: NASTY},
        "summaryList": {"rows": [{"key": {key: NASTY}, "value": {key: NASTY}}]},
        "notificationBanner": {key: NASTY},
        "warningCallout": {"heading": NASTY, key: NASTY},
        "card": {"heading": NASTY, f"description{key.capitalize()}": NASTY},
        "table": {"head": [{key: NASTY}], "rows": [[{key: NASTY}]]},
        "errorSummary": {"heading": NASTY, "errorList": [{key: NASTY, "href": "#a"}]},
        "input": {"id": "a", "name": "a", "label": {key: NASTY}, "hint": {key: NASTY}},
        "tabs": {"items": [{"label": NASTY, "id": "a", "panel": {key: NASTY}}]},
    }
    for name, params in calls.items():
        html = macro(name, params)
        assert "<script" not in html, name
        assert "&lt;script&gt;" in html, name


def test_attributes_cannot_be_left() -> None:
    html = macro("input", {"id": "a", "name": "a", "label": {"text": "A"}, "value": NASTY})
    assert read(html).by_id("a").attrs["value"] == NASTY


@pytest.mark.parametrize("safe", [Markup("<b>x</b>"), mark_safe("<b>x</b>")])
def test_safe_markup_stays(safe: str) -> None:
    assert "<b>x</b>" in macro("insetText", {"html": safe})
    assert "<b>x</b>" in macro("insetText", {"html": Component("insetText", {"html": safe})})


def test_absent_values_are_left_out_and_empty_texts_stay() -> None:
    given = {"a": None, "b": jinja2.Undefined(), "c": "", "d": False, "e": {"html": None}}
    assert safe_params(given) == {"c": "", "d": False, "e": {}}


def test_translations_are_texts() -> None:
    assert "Save" in macro("button", {"text": lazystr("Save")})


def test_memory_tells_safe_markup_from_the_same_plain_text() -> None:
    for _ in range(2):
        assert "<b>x</b>" in macro("button", {"text": Markup("<b>x</b>")})
        assert "&lt;b&gt;" in macro("button", {"text": "<b>x</b>"})
    same = type("Same", (), {"__repr__": lambda self: "same", "__str__": lambda self: self.word})
    one, other = same(), same()
    one.word, other.word = "one", "other"
    assert "one" in macro("button", {"text": one})
    assert "other" in macro("button", {"text": other})
    assert 'value="1"' in macro("button", {"text": "a", "value": 1})
    assert "disabled" in macro("button", {"text": "a", "disabled": True})
    assert "disabled" not in macro("button", {"text": "a", "disabled": False})


def test_memory_has_an_end() -> None:
    for number in range(REMEMBERED + 10):
        macro("tag", {"text": str(number)})
    assert len(bridge()._answers) <= REMEMBERED


def test_the_parameters_given_are_not_changed() -> None:
    params = {"html": NASTY, "items": [{"html": NASTY}]}
    safe_params(params)
    assert params == {"html": NASTY, "items": [{"html": NASTY}]}


def test_a_call_body_is_the_content() -> None:
    source = "{% call nhs.insetText() %}<p>{{ word }}</p>{% endcall %}"
    html = engines["jinja2"].from_string(source).render({"word": NASTY})
    assert "<p>&lt;script&gt;" in html


def test_an_unknown_component_is_refused() -> None:
    with pytest.raises(jinja2.TemplateNotFound):
        macro("marquee", {})


@pytest.mark.parametrize("colour", [None, "green", "aqua-green"])
def test_our_tag_is_the_macros_tag(colour: str | None) -> None:
    official = macro("tag", {"text": "Active & well", "colour": colour})
    assert like(read(tag("Active & well", colour))) == like(read(official))


@pytest.mark.parametrize("caption", [None, "Partners & friends"])
def test_our_table_is_the_macros_table(caption: str | None) -> None:
    official = macro(
        "table",
        {
            "caption": {"text": caption, "size": "m"} if caption else None,
            "responsive": True,
            "firstCellIsHeader": True,
            "head": [{"text": "Name"}, {"text": "Meetings", "format": "numeric"}],
            # Given as html, because the macro wraps only that in a span and we wrap all.
            "rows": [
                [{"html": Markup("A &amp; B")}, {"html": Markup("3"), "format": "numeric"}],
                [{"html": Markup("<b>C</b>")}, {"html": Markup("4"), "format": "numeric"}],
            ],
        },
    )
    ours = table(
        ["Name", Column("Meetings", numeric=True)],
        [["A & B", 3], [Markup("<b>C</b>"), 4]],
        caption=caption,
    )
    assert like(read(ours)) == like(read(official))


def test_table_cells_print_texts_markup_and_components() -> None:
    html = str(table(["A", "B", "C"], [[NASTY, link(NASTY, "/x"), tag(NASTY)]]))
    assert "<script" not in html
    tree = read(html)
    assert tree.one("a").attrs["href"] == "/x"
    assert len(tree.all(".nhsuk-tag")) == 1


def test_columns_for_wide_screens_and_hidden_labels() -> None:
    columns = [Column("Name"), Column("Meetings", wide_only=True), Column("Do", hidden_label=True)]
    tree = read(table(columns, [["A", 1, "x"]]))
    assert [e.text for e in tree.all(".app-wide-only")] == ["Meetings", "Meetings 1"]
    assert tree.one(".nhsuk-u-visually-hidden").text == "Do"


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="cells"):
        table(["A", "B"], [["only one"]])


def test_a_link_cannot_be_left_by_its_address() -> None:
    anchor = read(link("A", '"><script>', hidden="of B")).one("a")
    assert anchor.attrs["href"] == '"><script>'
    assert anchor.text == "A of B"


def test_facts_with_change_links_and_gaps() -> None:
    tree = read(
        summary_list(
            [
                Row("Starts", NASTY, change="/change"),
                Row("Deputy", None, empty="Nobody yet"),
                Row("Count", 0),
                Row("Website", jinja2.ChainableUndefined(), empty="Not known"),
            ]
        )
    )
    texts = [e.text for e in tree.all("dd")]
    assert texts == [NASTY, "Change starts", "Nobody yet", "0", "Not known"]


def pages(number: int, count: int, query: str = "") -> Any:
    return pagination(Paginator(range(count), 10).get_page(number), QueryDict(query))


def test_one_page_needs_no_links() -> None:
    assert pages(1, 10) == ""


def test_links_keep_the_filters() -> None:
    tree = read(pages(1, 30, "q=a+b&kind=x&kind=y&page=9"))
    assert tree.all("a")[1].attrs["href"] == "?q=a+b&kind=x&kind=y&page=2"


@pytest.mark.parametrize("number", [1, 2, 500, 999, 1000])
def test_a_thousand_pages_stay_one_line(number: int) -> None:
    tree = read(pages(number, 10_000))
    numbers = [a.text for a in tree.all("a") if a.text.isdecimal()]
    assert numbers[0] == "1"
    assert numbers[-1] == "1000"
    assert len(numbers) <= 5
    current = tree.one(lambda e: e.attrs.get("aria-current") == "page")
    assert current.text == str(number)
    relations = {e.attrs["rel"] for e in tree.all("a") if "rel" in e.attrs}
    assert relations == {"prev", "next"} - ({"prev"} if number == 1 else set()) - (
        {"next"} if number == 1000 else set()
    )
