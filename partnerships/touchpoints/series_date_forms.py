"""The form with each date of a series to look over: changed, left out, or kept as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.clashes import Clash
from calendars.london import today, weekday_in_words
from calendars.series import MOST, Planned
from frontend.components import Component, tag
from frontend.forms import DateField
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.diary.day_forms import CHECK
from partnerships.diary.day_reports import DayReport, report_of
from partnerships.diary.selectors import SharedDiary, diary_of
from partnerships.touchpoints.plans import YEARS_AHEAD
from partnerships.touchpoints.series_forms import Series
from partnerships.touchpoints.series_plans import MOST_OF_A_SERIES, Dated
from partnerships.touchpoints.series_presenters import busy_words

LONGEST = timedelta(days=366 * YEARS_AHEAD)
# Digits that are read of a number which only the page itself writes.
_LONGEST_COUNT = 4


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of a series, as its page shows it."""

    number: int
    box: Any
    out: Any
    report: DayReport | None
    moved: str
    is_out: bool
    needs_a_look: bool

    @property
    def pausing(self) -> list[Clash]:
        """What to look at before the day is taken, but for what is merely typical of the time."""
        return [each for each in self._said if not (each.blocks and each.typical)]

    @property
    def busy(self) -> str:
        """What is merely typical of the time, in words."""
        return busy_words([each for each in self._said if each.blocks and each.typical])

    @property
    def _said(self) -> list[Clash]:
        return self.report.pausing if self.report is not None else []

    @property
    def status(self) -> Component | str:
        """What there is to notice about it, as a tag."""
        if self.is_out:
            return tag("Left out", "grey")
        if self.pausing:
            return tag("Clash", "red")
        return tag("Moved", "blue") if self.moved else ""


class DatesForm(RecordForm):
    """Each date of a series: its day may be changed, and it may be left out.

    A changed day that gives pause is asked about once.
    """

    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST, required=True)

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, series: Series) -> None:
        bound = data if data is not None and "rows" in data else None
        super().__init__(bound, actor=actor)
        self.series = series
        self.count = self._count(len(series.dates))
        self.fields["rows"].initial = self.count
        self.asked: list[DateRow] = []
        self.described: list[DateRow] = []
        for number in range(1, self.count + 1):
            self._add_row(number)

    @property
    def only_asks(self) -> bool:
        """Whether the reader only asks what the days clash with."""
        return self.is_bound and CHECK in self.data

    @property
    def numbers(self) -> range:
        """The numbers of the dates."""
        return range(1, self.count + 1)

    def clean(self) -> None:
        """Each day to come and within reach; what is left out is asked for nothing."""
        for number in self.numbers:
            name = f"day_{number}"
            if problem := _out_of_reach(self.cleaned_data.get(name)):
                self.add_error(name, f"Date {number}: {problem}")
            if self.cleaned_data.get(f"out_{number}") and name in self.errors:
                del self.errors[name]
        kept = len(self._kept())
        if not kept:
            self.add_error("out_1", "Keep at least one date")
        elif kept > MOST_OF_A_SERIES:
            over = kept - MOST_OF_A_SERIES
            words = f"{MOST_OF_A_SERIES} dates are the most at once: leave {over} more out"
            self.add_error(None, words)

    def dates(self) -> dict[str, Dated]:
        """The dates to schedule, under the names of their fields."""
        given = self.cleaned_data
        return {f"day_{n}": Dated(given[f"ideal_{n}"], given[f"day_{n}"]) for n in self._kept()}

    def _kept(self) -> list[int]:
        return [n for n in self.numbers if not self.cleaned_data.get(f"out_{n}")]

    def goes_ahead(self) -> bool:
        """Whether it can be carried out; describes every date in `described` otherwise."""
        valid = self.is_bound and self.is_valid()
        self._describe()
        self.asked = [] if self.only_asks else [row for row in self.described if self._is_new(row)]
        if valid and not self.only_asks and not self.asked:
            return True
        if self.is_bound:
            self._note_as_seen()
        return False

    def _count(self, worked_out: int) -> int:
        """How many dates there are: as many as the page had that was sent."""
        typed = str(self.data.get("rows", "")) if self.is_bound else ""
        usable = typed.isascii() and typed.isdigit()
        there = int(typed[:_LONGEST_COUNT]) if usable else worked_out
        return max(1, min(there, MOST))

    def _add_row(self, number: int) -> None:
        planned = self._planned(number)
        day = planned.day if planned else None
        self.fields[f"day_{number}"] = DateField(
            label=f"Date {number}",
            initial=day,
            error_messages={"required": f"Enter the day of date {number}, or leave it out"},
        )
        self.fields[f"out_{number}"] = forms.BooleanField(
            label=f"Leave date {number} out",
            required=False,
            initial=planned is not None and planned.left_out,
        )
        self.fields[f"ideal_{number}"] = forms.DateField(
            widget=forms.HiddenInput,
            input_formats=["%Y-%m-%d"],
            initial=planned.ideal.isoformat() if planned else "",
        )
        self.fields[f"seen_{number}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=day.isoformat() if day else ""
        )

    def _planned(self, number: int) -> Planned | None:
        dates = self.series.dates
        return dates[number - 1] if number <= len(dates) else None

    def _day(self, number: int) -> date | None:
        if not self.is_bound:
            planned = self._planned(number)
            return planned.day if planned else None
        found: date | None = self.cleaned_data.get(f"day_{number}")
        return found

    def _describe(self) -> None:
        """Say of each day what there is to say; the diary is read once for all."""
        days = [day for number in self.numbers if (day := self._day(number))]
        diary = (
            diary_of(self.actor, self.series.partnership, min(days), max(days)) if days else None
        )
        self.described = [self._row(number, diary) for number in self.numbers]

    def _row(self, number: int, diary: SharedDiary | None) -> DateRow:
        day, planned = self._day(number), self._planned(number)
        moved = ""
        if planned is not None and planned.moved and planned.day == day:
            was = weekday_in_words(planned.ideal)
            moved = f"Instead of {was}. {planned.moved_because}"
        report = report_of(diary, day) if diary is not None and day is not None else None
        out = self._is_out(number)
        return DateRow(
            number=number,
            box=self[f"day_{number}"],
            out=self[f"out_{number}"],
            report=report,
            moved=moved,
            is_out=out,
            needs_a_look=f"day_{number}" in self.errors,
        )

    def _is_out(self, number: int) -> bool:
        if self.is_bound:
            return bool(self.cleaned_data.get(f"out_{number}"))
        planned = self._planned(number)
        return planned is not None and planned.left_out

    def _is_new(self, row: DateRow) -> bool:
        """Whether the day of a row gives pause and was not shown as it is."""
        if row.report is None or row.report.day is None or not row.report.gives_pause:
            return False
        if not self.is_bound or self.cleaned_data.get(f"out_{row.number}"):
            return False
        return bool(self.cleaned_data.get(f"seen_{row.number}") != row.report.day.isoformat())

    def _note_as_seen(self) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        for row in self.described:
            if row.report is not None and row.report.day is not None:
                data[f"seen_{row.number}"] = row.report.day.isoformat()
        self.data = data


def _out_of_reach(day: date | None) -> str:
    """Why nothing is scheduled on a day, whatever it clashes with; empty when something can be.

    Asked before the diary is read: between the years 1000 and 2999 it would be a thousand years.
    """
    if day is None:
        return ""
    if day < today():
        return "the day must be today or later"
    if day > today() + LONGEST:
        return f"the day must be within the next {YEARS_AHEAD} years"
    return ""
