"""Term dates out of calendars in the styles of English councils and schools, written by us."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.ics.reading import Event
from calendars.ics.terms_from_events import FoundTerms, NoTermDates, terms_in, years_in
from calendars.terms import SchoolYear
from calendars.years import AcademicYear

YEAR = AcademicYear(2026)
# Name, first day, last day (included); a day alone is its own last.
Row = tuple[str, str] | tuple[str, str, str]
HALF_TERMS = [
    ("Autumn 1", "2026-09-02", "2026-10-23"),
    ("Autumn 2", "2026-11-02", "2026-12-18"),
    ("Spring 1", "2027-01-04", "2027-02-12"),
    ("Spring 2", "2027-02-22", "2027-03-25"),
    ("Summer 1", "2027-04-12", "2027-05-28"),
    ("Summer 2", "2027-06-07", "2027-07-21"),
]
HOLIDAYS: list[Row] = [
    ("Summer holidays", "2026-07-22", "2026-09-01"),
    ("October half term", "2026-10-24", "2026-11-01"),
    ("Christmas holiday", "2026-12-19", "2027-01-03"),
    ("February half-term", "2027-02-13", "2027-02-21"),
    ("Easter holiday", "2027-03-26", "2027-04-11"),
    ("May half term", "2027-05-29", "2027-06-06"),
    ("Summer holidays", "2027-07-22", "2027-08-31"),
]
STARTS_AND_ENDS: list[Row] = [
    ("Autumn term starts", "2026-09-02"),
    ("Term ends for half term", "2026-10-23"),
    ("Term starts", "2026-11-02"),
    ("Autumn term ends", "2026-12-18"),
    ("Spring term begins", "2027-01-04"),
    ("Schools close for half-term", "2027-02-12"),
    ("Schools re-open after half-term", "2027-02-22"),
    ("End of spring term", "2027-03-25"),
    ("First day of summer term", "2027-04-12"),
    ("Break up for half term: school closes", "2027-05-28"),
    ("Pupils return", "2027-06-07"),
    ("Last day of term", "2027-07-21"),
]


def events(rows: list[Row]) -> list[Event]:
    return [
        Event(f"{at}", row[0], date.fromisoformat(row[1]), date.fromisoformat(row[-1]))
        for at, row in enumerate(rows)
    ]


def found(rows: list[Row]) -> FoundTerms:
    return terms_in(events(rows), YEAR)


def spans(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [
        (half.name, half.start.isoformat(), half.end.isoformat()) for half in found(rows).half_terms
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(STARTS_AND_ENDS, id="starts and ends"),
        pytest.param(HOLIDAYS, id="holidays only"),
        pytest.param(
            [
                ("Autumn Term", "2026-09-02", "2026-12-18"),
                ("Spring Term", "2027-01-04", "2027-03-25"),
                ("Summer Term", "2027-04-12", "2027-07-21"),
                ("Half Term", "2026-10-26", "2026-10-30"),
                ("Half Term", "2027-02-15", "2027-02-19"),
                ("Half Term", "2027-05-31", "2027-06-04"),
            ],
            id="terms with half term holidays",
        ),
        pytest.param(
            [(f"{name[:-2]} term {name[-1]}", a, b) for name, a, b in HALF_TERMS], id="half terms"
        ),
        pytest.param(
            [(f"Term {at}", a, b) for at, (_, a, b) in enumerate(HALF_TERMS, start=1)],
            id="six terms",
        ),
        pytest.param(
            [(f"Half-term {at}", a, b) for at, (_, a, b) in enumerate(HALF_TERMS, start=1)],
            id="numbered half terms",
        ),
        pytest.param(
            [
                row
                for name, a, b in HALF_TERMS
                for row in ((f"{name}: start", a), (f"{name} – end", b))
            ],
            id="half terms by their first and last days",
        ),
        pytest.param(
            [
                ("Summer holidays end", "2026-09-01"),
                ("Summer holiday begins", "2026-07-22"),
                *(
                    row
                    for name, first, last in HOLIDAYS[1:-1]
                    for row in ((f"{name} begins", first), (f"{name} ends", last))
                ),
                ("Schools closed", "2027-07-22", "2027-08-31"),
            ],
            id="holidays by their first and last days",
        ),
        pytest.param(
            [
                ("All schools closed: summer", "2026-07-22", "2026-09-01"),
                ("School Closed – Half Term", "2026-10-26", "2026-10-30"),
                ("Closed", "2026-12-21", "2027-01-01"),
                ("School closed", "2027-02-15", "2027-02-19"),
                ("Easter", "2027-03-26", "2027-04-09"),
                ("Whitsun", "2027-05-31", "2027-06-04"),
                ("Bank holiday", "2027-05-03"),
                ("Summer", "2027-07-22", "2027-09-01"),
            ],
            id="school closed",
        ),
        pytest.param([*STARTS_AND_ENDS, *HOLIDAYS], id="both, saying the same"),
    ],
)
def test_each_style_gives_the_same_year(rows):
    assert spans(rows) == HALF_TERMS
    assert spans(list(reversed(rows))) == HALF_TERMS
    assert found(rows).inset_days == ()
    assert found(rows).cautions == ()


def test_staff_training_days_in_every_wording():
    rows: list[Row] = [
        ("INSET day", "2026-09-02"),
        ("Staff training (school closed to pupils)", "2026-10-23"),
        ("Non-pupil day", "2027-01-04"),
        ("Term starts – teacher training day", "2027-04-12"),
        ("School closed (election)", "2027-05-06"),
        ("Inset days", "2027-07-19", "2027-07-20"),
        ("INSET day", "2027-10-01"),
        ("Training day", "2026-11-07"),
    ]
    assert [day.isoformat() for day in found([*HOLIDAYS, *rows]).inset_days] == [
        "2026-09-02",
        "2026-10-23",
        "2027-01-04",
        "2027-04-12",
        "2027-05-06",
        "2027-07-19",
        "2027-07-20",
    ]
    assert spans([*HOLIDAYS, *rows]) == HALF_TERMS


def test_the_year_of_29_february_and_two_years_in_one_calendar():
    both: list[Row] = [
        *HOLIDAYS[:-1],
        ("Summer holidays", "2027-07-22", "2027-08-31"),
        ("October half term", "2027-10-23", "2027-10-31"),
        ("Christmas holiday", "2027-12-18", "2028-01-03"),
        ("February half term", "2028-02-19", "2028-02-29"),
        ("Easter holiday", "2028-04-08", "2028-04-23"),
        ("May half term", "2028-05-27", "2028-06-04"),
        ("Summer holidays", "2028-07-20", "2028-09-03"),
    ]
    assert [year.label for year in years_in(events(both))] == ["2026/27", "2027/28"]
    assert spans(both) == HALF_TERMS
    later = terms_in(events(both), AcademicYear(2027)).half_terms
    assert [(half.start.isoformat(), half.end.isoformat()) for half in later] == [
        ("2027-09-01", "2027-10-22"),
        ("2027-11-01", "2027-12-17"),
        ("2028-01-04", "2028-02-18"),
        ("2028-03-01", "2028-04-07"),
        ("2028-04-24", "2028-05-26"),
        ("2028-06-05", "2028-07-19"),
    ]


def test_a_term_without_its_half_term_holiday_says_so():
    whole = found([("Autumn term", "2026-09-02", "2026-12-18")])
    assert [half.name for half in whole.half_terms] == ["Autumn"]
    assert whole.cautions == (
        "No half term holiday was found in the autumn term. Add it.",
        "Nothing was found about the spring term. Add it.",
        "Nothing was found about the summer term. Add it.",
    )


def test_holidays_without_the_summer_take_the_usual_ends_and_say_so():
    middle = found(HOLIDAYS[1:-1])
    assert (middle.half_terms[0].start, middle.half_terms[-1].end) == (
        date(2026, 9, 1),
        date(2027, 7, 21),
    )
    assert [caution.split(":")[0] for caution in middle.cautions] == [
        "The calendar does not say when the autumn term starts",
        "The calendar does not say when the summer term ends",
    ]


def test_a_term_that_never_ends_says_so_and_the_others_stand():
    rows = [row for row in STARTS_AND_ENDS if row[0] != "Autumn term ends"]
    assert "Nothing says when the term that starts on Monday 2 November 2026 ends." in (
        found(rows).cautions
    )
    assert [name for name, *_ in spans(rows)] == [
        "Autumn",
        "Spring 1",
        "Spring 2",
        "Summer 1",
        "Summer 2",
    ]


def test_other_entries_are_named_and_change_nothing():
    other: list[Row] = [("Governors’ meeting", "2026-11-10"), ("Sports day", "2027-06-24")]
    assert spans([*HOLIDAYS, *other]) == HALF_TERMS
    assert found([*HOLIDAYS, *other]).cautions == ("Not used: “Governors’ meeting”, “Sports day”.",)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("Board meeting", "2026-11-10")],
        [("INSET day", "2026-11-10")],
        [("Autumn term", "2031-09-02", "2031-12-18")],
        [("Christmas Day", "2026-12-25")],
    ],
)
def test_a_calendar_without_term_dates(rows):
    with pytest.raises(NoTermDates, match="No term dates were found"):
        found(rows)


NAMES = st.sampled_from(
    [row[0] for row in [*HOLIDAYS, *STARTS_AND_ENDS]]
    + ["INSET", "Autumn term 1", "Term 3", "Half term", "Closed", "Bank holiday", "Disco"]
)
ROWS = st.tuples(NAMES, st.dates(date(2026, 6, 1), date(2027, 12, 31)), st.integers(0, 120))


@given(st.lists(ROWS, max_size=25))
def test_whatever_a_calendar_says_a_year_comes_out_or_a_refusal(rows):
    given_events = [
        Event("u", name, first, first + timedelta(days=length)) for name, first, length in rows
    ]
    try:
        terms = terms_in(given_events, YEAR)
    except NoTermDates:
        return
    assert SchoolYear(YEAR, terms.half_terms).half_terms == terms.half_terms
    assert len({half.name for half in terms.half_terms}) == len(terms.half_terms)
    assert all(YEAR.contains(day) for day in terms.inset_days)
