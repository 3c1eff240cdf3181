"""When each national pressure point falls in a year that nobody has published yet.

Here: one function for each stem of `reference/framework/pressure_points.csv`, which takes the
year in the point's key and gives first and last day. Not here: the points themselves
(`calendars.pressure_points`). What is a matter of term dates follows the typical ones.

What happened once (a merger of boards, a council's vesting day) is in `ONCE` and has no rule.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from calendars.terms import HalfTerm, typical_terms
from calendars.working_days import last_monday_of_may, working_day_from
from calendars.years import AcademicYear

Days = tuple[date, date]
Rule = Callable[[int], Days]

_MONDAY, _TUESDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SUNDAY = 0, 1, 2, 3, 4, 6
_APRIL = 4


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _nth(year: int, month: int, count: int, weekday: int) -> date:
    """The `count`-th such weekday of a month."""
    first = date(year, month, 1)
    return first + _days((weekday - first.weekday()) % 7 + 7 * (count - 1))


def _by(day: date, weekday: int) -> date:
    """The last such weekday up to `day`."""
    return day - _days((day.weekday() - weekday) % 7)


def _monday_of(day: date) -> date:
    return _by(day, _MONDAY)


def _one(day: date) -> Days:
    return day, day


def _from(day: date, length: int) -> Days:
    """So many days, `day` the first."""
    return day, day + _days(length - 1)


def _every_year(first: tuple[int, int], last: tuple[int, int] | None = None) -> Rule:
    """From a (month, day) to another, which is in the next year when it comes earlier in one."""
    end = last or first

    def days(year: int) -> Days:
        return date(year, *first), date(year + (end < first), *end)

    return days


def _nth_day(month: int, count: int, weekday: int, length: int = 1) -> Rule:
    """So many days from the `count`-th such weekday of a month."""
    return lambda year: _from(_nth(year, month, count, weekday), length)


def _iso_day(week: int, weekday: int, length: int = 1) -> Rule:
    """So many days from a weekday of an ISO week."""
    return lambda year: _from(date.fromisocalendar(year, week, weekday + 1), length)


def _half_terms(starts_in: int) -> tuple[HalfTerm, ...]:
    return typical_terms(AcademicYear(starts_in)).half_terms


def _autumn_begins(year: int) -> date:
    return _half_terms(year)[0].start


def _spring_halves(year: int) -> tuple[HalfTerm, HalfTerm]:
    _, _, first, second, *_ = _half_terms(year - 1)
    return first, second


def _summer_ends(year: int) -> date:
    return _half_terms(year - 1)[-1].end


def _exams(year: int) -> Days:
    return (
        date.fromisocalendar(year, 19, _THURSDAY + 1),
        date.fromisocalendar(year, 26, _WEDNESDAY + 1),
    )


def _after_may_half_term(year: int) -> Days:
    """Two school weeks, Monday to Friday."""
    return _from(last_monday_of_may(year) + _days(7), 12)


def _weeks_of_autumn(count: int) -> Rule:
    """The first `count` weeks of the school year, until a Friday."""

    def days(year: int) -> Days:
        begins = _autumn_begins(year)
        return begins, _monday_of(begins) + _days(7 * count - 3)

    return days


def _end_of_autumn(year: int) -> Days:
    """The last two weeks of the autumn term."""
    ends = _half_terms(year)[1].end
    return _monday_of(ends) - _days(7), ends


def _end_of_summer(year: int) -> Days:
    """The last two full weeks of the summer term and what is left of the next."""
    ends = _summer_ends(year)
    return _monday_of(ends) - _days(14), ends


def _spring_mocks(year: int) -> Days:
    """Three weeks from the February half term."""
    return _from(_monday_of(_spring_halves(year)[1].start), 19)


def _summer(year: int) -> Days:
    return _summer_ends(year) + _days(1), date(year, 8, 31)


def _before_elections(year: int) -> Days:
    """From the Monday in the seventh week before the first Thursday in May, which is the last."""
    polling = _nth(year, 5, 1, _THURSDAY)
    return polling - _days(45), polling


def _inspections(year: int) -> Days:
    return _nth(year, 9, 3, _MONDAY), _nth(year + 1, 7, 2, _FRIDAY)


def _working_day_from(month: int, day: int) -> Rule:
    return lambda year: _one(working_day_from(date(year, month, day)))


RULES: dict[str, Rule] = {
    "abw": _nth_day(11, 3, _MONDAY, 5),
    "adm_pri": _every_year((1, 15)),
    "adm_sec": _every_year((10, 31)),
    "asthma_back": _iso_day(37, _MONDAY, 14),
    "atr_accounts": _every_year((11, 1), (12, 31)),
    "atr_yearend": _every_year((8, 31)),
    "census_a": _nth_day(10, 1, _THURSDAY),
    "census_m": _nth_day(5, 3, _THURSDAY),
    "census_s": _nth_day(1, 3, _THURSDAY),
    "changeover": _nth_day(8, 1, _WEDNESDAY),
    "clw": lambda year: _from(_by(date(year, 6, 11), _MONDAY), 7),
    "cmhw": _nth_day(2, 2, _MONDAY, 7),
    "contingency": _iso_day(26, _WEDNESDAY),
    # Named by the financial year in which it comes last.
    "contract": lambda year: (date(year + 1, 2, 1), date(year + 1, 3, 31)),
    "dspt": _every_year((6, 30)),
    "eiw": lambda year: _from(_by(date(year, _APRIL, 30), _SUNDAY), 7),
    "flu": _every_year((9, 1), (12, 18)),
    "fy_start": _every_year((4, 1)),
    "gcse_alevel": _exams,
    "hpv": lambda year: (_spring_halves(year)[0].start, _by(date(year, 7, 16), _FRIDAY)),
    "ks2_results": _nth_day(7, 1, _TUESDAY, 8),
    "leavers": _end_of_summer,
    "mhaw": _nth_day(5, 2, _MONDAY, 7),
    "mocks_autumn": _nth_day(11, 3, _MONDAY, 26),
    "mocks_spring": _spring_mocks,
    "mtc": _after_may_half_term,
    "naw": _nth_day(2, 2, _MONDAY, 7),
    "ncmp": lambda year: (date(year, 9, 1), _by(date(year + 1, 7, 16), _FRIDAY)),
    "ncw": _nth_day(3, 1, _MONDAY, 6),
    "nsm": _nth_day(5, 3, _MONDAY, 32),
    "offer_pri": _working_day_from(4, 16),
    "offer_sec": _working_day_from(3, 1),
    "ofsted": _inspections,
    "ohd": _every_year((3, 20)),
    "phonics": _after_may_half_term,
    "plan": _every_year((10, 15), (2, 15)),
    "preelection": _before_elections,
    "q1": _every_year((4, 1), (6, 30)),
    "q2": _every_year((7, 1), (9, 30)),
    "q3": _every_year((10, 1), (12, 31)),
    "q4": lambda year: (date(year + 1, 1, 1), date(year + 1, 3, 31)),
    "rba": _weeks_of_autumn(7),
    "resign_feb": lambda year: _one(date(year, 3, 1) - _days(1)),
    "resign_may": _every_year((5, 31)),
    "resign_oct": _every_year((10, 31)),
    "results_al": _iso_day(33, _THURSDAY),
    "results_gcse": _iso_day(34, _THURSDAY),
    "sats": _nth_day(5, 2, _MONDAY, 4),
    "scw": _nth_day(11, 3, _MONDAY, 7),
    "sid": _nth_day(2, 2, _TUESDAY),
    "start_year": _weeks_of_autumn(3),
    "stoptober": _every_year((10, 1), (10, 31)),
    "summer_nhs": _summer,
    "ttt": _nth_day(2, 1, _THURSDAY),
    "wad": _nth_day(5, 1, _TUESDAY),
    "wdd": _every_year((11, 14)),
    "winter": _every_year((11, 1), (3, 31)),
    "winter_peak": _every_year((12, 14), (1, 31)),
    "wmhd": _every_year((10, 10)),
    "xmas_school": _end_of_autumn,
}

ONCE = frozenset({"icb_merge", "lgr"})


def _islamic(year: int, month: int, day: int) -> date:
    """A day of the tabular Islamic calendar (30-year cycle, civil epoch).

    It is the moon's own day give or take one, which is as much as anybody can say beforehand.
    """
    ordinal = day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
    return date.fromordinal(ordinal + 227014)


def _ramadan(year: int) -> Days:
    return _islamic(year, 9, 1), _islamic(year, 10, 1) - _days(2)


def _eid_al_fitr(year: int) -> Days:
    return _islamic(year, 10, 1) - _days(1), _islamic(year, 10, 1)


def _eid_al_adha(year: int) -> Days:
    return _islamic(year, 12, 10) - _days(1), _islamic(year, 12, 10)


# These take a year of the Islamic calendar: about every 33 years, one of ours sees two of each.
BY_THE_MOON: dict[str, Rule] = {
    "ramadan": _ramadan,
    "eidfitr": _eid_al_fitr,
    "eidadha": _eid_al_adha,
}


def computed(stem: str, year: int) -> list[Days]:
    """When the point of a stem falls in a year: once, by the moon once or twice, or never."""
    if stem in ONCE:
        return []
    if stem not in BY_THE_MOON:
        return [RULES[stem](year)]
    # The Islamic year is eleven days shorter than ours; year 1 began in July 622.
    about = (year - 622) * 33 // 32
    found = (BY_THE_MOON[stem](number) for number in range(about - 1, about + 4))
    return [days for days in found if days[0].year == year]
