"""Lists of facts and of pages: summary lists and pagination, as components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from jinja2 import Undefined

from frontend.components import Component


@dataclass(frozen=True)
class Row:
    """A fact: `Row("Starts", date_words(day), change=url(…))`.

    `change` is where the change link goes; `change_text` its word. An empty value is
    printed as "Not recorded yet" unless `empty` says otherwise.
    """

    key: str
    value: Any
    change: str | None = None
    change_text: str = "Change"
    empty: str = "Not recorded yet"


def summary_list(rows: Sequence[Row], *, border: bool = True) -> Component:
    """Facts with their names, one a row; the change links name the fact they change."""
    return Component(
        "summaryList",
        {"rows": [_row(row) for row in rows], "border": None if border else False},
    )


def _row(row: Row) -> dict[str, Any]:
    value = row.value
    # Undefined is what a template's `x if y` leaves where y is not so.
    if value is None or isinstance(value, Undefined) or value == "":
        shown: dict[str, Any] = {"text": row.empty, "classes": "app-muted"}
    elif hasattr(value, "__html__"):
        shown = {"html": value}
    else:
        shown = {"text": str(value)}
    actions: list[dict[str, Any]] = []
    if row.change:
        actions.append(
            {
                "href": row.change,
                "text": row.change_text,
                "visuallyHiddenText": row.key.lower(),
            }
        )
    return {"key": {"text": row.key}, "value": shown, "actions": {"items": actions}}


def pagination(page: Page[Any], query: QueryDict | None = None, *, name: str = "page") -> Any:
    """Links to the pages beside this one, keeping the filters of `query` (`request.GET`).

    Shows the first, the last and the neighbours, so a list of thousands of pages stays
    one line. Empty for a list of one page.
    """
    if page.paginator.num_pages <= 1:
        return ""

    def href(number: int) -> str:
        values = query.copy() if query is not None else QueryDict(mutable=True)
        values[name] = str(number)
        return f"?{values.urlencode()}"

    items: list[dict[str, Any]] = [
        {"number": number, "href": href(number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return Component(
        "pagination",
        {
            "items": items,
            "previous": {"href": href(page.number - 1)} if page.has_previous() else None,
            "next": {"href": href(page.number + 1)} if page.has_next() else None,
        },
    )


GLOBALS = {"Row": Row, "summary_list": summary_list, "pagination": pagination}
