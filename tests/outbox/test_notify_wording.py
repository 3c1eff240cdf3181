"""Texts arrive as they were written, whatever GOV.UK Notify would make of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.outbox.notify.wording import INVISIBLE, as_written

# What begins something in Notify's Markdown, at the beginning of a line.
MARKUP = re.compile(r"^[ \t]*([#^*•+\-=_>|:~`\[]|\d+[.)])|^ {4}|^\t", re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    [
        "# Not a heading",
        "   ## Nor this",
        "^ not a quotation",
        "* not a list",
        "- nor this",
        "• nor this",
        "--",
        "---",
        "===",
        "3.30pm is no list",
        "1) nor this",
        "    not code",
        "| not | a table |",
        "[x]: https://not-a.reference.example",
        "```",
    ],
)
def test_a_line_that_would_begin_something_begins_with_an_invisible_character(line: str) -> None:
    assert as_written(f"Before\n{line}\nafter") == f"Before\n{INVISIBLE}{line}\nafter"


@pytest.mark.parametrize(
    "text",
    [
        "When:  Thursday 14 January 2027, 3:30pm to 4pm (UK time)",
        "In Tandem: https://tandem.example/r/t-abc_def-ghi/?a=1#top",
        "https://tandem.example/r/t-abc/",
        "A plan (draft) for 5 * 3 rooms, #2 and a_b_c.",
        "21 July 2027",
    ],
)
def test_an_ordinary_line_is_left_as_it_is(text: str) -> None:
    assert as_written(text) == text


def test_a_link_shows_where_it_leads() -> None:
    assert as_written("[our page](https://evil.example)") == (
        f"{INVISIBLE}[our page]{INVISIBLE}(https://evil.example)"
    )


def test_a_backslash_stays() -> None:
    assert as_written(r"C:\_plans\*") == rf"C:\{INVISIBLE}_plans\{INVISIBLE}*"


@given(st.text(alphabet="# ^*•-=_>|:~`[]()1.)\\\n\r\tab", max_size=80))
def test_no_text_begins_anything_and_none_loses_a_character(text: str) -> None:
    written = as_written(text)

    assert not MARKUP.search(written)
    assert "](" not in written
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert written.replace(INVISIBLE, "") == lines
