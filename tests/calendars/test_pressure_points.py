"""The national pressure points: as shipped, and by their rules in every later year."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.point_rules import BY_THE_MOON, ONCE, RULES, computed
from calendars.pressure_points import national_points, points_of, stem_of
from calendars.status import Standing
from calendars.working_days import is_working_day

FILE = Path(__file__).parents[2] / "reference/framework/pressure_points.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
SHIPPED = [point for year in range(2025, 2029) for point in points_of(year)]
LATER = st.integers(2028, 2150)
# Where a row was written by copying the dates of the year before, or the moon decides.
BESIDE_THE_RULE = {
    "phonics_2026",  # published as one week, later ones as the fortnight it lies in
    "start_year_2027", "mocks_autumn_2027", "xmas_school_2027", "hpv_2028", "mocks_spring_2028",
    "ramadan_2027", "eidfitr_2027",
}  # fmt: skip


def point(key: str):
    year = int(key.rstrip("b")[-4:])
    (found,) = [each for each in points_of(year) if each.key == key]
    return found


def test_every_row_of_the_file_is_a_point_with_its_dates():
    assert len(ROWS) == 108
    shipped = Counter((each.start, each.end, each.severity) for each in SHIPPED)
    rows = Counter(
        (date.fromisoformat(row["start"]), date.fromisoformat(row["end"]), row["severity"])
        for row in ROWS
    )
    assert rows <= shipped


def test_every_stem_has_one_rule_or_happened_once():
    stems = {stem_of(each.key) for each in SHIPPED}
    assert stems == RULES.keys() | BY_THE_MOON.keys() | ONCE
    assert not RULES.keys() & BY_THE_MOON.keys()


def test_keys_without_a_year_get_one():
    assert point("ofsted_2026").start == date(2026, 9, 21)
    assert point("resign_feb_2027").stem == "resign_feb"
    assert point("ncmp_2027").end == date(2028, 7, 14)
    assert point("winter_peak_2026").stem == "winter_peak"


def test_the_rules_give_the_rows_of_the_file():
    beside = set()
    for row, each in ((row, each) for row in ROWS for each in SHIPPED if _same(row, each)):
        assert row["name"].replace("'", "’") == each.name
        if each.stem not in ONCE and (each.start, each.end) not in computed(each.stem, each.year):
            beside.add(each.key)
    assert beside == BESIDE_THE_RULE


def _same(row, each) -> bool:
    return row["name"].replace("'", "’") == each.name and row["start"] == each.start.isoformat()


@given(LATER)
def test_in_any_later_year_each_point_is_there_once(year):
    found = points_of(year)
    assert len({each.key for each in found}) == len(found)
    counts = Counter(each.stem for each in found)
    assert {stem for stem in counts if stem not in BY_THE_MOON} == RULES.keys() | (
        {"lgr"} if year == 2028 else set()
    )
    for stem, count in counts.items():
        assert count == 1 or (stem in BY_THE_MOON and count == 2)


@given(st.integers(2027, 2150), st.sampled_from(sorted(BY_THE_MOON)))
def test_the_moon_brings_a_point_every_354_or_355_days(year, stem):
    starts = [
        each.start for y in (year, year + 1, year + 2) for each in points_of(y) if each.stem == stem
    ]
    assert starts
    for before, after in itertools.pairwise(starts):
        assert 353 <= (after - before).days <= 356


@given(LATER)
def test_days_of_a_point_are_possible(year):
    for each in points_of(year):
        assert each.start <= each.end < each.start + timedelta(days=366)
        assert each.year == year
        assert year <= each.start.year <= each.end.year <= year + 1


@given(st.integers(2029, 2150))
def test_nobody_has_published_a_later_year(year):
    standings = {each.standing for each in points_of(year)}
    assert standings == {Standing.RULE, Standing.PROVISIONAL, Standing.TYPICAL}


def test_before_the_first_row_of_a_stem_there_is_none():
    assert national_points(date(2020, 1, 1), date(2025, 12, 31)) == ()
    assert "clw_2026" not in {each.key for each in points_of(2026)}


def test_the_file_wins_over_the_rule():
    assert (point("start_year_2027").end, point("start_year_2028").end) == (
        date(2027, 9, 18),
        date(2028, 9, 15),
    )


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("sats_2029", "2029-05-14", "2029-05-17"),
        ("gcse_alevel_2029", "2029-05-10", "2029-06-27"),
        ("contingency_2032", "2032-06-23", "2032-06-23"),
        ("results_al_2029", "2029-08-16", "2029-08-16"),
        ("results_gcse_2029", "2029-08-23", "2029-08-23"),
        ("mtc_2028", "2028-06-05", "2028-06-16"),
        ("changeover_2029", "2029-08-01", "2029-08-01"),
        ("census_a_2029", "2029-10-04", "2029-10-04"),
        ("census_s_2029", "2029-01-18", "2029-01-18"),
        ("census_m_2029", "2029-05-17", "2029-05-17"),
        ("offer_sec_2031", "2031-03-03", "2031-03-03"),  # 1 March is a Saturday
        ("offer_pri_2033", "2033-04-19", "2033-04-19"),  # Easter weekend from the 15th
        ("resign_feb_2028", "2028-02-29", "2028-02-29"),
        ("resign_feb_2029", "2029-02-28", "2029-02-28"),
        ("xmas_school_2029", "2029-12-10", "2029-12-21"),
        ("q4_2029", "2030-01-01", "2030-03-31"),
        ("contract_2029", "2030-02-01", "2030-03-31"),
        ("winter_2031", "2031-11-01", "2032-03-31"),
        ("preelection_2029", "2029-03-19", "2029-05-03"),
        ("ramadan_2030", "2030-01-06", "2030-02-03"),
        ("ramadan_2030b", "2030-12-26", "2031-01-23"),
        ("eidadha_2029", "2029-04-23", "2029-04-24"),
    ],
)
def test_rules_in_later_years(key, start, end):
    found = point(key)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@given(LATER)
def test_offers_come_on_working_days(year):
    for stem in ("offer_sec", "offer_pri"):
        assert is_working_day(point(f"{stem}_{year}").start)


def test_names_and_advice_are_those_of_their_year():
    assert point("fy_start_2031").name == "NHS and council financial year 2031/32 starts"
    assert point("q3_2031").name == "NHS quarter 3 of 2031/32"
    assert point("preelection_2031").name == "Pre-election period for May 2031 local elections"
    assert "exam season" not in point("eidadha_2032").name
    assert point("cmhw_2031").name == "Children’s Mental Health Week"
    assert point("results_gcse_2027").advice.startswith("Leaders unavailable")
    assert point("ncmp_2027").advice.startswith("Ask 0-19 team")
    assert point("rba_2030").advice.startswith("Keep reception visits short")


def test_a_key_is_a_stem_and_a_year():
    with pytest.raises(ValueError, match="not the key"):
        stem_of("sats")


@given(
    st.dates(date(2026, 1, 1), date(2090, 12, 31)),
    st.integers(0, 500),
)
def test_points_of_a_period_are_those_with_a_day_in_it(first, length):
    last = first + timedelta(days=length)
    found = national_points(first, last)
    every = {
        each
        for year in range(first.year - 2, last.year + 2)
        for each in points_of(year)
        if each.start <= last and each.end >= first
    }
    assert set(found) == every
    assert list(found) == sorted(found, key=lambda each: (each.start, each.end, each.key))
    assert len({each.key for each in found}) == len(found)
