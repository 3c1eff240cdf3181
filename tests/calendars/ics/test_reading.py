"""Reading calendars that others wrote: days, moments, zones, repeats, and what they call off."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from calendars.ics.reading import read
from tests.calendars.ics.written import FIRST, LAST, calendar, days, only, reading, whole_day


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        ("DTSTART;VALUE=DATE:20261225", "2026-12-25", "2026-12-25"),
        ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226", "2026-12-25", "2026-12-25"),
        ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225", "2026-12-25", "2026-12-25"),
        ("DTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270104", "2026-12-21", "2027-01-03"),
        ("DTSTART;VALUE=DATE:20280228\nDURATION:P2D", "2028-02-28", "2028-02-29"),
        ("DTSTART;VALUE=DATE:20280229", "2028-02-29", "2028-02-29"),
        ("DTSTART:20260720", "2026-07-20", "2026-07-20"),
        ("DTSTART;VALUE=DATE:20261026\nDURATION:P1W", "2026-10-26", "2026-11-01"),
    ],
)
def test_whole_days(lines, first, last):
    event = only(f"UID:1\nSUMMARY:Closed\n{lines}")
    assert (event.first.isoformat(), event.last.isoformat()) == (first, last)
    assert event.starts is None
    assert event.whole_days


@pytest.mark.parametrize(
    ("lines", "starts", "ends"),
    [
        # London wall clock, winter and summer; UTC; elsewhere; no zone at all.
        ("DTSTART;TZID=Europe/London:20270121T090000", "2027-01-21T09:00", "2027-01-21T09:00"),
        ("DTSTART;TZID=Europe/London:20270721T090000", "2027-07-21T08:00", "2027-07-21T08:00"),
        ("DTSTART:20270721T090000Z\nDURATION:PT90M", "2027-07-21T09:00", "2027-07-21T10:30"),
        ("DTSTART;TZID=America/New_York:20270721T200000", "2027-07-22T00:00", "2027-07-22T00:00"),
        ("DTSTART:20270721T090000\nDTEND:20270721T100000", "2027-07-21T08:00", "2027-07-21T09:00"),
        ("DTSTART;TZID=GMT Standard Time:20270721T090000", "2027-07-21T08:00", "2027-07-21T08:00"),
        (
            'DTSTART;TZID="(UTC+00:00) Dublin, Edinburgh, Lisbon, London":20270721T090000',
            "2027-07-21T08:00",
            "2027-07-21T08:00",
        ),
        (
            "DTSTART;TZID=/x.org/1/Europe/Paris:20270721T090000",
            "2027-07-21T07:00",
            "2027-07-21T07:00",
        ),
        # The hour that does not exist is read as by the clock before it went forward …
        ("DTSTART;TZID=Europe/London:20270328T013000", "2027-03-28T01:30", "2027-03-28T01:30"),
        # … and the hour that comes twice as the first of the two.
        ("DTSTART;TZID=Europe/London:20271031T013000", "2027-10-31T00:30", "2027-10-31T00:30"),
        # An entry through the night when the clocks go back lasts an hour longer.
        (
            "DTSTART;TZID=Europe/London:20271030T220000\nDTEND;TZID=Europe/London:20271031T060000",
            "2027-10-30T21:00",
            "2027-10-31T06:00",
        ),
    ],
)
def test_moments(lines, starts, ends):
    event = only(f"UID:1\nSUMMARY:Meeting\n{lines}")
    assert (event.starts, event.ends) == (moment(starts), moment(ends))


@pytest.mark.parametrize(
    ("lines", "first", "last", "whole"),
    [
        # Just before and after midnight in London, summer time.
        ("DTSTART:20270720T233000Z", "2027-07-21", "2027-07-21", False),
        ("DTSTART:20270120T233000Z", "2027-01-20", "2027-01-20", False),
        # Outlook writes some days as midnight to midnight; the last midnight is no day more.
        ("DTSTART:20270720T230000Z\nDTEND:20270721T230000Z", "2027-07-21", "2027-07-21", True),
        (
            "DTSTART;TZID=Europe/London:20270327T000000\nDTEND;TZID=Europe/London:20270329T000000",
            "2027-03-27",
            "2027-03-28",
            True,
        ),
        ("DTSTART:20261231T220000Z\nDTEND:20270101T020000Z", "2026-12-31", "2027-01-01", False),
    ],
)
def test_days_of_moments(lines, first, last, whole):
    event = only(f"UID:1\nSUMMARY:Meeting\n{lines}")
    assert (event.first.isoformat(), event.last.isoformat()) == (first, last)
    assert event.whole_days is whole


def test_a_zone_nobody_knows_is_said_once_and_read_as_london_time():
    found = reading(
        "UID:1\nSUMMARY:A\nDTSTART;TZID=Narnia/Cair Paravel:20270721T090000",
        "UID:2\nSUMMARY:B\nDTSTART;TZID=Narnia/Cair Paravel:20270722T090000",
    )
    assert [event.starts for event in found.events] == [
        moment("2027-07-21T08:00"),
        moment("2027-07-22T08:00"),
    ]
    assert found.cautions == (
        "Nobody knows the time zone “Narnia/Cair Paravel”. Its times were read as London time.",
    )


def test_what_the_file_says_of_a_known_zone_is_not_followed():
    wrong = (
        "BEGIN:VTIMEZONE\nTZID:Europe/London\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nRRULE:FREQ=SECONDLY\nEND:STANDARD\n"
        "END:VTIMEZONE\n"
    )
    event = only("UID:1\nDTSTART;TZID=Europe/London:20270721T090000", head=wrong)
    assert event.starts == moment("2027-07-21T08:00")


WEEKLY = "UID:w\nSUMMARY:Board\nDTSTART;TZID=Europe/London:20271018T090000\nDURATION:PT1H\n"


def test_a_repeating_entry_keeps_its_time_on_the_clock_through_the_autumn():
    events = reading(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=3").events
    assert [event.starts for event in events] == [
        moment("2027-10-18T08:00"),
        moment("2027-10-25T08:00"),
        moment("2027-11-01T09:00"),
    ]


def test_dates_taken_out_added_moved_and_called_off():
    found = reading(
        WEEKLY
        + "RRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;TZID=Europe/London:20271025T090000\n"
        + "RDATE;TZID=Europe/London:20271021T090000",
        "UID:w\nSUMMARY:Board, moved\nRECURRENCE-ID;TZID=Europe/London:20271101T090000\n"
        "DTSTART;TZID=Europe/London:20271103T140000\nDURATION:PT1H",
        "UID:w\nSUMMARY:Board\nRECURRENCE-ID:20271108T090000Z\nSTATUS:CANCELLED\n"
        "DTSTART:20271108T090000Z",
    )
    assert [(event.first.isoformat(), event.name) for event in found.events] == [
        ("2027-10-18", "Board"),
        ("2027-10-21", "Board"),
        ("2027-11-03", "Board, moved"),
        ("2027-11-15", "Board"),
    ]


def test_a_whole_day_repeats_without_those_taken_out_as_days_or_as_moments():
    entry = whole_day("Inset", "20270104", uid="i") + "RRULE:FREQ=DAILY;UNTIL=20270108\n"
    assert days(entry + "EXDATE;VALUE=DATE:20270105,20270107") == [
        "2027-01-04",
        "2027-01-06",
        "2027-01-08",
    ]
    assert days(entry + "EXDATE:20270105T000000Z") == [
        "2027-01-04",
        "2027-01-06",
        "2027-01-07",
        "2027-01-08",
    ]


def test_birthdays_of_29_february_come_in_leap_years_only():
    assert days(whole_day("Leap", "20240229") + "RRULE:FREQ=YEARLY") == ["2028-02-29"]
    end_of_month = whole_day("End", "20270131") + "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2"
    assert days(end_of_month) == ["2027-01-31", "2027-02-28"]


def test_entries_called_off_are_left_out():
    assert days(whole_day("Gone", "20270104") + "STATUS:CANCELLED") == []
    assert reading(whole_day("Gone", "20270104"), head="METHOD:CANCEL\n").events == ()
    newer = "SEQUENCE:2\nSTATUS:CANCELLED"
    assert (
        days(whole_day("Gone", "20270104", uid="g") + newer, whole_day("G", "20270104", uid="g"))
        == []
    )


def test_only_the_newest_version_of_an_entry_counts():
    newer = whole_day("New", "20270105", uid="n") + "SEQUENCE:1"
    event = only(newer, whole_day("Old", "20270104", uid="n"))
    assert (event.name, event.first) == ("New", date(2027, 1, 5))


def test_what_lies_outside_the_window_is_left_out_and_what_reaches_into_it_kept():
    assert days(whole_day("Past", "20200101"), whole_day("Future", "20350101")) == []
    reaching = only(whole_day("Works", "20240901", "20241102"))
    assert (reaching.first, reaching.last) == (date(2024, 9, 1), date(2024, 11, 1))
    long = whole_day("Fortnight", "20241025", "20241105") + "RRULE:FREQ=YEARLY"
    assert days(long)[0] == "2024-10-25"


def test_names_are_one_line_of_what_people_see():
    event = only("UID:1\nSUMMARY:Half term\\, all\n  schools\\nclosed\x07\nDTSTART:20270215")
    assert event.name == "Half term, all schools closed"
    assert only("UID:1\nDTSTART:20270215").name == "Entry without a name"
    assert len(only(f"UID:1\nSUMMARY:{'x' * 5000}\nDTSTART:20270215").name) == 120


def test_free_and_private_and_the_calendars_name():
    found = reading(
        whole_day("A", "20270104") + "TRANSP:TRANSPARENT\nCLASS:PRIVATE",
        whole_day("B", "20270105"),
        head="X-WR-CALNAME:Walsall schools\n",
    )
    assert found.name == "Walsall schools"
    assert [(each.free, each.private) for each in found.events] == [(True, True), (False, False)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_way_of_writing_text(encoding, line_end):
    text = calendar(whole_day("Café – fête", "20270104")).decode().replace("\r\n", line_end)
    events = read(text.encode(encoding), FIRST, LAST).events
    assert [event.name for event in events] == ["Café – fête"]


@pytest.mark.parametrize(
    "lines",
    [
        "SUMMARY:Odd",
        "SUMMARY:Odd\nDTSTART:soon",
        "SUMMARY:Odd\nDTSTART;VALUE=DATE:20270229",
        "SUMMARY:Odd\nDTSTART:20270104T250000",
        "SUMMARY:Odd\nDTSTART:20270104\nDTEND:20270103",
        "SUMMARY:Odd\nDTSTART:20270104T090000\nDURATION:-PT1H",
        "SUMMARY:Odd\nDTSTART:99990104",
    ],
)
def test_an_entry_without_a_date_is_named_and_the_others_are_read(lines):
    found = reading(lines, whole_day("Good", "20270104"))
    assert [event.name for event in found.events] == ["Good"]
    assert found.cautions == ("Left out, because no date could be read: “Odd”.",)
