"""The pressure points of England: when schools, the NHS and councils are busy, year by year.

Here: the points of `reference/framework/pressure_points.csv`, and those of later years, worked
out by `calendars.point_rules`. Not here: what an organisation hides, edits or adds, and whom a
point keeps from meeting (`calendars.constraints`).

A point's key is its stem and its year ("sats_2027"); the year is the one in which it begins, but
for what belongs to the last quarter of a financial year, which is named by that year. A stem has
one point for a year, except that the moon may bring a second Ramadan or Eid ("ramadan_2030b").
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from calendars.point_rules import computed
from calendars.status import Standing
from calendars.years import FinancialYear

_FILE = Path(__file__).resolve().parent.parent / "reference/framework/pressure_points.csv"
_KEY = re.compile(r"(?P<stem>.+?)_(?P<year>[0-9]{4})b?", re.ASCII)
# The file names these by the end years of a school year: 2627, 2728.
_BY_SCHOOL_YEAR = "ncmp"
_AS_ABOVE = "As above"
_OF_THAT_YEAR_ALONE = "; in exam season"


@dataclass(frozen=True, slots=True)
class PressurePoint:
    """A time at which a sector is busy, or at which joint work comes easily."""

    key: str
    name: str
    # "school", "nhs", "local_authority" or "both".
    sector: str
    # "all", "primary" or "secondary".
    phase: str
    kind: str
    start: date
    end: date
    # "high", "medium" or "low"; "info" and "opportunity" weigh nothing.
    severity: str
    standing: Standing
    rule: str
    advice: str
    source: str

    @property
    def stem(self) -> str:
        """What it is in any year: "sats" for "sats_2027"."""
        return stem_of(self.key)

    @property
    def year(self) -> int:
        """The year in its key."""
        return int(_parts(self.key)["year"])

    def touches(self, first: date, last: date) -> bool:
        """Whether one of its days lies between two days, both included."""
        return self.start <= last and self.end >= first


def _parts(key: str) -> Mapping[str, str]:
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"not the key of a pressure point: {key!r}")
    return match.groupdict()


def stem_of(key: str) -> str:
    """What a point is in any year, from its key.

    >>> stem_of("winter_peak_2031"), stem_of("ramadan_2030b")
    ('winter_peak', 'ramadan')
    """
    return _parts(key)["stem"]


def _key(written: str, start: date) -> str:
    """The key of a row: the file leaves out the year of some, and shortens that of others."""
    stem, _, year = written.rpartition("_")
    if stem == _BY_SCHOOL_YEAR:
        return f"{stem}_{start.year}"
    return written if re.fullmatch("[0-9]{4}", year) else f"{written}_{start.year}"


def _plain(text: str) -> str:
    return text.replace("'", "’")


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[int, PressurePoint]]:
    """The points of the file, by stem and year; years in order."""
    found: dict[str, dict[int, PressurePoint]] = defaultdict(dict)
    advice = ""
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            start = date.fromisoformat(row["start"])
            key = _key(row["key"], start)
            stem = stem_of(key)
            if row["advice"] == _AS_ABOVE:
                before = found.get(stem)
                advice = list(before.values())[-1].advice if before else advice
            else:
                advice = _plain(row["advice"])
            point = PressurePoint(
                key=key,
                name=_plain(row["name"]),
                sector=row["sector"],
                phase=row["phase"],
                kind=row["kind"],
                start=start,
                end=date.fromisoformat(row["end"]),
                severity=row["severity"],
                # An opportunity or a quarter has a standing like any other row.
                standing=Standing(row["status"]),
                rule=_plain(row["rule"]),
                advice=advice,
                source=_plain(row["source"]),
            )
            found[stem][point.year] = point
    return {stem: dict(sorted(years.items())) for stem, years in found.items()}


def _named_for(latest: PressurePoint, year: int) -> str:
    """The name of the latest shipped point, with the year it names moved on."""
    then, now = FinancialYear(latest.year), FinancialYear(year)
    name = latest.name.replace(then.label, now.label).replace(f"{latest.year}", f"{year}")
    return name.replace(_OF_THAT_YEAR_ALONE, "")


def _moved(latest: PressurePoint, year: int) -> list[PressurePoint]:
    """What a stem's rule gives for a year. Nobody has published that, so none says so."""
    standing = latest.standing
    return [
        replace(
            latest,
            key=f"{latest.stem}_{year}{'b' if second else ''}",
            name=_named_for(latest, year),
            start=start,
            end=end,
            standing=Standing.PROVISIONAL if standing is Standing.PUBLISHED else standing,
        )
        for second, (start, end) in enumerate(computed(latest.stem, year))
    ]


@lru_cache(maxsize=256)
def points_of(year: int) -> tuple[PressurePoint, ...]:
    """Every point with that year in its key: as shipped, or worked out for years after that."""
    found: list[PressurePoint] = []
    for years in _shipped().values():
        if year in years:
            found.append(years[year])
        elif year > min(years):
            found.extend(_moved(list(years.values())[-1], year))
    return tuple(sorted(found, key=lambda point: (point.start, point.end, point.key)))


def national_points(first: date, last: date) -> tuple[PressurePoint, ...]:
    """The points with a day between `first` and `last`, both included, in order of time."""
    # No point begins or ends later than in the year after the one in its key.
    found = [
        point
        for year in range(first.year - 1, last.year + 1)
        for point in points_of(year)
        if point.touches(first, last)
    ]
    return tuple(sorted(found, key=lambda point: (point.start, point.end, point.key)))
