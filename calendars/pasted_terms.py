"""Term dates as somebody copies them from a web page or a spreadsheet: free text, or rows.

    Autumn term: Tuesday 1 September 2026 to Friday 18 December 2026, half term 26–30 October 2026

Every day that stands in the text is shown again beside what it was taken for, so that nothing is
lost unseen; a person checks it before it is kept. What the entries mean for a school year, terms
as spans or holidays only, is worked out as for a calendar file (`calendars.ics`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from calendars.ics.reading import Event
from calendars.ics.term_words import Meaning, meanings_of
from calendars.ics.terms_from_events import NoTermDates, terms_in
from calendars.london import day_in_words
from calendars.terms import HalfTerm
from calendars.written_days import MONTH_NAMES, Written, days_in, joins
from calendars.years import AcademicYear

LONGEST_TEXT = 20_000
MOST_LINES = 400
_A_TERM_FROM = 17  # days; the longest half term holiday or break is shorter
_LABEL = 80
# "2026/27", and not the "2027 - 28" of "1 January 2027 - 28 February 2027".
_YEARS = re.compile(
    r"\b(20\d\d)\s*[/\-\u2010-\u2014]\s*((?:20)?\d\d)\b(?!\s*[/.\-]\s*\d)"
    rf"(?!\s*(?:st|nd|rd|th)?\s*(?:of\s+)?{MONTH_NAMES})",
    re.ASCII | re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s,;|]*", re.ASCII)
_TRIMMED = " \t,;:|.–—-()[]*•"
_JOINING = frozenset({"and", "&", "or", "to", "on", "from", "until", "then", "plus"})
_BOTH = "Term"
_NO_DATES = (
    "No dates were found. Paste lines such as “Autumn term: 1 September {first} to 18 December "
    "{first}”, or rows with a name, a first day and a last day."
)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One thing that was read: on which line, the days as written there, and as what."""

    number: int
    written: str
    words: str
    days: tuple[date, ...] = ()
    used: bool = True


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted text says of one school year."""

    half_terms: tuple[HalfTerm, ...]
    inset_days: tuple[date, ...]
    lines: tuple[ReadLine, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A day or a range of days in a line, with the words that say what it is."""

    line: int
    label: str
    first: Written
    last: Written | None

    @property
    def written(self) -> str:
        return self.first.text if self.last is None else f"{self.first.text} – {self.last.text}"

    @property
    def problem(self) -> str:
        """Why it cannot be used; empty when it can."""
        last = self.last or self.first
        if self.first.problem or last.problem:
            return self.first.problem or last.problem
        assert self.first.day is not None
        assert last.day is not None
        if last.day < self.first.day:
            return "The last day is before the first. Check both and their years"
        return ""

    @property
    def event(self) -> Event:
        """As an entry of a calendar; for one without a problem."""
        last = self.last or self.first
        assert self.first.day is not None
        assert last.day is not None
        name = self.label
        if not name and (last.day - self.first.day).days >= _A_TERM_FROM:
            name = _BOTH
        return Event(uid="", name=name, first=self.first.day, last=last.day)


def read_pasted(text: str, year: AcademicYear) -> Pasted:
    """The half terms and staff training days of a school year in a text; never raises."""
    found = _together(list(_found_in(text[:LONGEST_TEXT], year)))
    usable = [each for each in found if not each.problem]
    lines = tuple(_read_line(each, year) for each in found)
    if not found:
        return Pasted((), (), (), (_NO_DATES.format(first=year.starts_in),))
    cut = ("Only the first part of the text was read: it is very long.",) * _too_long(text)
    try:
        terms = terms_in([each.event for each in usable], year)
    except NoTermDates:
        days = tuple(day for day in _training(lines, usable) if year.contains(day))
        return Pasted((), days, lines, (*cut, _no_terms(usable, year)))
    cautions = tuple(each for each in terms.cautions if not each.startswith("Not used:"))
    return Pasted(terms.half_terms, terms.inset_days, lines, (*cut, *cautions))


def _no_terms(usable: Sequence[_Found], year: AcademicYear) -> str:
    """Why there is nothing to fill in; dates of another year are the usual reason."""
    years = Counter(AcademicYear.of(each.event.first) for each in usable)
    of_most = years.most_common(1)[0][0] if years else year
    if of_most != year:
        return (
            f"These dates are of {of_most}, and this is {year}. Go back to the calendar, choose "
            f"{of_most} and paste them there."
        )
    return f"No terms of {year} were found among these dates. Type them in below."


def _too_long(text: str) -> bool:
    return len(text) > LONGEST_TEXT or text.count("\n") >= MOST_LINES


def _training(lines: Sequence[ReadLine], usable: Sequence[_Found]) -> list[date]:
    """The days of lines that speak of staff training; each meaning is looked for once."""
    spoken_of: dict[int, set[date]] = defaultdict(set)
    for each in usable:
        if Meaning.STAFF_ONLY in meanings_of(each.event):
            spoken_of[each.line] |= {each.event.first, each.event.last}
    return sorted({day for line in lines for day in line.days if day in spoken_of[line.number]})


def _found_in(text: str, year: AcademicYear) -> Iterator[_Found]:
    """Every day and range, line by line; a line without one is the heading of those below."""
    heading, about = "", year
    for number, line in enumerate(text.splitlines()[:MOST_LINES], start=1):
        # "2027/28" says of which year are the days beneath it that name none.
        about = _year_named(line, about)
        plain = _YEARS.sub(_left_out, line)
        written = days_in(plain, about)
        if not written:
            heading = _label(plain) or heading
            continue
        said = _label(plain[: written[0].begins]) or _label(plain[written[-1].ends :]) or heading
        pairs = _paired(plain, written)
        if not _is_training(said):
            pairs = _paired_in_columns(plain, pairs)
        yield from _on_line(number, plain, pairs, heading)


def _left_out(match: re.Match[str]) -> str:
    """Blanks for a school year; anything else stays, as in "26 October 2026 - 30 October"."""
    return match[0] if _school_year(match) is None else " " * len(match[0])


def _school_year(match: re.Match[str]) -> AcademicYear | None:
    try:
        return AcademicYear.parse(f"{match[1]}/{match[2]}")
    except ValueError:
        return None


def _year_named(line: str, before: AcademicYear) -> AcademicYear:
    named = [year for match in _YEARS.finditer(line) if (year := _school_year(match))]
    return named[-1] if named else before


Pair = tuple[Written, Written | None]


def _paired(line: str, written: Sequence[Written]) -> list[Pair]:
    """Days joined to ranges by a dash or a word between them."""
    pairs: list[Pair] = []
    place = 0
    while place < len(written):
        day, behind = written[place], written[place + 1] if place + 1 < len(written) else None
        between = line[day.ends : behind.begins] if behind else ""
        if behind and joins(between) and not _SEPARATORS.fullmatch(between):
            pairs.append((day, behind))
            place += 2
        else:
            pairs.append((day, None))
            place += 1
    return pairs


def _paired_in_columns(line: str, pairs: Sequence[Pair]) -> list[Pair]:
    """Single days of one row, with nothing but columns between them, are first and last.

    "Autumn | 1 September | 26–30 October | 18 December": the range between them is its holiday.
    """
    result: list[Pair] = []
    place = 0
    while place < len(pairs):
        day, last = pairs[place]
        ahead = pairs[place + 1 : place + 3]
        if last is None and ahead and ahead[0][1] is None and _beside(line, day, ahead[0][0]):
            result.append((day, ahead[0][0]))
            place += 2
        elif (
            last is None
            and len(ahead) == 2
            and ahead[0][1] is not None
            and ahead[1][1] is None
            and _beside(line, day, ahead[0][0])
            and _beside(line, ahead[0][1], ahead[1][0])
        ):
            result += [(day, ahead[1][0]), ahead[0]]
            place += 3
        else:
            result.append((day, last))
            place += 1
    return result


def _beside(line: str, before: Written, after: Written) -> bool:
    between = line[before.ends : after.begins]
    return after.begins >= before.ends and _SEPARATORS.fullmatch(between) is not None


def _on_line(number: int, line: str, pairs: Sequence[Pair], heading: str) -> Iterator[_Found]:
    """Each with its label: the words before it, else those after it, else the heading."""
    ends = [each.ends for pair in pairs for each in pair if each is not None]
    after = _label(line[max(ends) :])
    before = ""
    for place, (day, last) in enumerate(pairs):
        start = max((end for end in ends if end <= day.begins), default=0)
        own = _label(line[start : day.begins])
        if _is_enclosed(day, pairs):
            label = own or "Half term holiday"
        elif own:
            label = f"{heading} {own}" if heading and not _says_something(own) else own
        elif after:
            label = _label(line[(last or day).ends : _next(pairs, place, len(line))]) or after
        else:
            label = before or heading
        before = own or before
        yield _Found(number, label[:_LABEL], day, last)


def _is_enclosed(day: Written, pairs: Sequence[Pair]) -> bool:
    """Whether it lies between the first and the last day of another, in columns of one row."""
    return any(
        last is not None and first.begins < day.begins < last.begins for first, last in pairs
    )


def _next(pairs: Sequence[Pair], place: int, end: int) -> int:
    return min((day.begins for day, _ in pairs[place + 1 :]), default=end)


def _says_something(label: str) -> bool:
    """Whether a label says alone what its days are."""
    day = date(2027, 1, 4)
    single = Event(uid="", name=label, first=day, last=day)
    longer = replace(single, last=date(2027, 3, 4))
    return bool(meanings_of(single) or meanings_of(longer))


def _is_training(label: str) -> bool:
    day = date(2027, 1, 4)
    return Meaning.STAFF_ONLY in meanings_of(Event(uid="", name=label, first=day, last=day))


def _label(text: str) -> str:
    """Words that say what days are, without marks; nothing for what only joins."""
    label = " ".join(text.split()).strip(_TRIMMED)
    return "" if label.casefold() in _JOINING else label


def _together(found: list[_Found]) -> list[_Found]:
    """A first and a last day that stand on lines of their own, under one heading."""
    result: list[_Found] = []
    for each in found:
        before = result[-1] if result else None
        if (
            before is not None
            and each.last is None
            and before.last is None
            and each.label == before.label
            and each.line != before.line
            and each.label
            and not _meanings_of(each)
        ):
            result[-1] = replace(before, last=each.first)
        else:
            result.append(each)
    return result


def _meanings_of(found: _Found) -> Iterable[Meaning]:
    """What a single day's label says; nothing for a day that there is not."""
    return () if found.problem else meanings_of(found.event)


_AS = {
    Meaning.TERM: "a term",
    Meaning.TERM_BEGINS: "the first day of a term",
    Meaning.TERM_ENDS: "the last day of a term",
    Meaning.HOLIDAY: "a holiday",
    Meaning.HOLIDAY_BEGINS: "the first day of a holiday",
    Meaning.HOLIDAY_ENDS: "the last day of a holiday",
    Meaning.STAFF_ONLY: "staff training",
    Meaning.BANK_HOLIDAY: "a bank holiday, which Tandem knows already",
}


def _read_line(found: _Found, year: AcademicYear) -> ReadLine:
    days = tuple(
        day for day in (found.first.day, found.last.day if found.last else None) if day is not None
    )
    if found.problem:
        return ReadLine(found.line, found.written, f"Not used. {found.problem}.", days, used=False)
    event = found.event
    meant = sorted(_AS[each] for each in meanings_of(event))
    said = day_in_words(event.first)
    if found.last is not None:
        said += f" to {day_in_words(event.last)}"
    label = f"{found.label}: " if found.label else ""
    if not meant:
        words = f"{label}{said}. Not used: it does not say what these days are."
        return ReadLine(found.line, found.written, words, days, used=False)
    if not (year.contains(event.first) or year.contains(event.last)):
        words = f"{label}{said}. Not used: it lies outside {year}."
        return ReadLine(found.line, found.written, words, days, used=False)
    return ReadLine(
        found.line, found.written, f"{label}{said}. Read as {' and '.join(meant)}.", days
    )
