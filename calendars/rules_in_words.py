"""A rule by which days come round, as people say it: "Every two weeks on Tuesdays"."""

from __future__ import annotations

from datetime import date

from calendars.london import weekday_named
from calendars.series import Every, first_on_weekday, rule_parts

_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FOURTH_WEEK = 4


def rule_in_words(rule: Every | str, first: date, weekday: int | None = None) -> str:
    """How often, and on which days, from a first day on.

    >>> rule_in_words(Every.HALF_TERM, date(2027, 9, 7))
    'Every half term on Tuesdays'
    >>> rule_in_words(Every.MONTH, date(2027, 9, 7), weekday=3)
    'Every month on the second Thursday'
    >>> rule_in_words("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,FR", date(2027, 9, 7))
    'Every 3 weeks on Mondays and Fridays'
    >>> rule_in_words("FREQ=MONTHLY;BYDAY=-1TU", date(2027, 9, 7))
    'Every month on the last Tuesday'

    Raises SeriesError for a rule that is none.
    """
    if not isinstance(rule, Every):
        return _of_rrule(rule_parts(rule), first)
    start = first_on_weekday(first, weekday)
    how_often = rule.in_words[0].upper() + rule.in_words[1:]
    if rule is not Every.MONTH:
        return f"{how_often} on {weekday_named(start)}s"
    nth = (start.day - 1) // 7 + 1
    which = _NTH[nth] if nth <= _FOURTH_WEEK else "last"
    return f"{how_often} on the {which} {weekday_named(start)}"


def _of_rrule(parts: dict[str, str], first: date) -> str:
    weekly = parts["FREQ"] == "WEEKLY"
    words = "Every " + _counted(int(parts.get("INTERVAL", "1")), "week" if weekly else "month")
    if "BYDAY" in parts:
        words += " on " + _and([_day(each) for each in parts["BYDAY"].split(",")])
    elif "BYMONTHDAY" in parts:
        words += " on " + _month_day(int(parts["BYMONTHDAY"]))
    elif weekly:
        words += f" on {weekday_named(first)}s"
    else:
        words += " on " + _month_day(first.day)
    if "COUNT" in parts:
        words += ", once" if parts["COUNT"] == "1" else f", {parts['COUNT']} times"
    return words


def _counted(number: int, unit: str) -> str:
    return unit if number == 1 else f"{number} {unit}s"


def _day(written: str) -> str:
    name = weekday_named(_DAYS.index(written[-2:]))
    if written == written[-2:]:
        return f"{name}s"
    number = int(written[:-2])
    if number > 0:
        return f"the {_NTH[number]} {name}"
    return f"the last {name}" if number == -1 else f"the {_NTH[-number]} {name} from the end"


def _month_day(number: int) -> str:
    if number > 0:
        return f"day {number}"
    return "the last day" if number == -1 else f"day {-number} from the end"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
