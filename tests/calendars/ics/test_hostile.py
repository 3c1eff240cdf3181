"""What is no calendar, or too much of one: each says what it is; nothing else is ever raised."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calendars.ics.lines import CalendarError
from calendars.ics.reading import Calendar, read
from tests.calendars.ics.written import FIRST, LAST, calendar, reading, whole_day

GOOD = calendar(
    whole_day("Half term", "20270215", "20270220"),
    "UID:w\nSUMMARY:Board\nDTSTART;TZID=Europe/London:20271018T090000\nDURATION:PT1H\n"
    "RRULE:FREQ=WEEKLY;UNTIL=20280101T000000Z;BYDAY=MO,-1FR\nEXDATE:20271025T080000Z",
)


def zipped() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("calendar.ics", GOOD)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"\n\n  <html lang='en'>", "web page"),
        (b'<?xml version="1.0"?><feed/>', "web page"),
        ("\ufeff<!doctype html>".encode("utf-16-le"), "web page"),
        (zipped(), "ZIP file"),
        (gzip.compress(GOOD), "compressed"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Office"),
        (b'{"error": "not found"}', "JSON"),
        (b"Subject,Start Date\r\nInset,2027-01-04", "not a calendar"),
        (GOOD[: len(GOOD) // 2], "breaks off"),
        (GOOD.replace(b"END:VCALENDAR\r\n", b""), "breaks off"),
        (GOOD + b" " * 20 * 1024 * 1024, "larger than 2 MB"),
        (b"BEGIN:A\n" * 100 + b"END:A\n" * 100, "not a calendar"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 5_001, "more than 5,000 entries"),
        (b"BEGIN:VCALENDAR\n" * 6_000, "not a calendar"),
    ],
)
def test_each_has_its_own_words(content, said):
    with pytest.raises(CalendarError, match=said):
        read(content, FIRST, LAST)


def test_five_thousand_entries_are_read():
    entries = [whole_day("Closed", "20270104", uid=str(at)) for at in range(4_990)]
    assert len(reading(*entries).events) == 4_990


def test_what_repeats_too_often_is_named_and_the_others_are_read():
    def repeating(name: str, rule: str) -> str:
        return whole_day(name, "20250106", uid=name) + f"RRULE:{rule}"

    weekly = [repeating(f"Weekly {at}", "FREQ=WEEKLY") for at in range(5)]
    found = reading(
        repeating("Stand-up", "FREQ=DAILY"),
        repeating("Bomb", "FREQ=SECONDLY"),
        repeating("Ten thousand", "FREQ=DAILY;COUNT=10000"),
        *weekly,
        repeating("Yearly", "FREQ=YEARLY"),
    )
    assert found.cautions == (
        "Left out, because it repeats too often: “Stand-up”, “Bomb”, “Ten thousand” and 2 more.",
    )
    # The rarest are kept first; never more than a thousand dates in all.
    assert {event.name for event in found.events} == {"Yearly", "Weekly 0", "Weekly 1", "Weekly 2"}
    assert len(found.events) <= 1_000


def test_a_thousand_bombs_are_left_out():
    bombs = [
        f"UID:{at}\nSUMMARY:Bomb\nDTSTART:19000101\nRRULE:FREQ=DAILY;COUNT=99999999"
        for at in range(1_000)
    ]
    found = reading(*bombs, whole_day("Good", "20270104"))
    assert [event.name for event in found.events] == ["Good"]
    assert found.cautions == ("Left out, because it repeats too often: “Bomb”.",)


def test_endless_lists_of_dates_are_left_out():
    dates = ",".join(["20270104T000000Z"] * 1_100)
    many = "".join(f"EXDATE:{dates}\n" for _ in range(100))
    entries = [f"UID:{at}\nSUMMARY:Many\nDTSTART:20270104\nRDATE:20270105\n" for at in range(4_000)]
    found = reading(entries[0] + many, *entries[1:10], whole_day("Good", "20270104"))
    assert "Good" in {event.name for event in found.events}


def read_or_refuse(content: bytes) -> None:
    try:
        found = read(content, FIRST, LAST)
    except CalendarError:
        return
    assert isinstance(found, Calendar)
    for event in found.events:
        assert event.first <= event.last
        assert event.first <= LAST
        assert event.last >= FIRST
        assert "\x00" not in event.name + event.uid
        assert 0 < len(event.name) <= 120
        assert 0 < len(event.uid) <= 200


@given(st.binary(max_size=400))
@example(b"BEGIN:VCALENDAR\nEND:VCALENDAR")
def test_any_bytes(content):
    read_or_refuse(content)


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=20)), max_size=8
    )
)
def test_a_good_calendar_damaged(wounds):
    content = GOOD
    for at, cut, put in wounds:
        content = content[:at] + put + content[at + cut :]
    read_or_refuse(content)


VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["20270104", "20270328T013000", "99991231T235959Z", "00010101", "20280229", "19000101"]
    ),
)
NAMES = st.sampled_from(
    ["DTSTART", "DTEND", "DURATION", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SUMMARY", "RRULE"]
)
RULES = st.builds(
    ";".join,
    st.lists(
        st.one_of(
            st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "SECONDLY"]).map(
                lambda each: f"FREQ={each}"
            ),
            st.integers(-400, 10**12).map(lambda each: f"COUNT={each}"),
            st.integers(-2, 10**12).map(lambda each: f"INTERVAL={each}"),
            st.integers(-400, 400).map(lambda each: f"BYYEARDAY={each}"),
            st.integers(-32, 32).map(lambda each: f"BYMONTHDAY={each}"),
            st.integers(-400, 400).map(lambda each: f"BYSETPOS={each}"),
            VALUES.map(lambda each: f"UNTIL={each}"),
        ),
        max_size=6,
    ),
)
LENGTHS = st.integers(0, 10**9).map(lambda each: f"DURATION:P{each}D")
LINES = st.one_of(
    st.builds("{}:{}".format, NAMES, VALUES),
    RULES.map("RRULE:{}".format),
    st.builds("{};TZID={}:{}".format, NAMES, st.text(max_size=12), VALUES),
    LENGTHS,
)


@given(st.lists(st.lists(LINES, max_size=8), max_size=5))
def test_entries_of_anything(entries):
    given_lines = ["\n".join(["DTSTART:20270104", *lines]) for lines in entries]
    read_or_refuse(calendar(*given_lines))
    read_or_refuse(calendar(*("\n".join(lines) for lines in entries)))
