"""Days as people write them, and term dates as they paste them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calendars.ics.term_words import meanings_of
from calendars.london import day_in_words, weekday_in_words
from calendars.pasted_terms import read_pasted
from calendars.term_forms import read_day_list
from calendars.terms import typical_terms
from calendars.written_days import NoSuchDay, days_in, read_day
from calendars.years import AcademicYear

YEAR = AcademicYear(2026)
DAYS = st.dates(YEAR.start, YEAR.end)
WAYS = (
    day_in_words,
    weekday_in_words,
    lambda day: day.isoformat(),
    lambda day: day.strftime("%d/%m/%Y"),
    lambda day: day.strftime("%d.%m.%y"),
    lambda day: day.strftime("%a %d %b %Y"),
    lambda day: f"{day.day}th of {day:%B}",
    lambda day: f"{day:%B} {day.day}, {day.year}",
)


@given(DAYS, st.sampled_from(WAYS))
def test_a_day_is_read_however_it_is_written(day: date, way) -> None:
    assert read_day(way(day), YEAR) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("29 February 2027", "2027 is not a leap year"),
        ("31 June 2027", "There is no 31 June 2027"),
        ("Monday 1 September 2026", "1 September 2026 is a Tuesday, not a Monday"),
        ("9/15/2026", "Write the day before the month"),
        ("soon", "“soon” is not a date. Write it like 1 September 2026"),
        ("", "is not a date"),
        ("00/00/0000", "is not a date"),
        ("1 September 2026 to 2 September 2026", "is not a date"),
    ],
)
def test_what_is_no_day_is_said(text: str, words: str) -> None:
    with pytest.raises(NoSuchDay, match=words):
        read_day(text, YEAR)


def test_the_29th_of_february_is_a_day_in_a_leap_year() -> None:
    assert read_day("29 Feb", AcademicYear(2027)) == date(2028, 2, 29)


def test_what_one_day_of_a_range_lacks_stands_in_the_other() -> None:
    found = [
        [each.day for each in days_in(line, YEAR)]
        for line in ("26–30 October 2026", "21 December - 1 January 2027", "Mon 26 to Fri 30 Oct")
    ]

    assert found == [
        [date(2026, 10, 26), date(2026, 10, 30)],
        [date(2026, 12, 21), date(2027, 1, 1)],
        [date(2026, 10, 26), date(2026, 10, 30)],
    ]


FREE_TEXT = """Autumn term: Tuesday 1 September 2026 to Friday 18 December 2026, half term 26–30 October 2026
Spring term: Monday 4 January 2027 to Thursday 25 March 2027, half term 15–19 February 2027
Summer term: Monday 12 April 2027 to Wednesday 21 July 2027, half term 31 May – 4 June 2027
INSET days: 1 September 2026, 2 September 2026 and 4 January 2027"""  # noqa: E501
COLUMNS = """Term\tStart\tHalf term\tEnd
Autumn\t1 Sep 2026\t26 Oct 2026 - 30 Oct 2026\t18 Dec 2026
Spring\t4 Jan 2027\t15 Feb 2027 - 19 Feb 2027\t25 Mar 2027
Summer\t12 Apr 2027\t31 May 2027 - 4 Jun 2027\t21 Jul 2027"""
ROWS = """Autumn 1,2026-09-01,2026-10-23
Autumn 2,02/11/2026,18/12/2026
Spring 1,2027-01-04,2027-02-12
Spring 2,2027-02-22,2027-03-25
Summer 1,2027-04-12,2027-05-28
Summer 2,2027-06-07,2027-07-21"""
EDGES = """Academic year 2026-27
Autumn term 2026
Term starts: Tuesday 1 September
Half term: Monday 26 October to Friday 30 October
Term ends: Friday 18 December
Spring term 2027
Term starts Monday 4 January
Half term Monday 15 February - Friday 19 February
Term ends Thursday 25 March
Summer term 2027
Term starts Monday 12 April
Half term Monday 31 May to Friday 4 June
Term ends Wednesday 21 July
Academic year 2027-28
Term starts 1 September
Term ends 17 December"""
EXPECTED = [
    (date(2026, 9, 1), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 5, 28)),
    (date(2027, 6, 7), date(2027, 7, 21)),
]


@pytest.mark.parametrize("text", [FREE_TEXT, COLUMNS, ROWS, EDGES])
def test_the_styles_of_web_pages_and_spreadsheets_give_the_same_year(text: str) -> None:
    found = read_pasted(text, YEAR)

    assert [(half.start, half.end) for half in found.half_terms] == EXPECTED
    assert [half.name for half in found.half_terms] == [
        "Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2",
    ]  # fmt: skip


def test_staff_training_days_are_found_apart() -> None:
    found = read_pasted(FREE_TEXT, YEAR)

    assert found.inset_days == (date(2026, 9, 1), date(2026, 9, 2), date(2027, 1, 4))


def test_the_christmas_holiday_runs_over_the_new_year() -> None:
    text = (
        "October half term 26-30 October\nChristmas holiday 21 December 2026 to 1 January 2027\n"
        "February half term 15-19 February\nEaster holiday 26 March to 9 April 2027"
    )
    found = read_pasted(text, YEAR)

    assert [(half.start, half.end) for half in found.half_terms][1:3] == [
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 4), date(2027, 2, 12)),
    ]
    # What a list of holidays cannot say is told.
    assert any("summer term ends" in caution for caution in found.cautions)


def test_what_is_not_used_is_shown_with_its_line() -> None:
    text = "Term starts 1 September\nSports day 3 July 2027\nReopens 29 February 2027"
    lines = {line.number: line for line in read_pasted(text, YEAR).lines}

    assert lines[1].used
    assert (lines[2].used, lines[2].days) == (False, (date(2027, 7, 3),))
    assert "2027 is not a leap year" in lines[3].words


def test_dates_of_another_year_are_told_apart() -> None:
    found = read_pasted(FREE_TEXT, AcademicYear(2028))

    assert (found.half_terms, found.inset_days) == ((), ())
    assert found.cautions[0].startswith("These dates are of 2026/27, and this is 2028/29")


def test_a_text_without_dates_is_told_what_to_paste() -> None:
    for text in ("", "hello", "Term dates coming soon"):
        assert "Paste lines such as" in read_pasted(text, YEAR).cautions[0]


@given(st.text(max_size=400))
@example("1/1/1 to 99 Sept 9999 – 31/12/9999, half term")
@example("INSET " * 50 + "1 Sep 0000")
@example("1 September 2026 – 23 October 2026\n" * 500)
def test_no_text_is_too_odd(text: str) -> None:
    found = read_pasted(text, YEAR)

    assert found.lines or found.cautions


WORDS = st.sampled_from(
    ["Autumn term", "half term", "Spring 1", "INSET day", "Christmas holiday", "Term ends", "", "-",
     "Sports day", "(to be agreed)", "Term 3:", "School closes for half term", "\t", "2026/27"]
)  # fmt: skip
BETWEEN = st.sampled_from([" to ", " - ", "–", ", ", "\t", "; ", "\n", " and ", " until "])


@example([("Autumn term", date(2027, 1, 1), " - ", date(2026, 9, 28), "\n")])
@given(st.lists(st.tuples(WORDS, DAYS, BETWEEN, DAYS, st.sampled_from(["\n", ", ", "\t"]))))
def test_every_day_that_was_pasted_is_shown_again(rows: list) -> None:
    for way in (day_in_words, date.isoformat, lambda day: day.strftime("%d.%m.%Y")):
        text = "".join(f"{w} {way(a)}{between}{way(b)}{end}" for w, a, between, b, end in rows)
        check_every_day_is_shown(text, {day for row in rows for day in (row[1], row[3])})


def check_every_day_is_shown(text: str, days: set[date]) -> None:
    found = read_pasted(text, YEAR)

    shown = {day for line in found.lines for day in line.days}
    assert shown == days
    # And nothing is taken for term or training that did not stand there, but for the days beside
    # holidays.
    assert set(found.inset_days) <= {
        first + timedelta(ahead)
        for line in found.lines
        if line.days
        for first in [line.days[0]]
        for ahead in range((line.days[-1] - first).days + 1)
    }


@given(st.integers(2020, 2060))
def test_typical_years_survive_being_written_and_pasted(starts_in: int) -> None:
    year = AcademicYear(starts_in)
    half_terms = typical_terms(year).half_terms
    rows = "\n".join(f"{h.name}\t{h.start.isoformat()}\t{h.end:%d/%m/%Y}" for h in half_terms)
    found = read_pasted(rows, year)

    assert [(h.name, h.start, h.end) for h in found.half_terms] == [
        (h.name, h.start, h.end) for h in half_terms
    ]


def test_a_paste_of_a_thousand_days_is_looked_at_once(monkeypatch) -> None:
    """What took seconds was asking each line about each other one."""
    asked: Counter[str] = Counter()

    def counting(event):
        asked["meanings"] += 1
        return meanings_of(event)

    monkeypatch.setattr("calendars.pasted_terms.meanings_of", counting)
    read = read_pasted("1 sep " * 1000, YEAR)
    assert len(read.lines) == 500
    assert asked["meanings"] < 10_000


def test_of_many_lines_that_are_no_days_the_first_are_named() -> None:
    days, problems = read_day_list("\n".join(["2/9/2026", *["junk"] * 5000]), YEAR)
    assert days == [date(2026, 9, 2)]
    assert len(problems) == 16
    assert problems[0].startswith("Line 2: “junk” is not a date")
    assert problems[-1] == "4,985 more lines cannot be read as a date either"
    assert len(read_day_list("\n".join(["junk"] * 15), YEAR)[1]) == 15
