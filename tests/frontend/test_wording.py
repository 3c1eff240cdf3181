"""Dates, times and links in the words that people read."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend import wording

TODAY = dt.date(2027, 7, 21)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_dates_are_words() -> None:
    assert wording.date_words(TODAY) == "21 July 2027"
    assert wording.weekday_date(TODAY) == "Wednesday 21 July 2027"
    assert wording.date_words(None) == ""


def test_times_are_london_times() -> None:
    # 23:30 in summer by Greenwich is already tomorrow in London.
    assert wording.datetime_words(utc(2027, 7, 20, 23, 30)) == "Wednesday 21 July 2027 at 12:30am"
    assert wording.datetime_words(utc(2027, 1, 20, 15, 30)) == "Wednesday 20 January 2027 at 3:30pm"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        wording.datetime_words(dt.datetime(2027, 7, 21, 9))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (dt.time(0), "midnight"),
        (dt.time(12), "midday"),
        (dt.time(9), "9am"),
        (dt.time(12, 5), "12:05pm"),
        (dt.time(15, 30), "3:30pm"),
    ],
)
def test_time_words(clock: dt.time, words: str) -> None:
    assert wording.time_words(clock) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (-1, "yesterday"),
        (1, "tomorrow"),
        (-12, "12 days ago"),
        (3, "in 3 days"),
        (-14, "2 weeks ago"),
        (-91, "3 months ago"),
        (-730, "2 years ago"),
        (729, "in 24 months"),
    ],
)
def test_relative_days(days: int, words: str) -> None:
    assert wording.relative_days(TODAY + dt.timedelta(days=days), today=TODAY) == words


def test_counts() -> None:
    assert wording.counted(1, "school") == "1 school"
    assert wording.counted(0, "school") == "No schools"
    assert wording.counted(25000, "person", "people") == "25,000 people"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example/x",
        "/\\evil.example",
        "\\\\evil.example",
        "http:",
        "https:/evil.example",
        "http://[",
        "",
        None,
    ],
)
def test_unsafe_addresses_lead_nowhere(address: str | None) -> None:
    assert wording.safe_url(address) == "#"


@pytest.mark.parametrize(
    "address",
    ["https://www.example.org/a?b=c", "mailto:a@example.org", "tel:01922123456", "/o/x/", "#top"],
)
def test_good_addresses_stay(address: str) -> None:
    assert wording.safe_url(address) == address


@given(st.text(max_size=40))
def test_no_text_becomes_a_script(text: str) -> None:
    safe = wording.safe_url(text).lower()
    scheme = safe.split(":", 1)[0] if ":" in safe else ""
    assert scheme not in ("javascript", "data", "vbscript")
    assert not safe.startswith(("//", "/\\", "\\"))
