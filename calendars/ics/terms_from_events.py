"""The half terms and INSET days of a school year, worked out from the entries of a calendar.

Three styles are understood, alone and mixed: terms as spans ("Autumn term 1"), their first and
last days ("Term starts", "School closes for half term"), and holidays only ("Christmas holiday"),
between which the terms lie. Nothing is stored from here: a person checks it first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calendars.ics.reading import Event
from calendars.ics.term_words import Meaning, meanings_of
from calendars.london import weekday_in_words
from calendars.terms import HalfTerm, SchoolYear, TermDatesError, typical_terms
from calendars.working_days import is_working_day
from calendars.years import AcademicYear

_ONE_DAY = timedelta(days=1)
_LONGEST_HOLIDAY = timedelta(days=62)
_SHORTEST_PART = 5  # days; less than a week of school between two holidays is a slip
_FEW_DAYS = 2
_ABOUT_THEN = 30
_NAMES_SHOWN = 5
NOTHING_FOUND = (
    "No term dates were found in this calendar. Tandem looks for entries such as “Term starts” "
    "and “Term ends”, “Autumn term 1”, or “Christmas holiday”. Choose another calendar, or type "
    "the dates in."
)
Span = tuple[date, date]


class NoTermDates(ValueError):
    """A calendar without the term dates of a year; the text says what to do."""


@dataclass(frozen=True, slots=True)
class FoundTerms:
    """What a calendar says of one school year, for a person to check."""

    year: AcademicYear
    half_terms: tuple[HalfTerm, ...]
    inset_days: tuple[date, ...]
    cautions: tuple[str, ...]


def years_in(events: Iterable[Event]) -> list[AcademicYear]:
    """The school years of which a calendar has term dates, in order."""
    events = list(events)
    found = []
    for number in sorted({AcademicYear.of(event.first).starts_in for event in events}):
        try:
            terms_in(events, AcademicYear(number))
        except NoTermDates:
            continue
        found.append(AcademicYear(number))
    return found


def terms_in(events: Iterable[Event], year: AcademicYear) -> FoundTerms:
    """The half terms and INSET days of a year; raises NoTermDates."""
    said = _Said(year, events)
    if not said.enough:
        raise NoTermDates(NOTHING_FOUND)
    parts = [part for span in said.spans() if (part := _school_days(span))]
    half_terms = _named(_apart(parts), year)
    try:
        SchoolYear(year, half_terms)
    except TermDatesError as problem:
        raise NoTermDates(NOTHING_FOUND) from problem
    days = sorted(day for day in said.closed if year.contains(day) and is_working_day(day))
    cautions = (*said.cautions, *_without_half_term(half_terms, year), *said.unused_in_words())
    return FoundTerms(year, half_terms, tuple(days), cautions)


class _Said:
    """The entries of one school year by what they mean."""

    def __init__(self, year: AcademicYear, events: Iterable[Event]) -> None:
        self.year = year
        self.cautions: list[str] = []
        self.closed: set[date] = set()
        self._unused: list[str] = []
        # A term may begin in August, and the summer holiday before it in July.
        self._from, self._to = year.start - _LONGEST_HOLIDAY, year.end
        by: dict[Meaning, list[Span]] = defaultdict(list)
        for event in events:
            if event.last < self._from or event.first > self._to:
                continue
            meanings = meanings_of(event)
            if not meanings and year.contains(event.first):
                self._unused.append(event.name)
            for meaning in meanings:
                by[meaning].append((event.first, event.last))
        self._by = by
        self._holidays = self._long_holidays()
        for first, last in by[Meaning.STAFF_ONLY]:
            self.closed.update(_days(first, last))

    @property
    def enough(self) -> bool:
        """Whether anything in the year itself says when pupils are in."""
        telling = (Meaning.TERM, Meaning.TERM_BEGINS, Meaning.TERM_ENDS)
        inside = [span for each in telling for span in self._by[each]] + [
            (first, last) for first, last in self._holidays if last < self.year.end
        ]
        return any(last >= self.year.start for _, last in inside)

    def unused_in_words(self) -> Iterator[str]:
        """The names of entries that say nothing about terms."""
        names = list(dict.fromkeys(self._unused))
        if names:
            shown = ", ".join(f"“{name}”" for name in names[:_NAMES_SHOWN])
            more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
            yield f"Not used: {shown}{more}."

    def spans(self) -> list[Span]:
        """When pupils are in, without the holidays."""
        told = [span for span in self._by[Meaning.TERM] if self._mostly_inside(span)]
        told += self._between_edges(told)
        told = _without(_joined(told), self._holidays)
        return told + [
            (first, last)
            for first, last in self._between_holidays(told)
            if not any(begins <= last and first <= ends for begins, ends in told)
        ]

    def _mostly_inside(self, span: Span) -> bool:
        middle = span[0] + (span[1] - span[0]) // 2
        return self.year.contains(middle)

    def _long_holidays(self) -> list[Span]:
        """Holidays as spans; a day or two alone is a day on which the school is closed."""
        spans = list(self._by[Meaning.HOLIDAY])
        ends = sorted(last for _, last in self._by[Meaning.HOLIDAY_ENDS])
        for first, _ in self._by[Meaning.HOLIDAY_BEGINS]:
            last = next((end for end in ends if first <= end <= first + _LONGEST_HOLIDAY), None)
            if last is not None:
                spans.append((first, last))
        long = []
        for first, last in _joined(spans):
            weekdays = [day for day in _days(first, last) if is_working_day(day)]
            if len(weekdays) > _FEW_DAYS:
                long.append((first, last))
            else:
                self.closed.update(weekdays)
        return long

    def _between_edges(self, terms: Sequence[Span]) -> list[Span]:
        """From each "term starts" to the next "term ends", unless a term as a span says it."""
        edges = [(first, True) for first, _ in self._by[Meaning.TERM_BEGINS]]
        edges += [(last, False) for _, last in self._by[Meaning.TERM_ENDS]]
        inside = sorted(
            (day, begins)
            for day, begins in set(edges)
            if not any(first <= day <= last for first, last in terms)
            and self.year.start - timedelta(days=31) <= day <= self._to
        )
        found: list[Span] = []
        began: date | None = None
        for day, begins in inside:
            if begins:
                if began is not None and (last := self._holiday_before(day, began)):
                    found.append((began, last))
                elif began is not None:
                    self.cautions.append(
                        f"Nothing says when the term that starts on {weekday_in_words(began)} ends."
                    )
                began = day
            elif began is not None:
                found.append((began, day))
                began = None
            elif first := self._holiday_after(day, found):
                found.append((first, day))
            else:
                self.cautions.append(
                    f"Nothing says when the term that ends on {weekday_in_words(day)} starts."
                )
        if began is not None and (last := self._holiday_before(self._to, began)):
            found.append((began, last))
        return found

    def _holiday_before(self, day: date, began: date) -> date | None:
        """The last day before the holiday that comes first after a term has begun."""
        return next((first - _ONE_DAY for first, _ in self._holidays if began < first <= day), None)

    def _holiday_after(self, day: date, found: Sequence[Span]) -> date | None:
        """The first day after the last holiday that ended before a term does."""
        after = max((last for _, last in found), default=self._from)
        ended = [last + _ONE_DAY for _, last in self._holidays if after < last < day]
        return ended[-1] if ended else None

    def _between_holidays(self, told: Sequence[Span]) -> list[Span]:
        """From one holiday to the next, the summers before and after being two of them.

        Where nothing else is said, the usual days stand in for a summer that is missing.
        """
        typical = typical_terms(self.year).half_terms
        begins, ends = typical[0].start, typical[-1].end
        before = [last for _, last in self._holidays if abs((last - begins).days) < _ABOUT_THEN]
        after = [first for first, _ in self._holidays if abs((first - ends).days) < _ABOUT_THEN]
        whole = (
            before[0] + _ONE_DAY if before else begins,
            after[-1] - _ONE_DAY if after else ends,
        )
        found = _without([whole], self._holidays)
        if told:
            return found[0 if before else 1 : len(found) - (0 if after else 1)]
        for known, words in (
            (before, "when the autumn term starts"),
            (after, "when the summer term ends"),
        ):
            if not known:
                self.cautions.append(
                    f"The calendar does not say {words}: the usual day stands there."
                )
        return found


def _days(first: date, last: date) -> Iterator[date]:
    for at in range((last - first).days + 1):
        yield first + _ONE_DAY * at


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap made one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _without(spans: Iterable[Span], holidays: Iterable[Span]) -> list[Span]:
    """What is left of the spans when the holidays are taken out."""
    left = list(spans)
    for begins, ends in holidays:
        cut: list[Span] = []
        for first, last in left:
            if ends < first or begins > last:
                cut.append((first, last))
                continue
            if first < begins:
                cut.append((first, begins - _ONE_DAY))
            if ends < last:
                cut.append((ends + _ONE_DAY, last))
        left = cut
    return left


def _school_days(span: Span) -> Span | None:
    """From its first to its last weekday that is no bank holiday; None for a few days."""
    first, last = span
    while first <= last and not is_working_day(first):
        first += _ONE_DAY
    while last > first and not is_working_day(last):
        last -= _ONE_DAY
    return (first, last) if (last - first).days >= _SHORTEST_PART else None


def _apart(spans: Iterable[Span]) -> list[Span]:
    """In order; those with no school day between them are one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and not any(
            is_working_day(day) for day in _days(found[-1][1] + _ONE_DAY, first - _ONE_DAY)
        ):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _named(spans: Sequence[Span], year: AcademicYear) -> tuple[HalfTerm, ...]:
    """Each by the typical term that it shares most days with, numbered within it."""
    terms = typical_terms(year).terms

    def term_of(span: Span) -> str:
        shared = [
            ((min(span[1], term.end) - max(span[0], term.start)).days, term.name) for term in terms
        ]
        return max(shared)[1]

    by_term: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        by_term[term_of(span)].append(span)
    return tuple(
        HalfTerm(first, last, f"{term} {at}" if len(parts) > 1 else term)
        for term, parts in by_term.items()
        for at, (first, last) in enumerate(parts, start=1)
    )


def _without_half_term(half_terms: Sequence[HalfTerm], year: AcademicYear) -> Iterator[str]:
    """Terms that are whole, and terms that are not there at all."""
    names = [half.name for half in half_terms]
    for term in typical_terms(year).terms:
        if term.name in names:
            yield f"No half term holiday was found in the {term.name.lower()} term. Add it."
        elif f"{term.name} 1" not in names:
            yield f"Nothing was found about the {term.name.lower()} term. Add it."
