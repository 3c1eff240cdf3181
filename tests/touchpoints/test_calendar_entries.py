"""Calendar entries that say the same, whatever the text and the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from hypothesis import assume, example, given
from hypothesis import strategies as st
from icalendar import Calendar

from calendars.entries import Method
from calendars.london import WallClockError, at_wall_clock, in_london
from organisations.models import Organisation
from partnerships.record.models import Partnership
from partnerships.touchpoints.calendar_entries import Attendee, calendar_entry
from partnerships.touchpoints.models import Touchpoint

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def touchpoint(**more: object) -> Touchpoint:
    return Touchpoint(
        ref="bcdfghjkmnpq",
        author_organisation=Organisation(name="Windsor Academy Trust"),
        kind="update",
        **{
            "partnership": Partnership(name="Health hub"),
            "starts_at": datetime(2027, 1, 14, 15, 30, tzinfo=UTC),
            "minutes": 30,
            **more,
        },
    )


def read_back(entry: bytes) -> Calendar:
    """Parsed, after checking what RFC 5545 asks of the raw lines."""
    assert entry.endswith(b"\r\n")
    assert b"\n" not in entry.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in entry.split(b"\r\n"))
    calendar = Calendar.from_ical(entry)
    assert not calendar.errors
    assert all(not event.errors for event in calendar.walk())
    return calendar


@given(
    day=st.dates(date(2026, 1, 1), date(2031, 12, 31)),
    clock=st.times(),
    minutes=st.integers(5, 480),
)
@example(day=date(2027, 3, 28), clock=time(0, 45), minutes=60)
@example(day=date(2027, 10, 31), clock=time(0, 45), minutes=90)
@example(day=date(2027, 10, 31), clock=time(2, 0), minutes=30)
def test_the_entry_shows_the_wall_clock_that_was_chosen(
    day: date, clock: time, minutes: int
) -> None:
    clock = clock.replace(second=0, microsecond=0, fold=0)
    try:
        starts_at = at_wall_clock(day, clock)
    except WallClockError:
        assume(False)
    planned = touchpoint(starts_at=starts_at, minutes=minutes)
    event = read_back(calendar_entry(planned, method=Method.PUBLISH, papers=[])).walk("VEVENT")[0]

    assert in_london(event.decoded("dtstart")).replace(tzinfo=None) == datetime.combine(day, clock)
    assert event.decoded("dtend") == planned.ends_at
    assert (event.decoded("dtend") - event.decoded("dtstart")).total_seconds() == minutes * 60


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@example("a;b,c\\d", 'Name "quoted": x', "1\r\n2\nEND:VEVENT", "\x0b\x00")
def test_no_text_breaks_the_entry(venue: str, name: str, agenda: str, partnership: str) -> None:
    planned = touchpoint(
        venue=venue, agenda=agenda, partnership=Partnership(name=partnership), revision=3
    )
    entry = calendar_entry(
        planned, method=Method.REQUEST, papers=[], attendee=Attendee(name, "contact@health.example")
    )
    calendar = read_back(entry)
    events = calendar.walk("VEVENT")

    assert len(events) == 1
    assert events[0]["sequence"] == 3
    assert events[0]["attendee"] == "mailto:contact@health.example"
    assert events[0]["description"].endswith("/r/t-bcdfghjkmnpq/")


def test_a_published_entry_names_nobody() -> None:
    event = read_back(calendar_entry(touchpoint(), method=Method.PUBLISH, papers=[])).walk(
        "VEVENT"
    )[0]

    assert "attendee" not in event
    assert "organizer" not in event
