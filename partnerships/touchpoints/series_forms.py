"""The forms of a series of touchpoints: its plan, and then each of its dates to look over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.london import day_in_words, today, weekday_in_words
from calendars.series import Every, Planned, SeriesError, series_dates
from frontend.fields import PARTS
from frontend.forms import DateField, Presentation, TimeField
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.diary.day_forms import CHECK
from partnerships.diary.day_reports import DayReport, report_of
from partnerships.diary.selectors import SharedDiary, diary_of
from partnerships.record.models import Partnership
from partnerships.touchpoints.forms import LENGTHS
from partnerships.touchpoints.models import TouchpointKind
from partnerships.touchpoints.plans import YEARS_AHEAD
from partnerships.touchpoints.services import MOST_OF_A_SERIES

LONGEST = timedelta(days=366 * YEARS_AHEAD)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
DATES = ("first_on", "last_on")
# Digits that are read of a number which only the page itself writes.
_LONGEST_COUNT = 4
PLAN = ("kind", "every", "weekday", *DATES, "time", "minutes", "venue", "agenda")


class SeriesForm(RecordForm):
    """How often, from when until when, at what time."""

    kind = forms.ChoiceField(
        label="What sort of touchpoint is it?",
        choices=TouchpointKind.choices,
        initial=TouchpointKind.UPDATE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what sort of touchpoint it is"},
    )
    every = forms.TypedChoiceField(
        label="How often?",
        coerce=Every,
        choices=[(each.value, each.in_words.capitalize()) for each in Every],
        initial=Every.HALF_TERM.value,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often"},
    )
    weekday = forms.TypedChoiceField(
        label="On which weekday?",
        coerce=int,
        empty_value=None,
        choices=[("", "That of the first date"), *enumerate(WEEKDAYS)],
        required=False,
    )
    first_on = DateField(
        label="From when?",
        help_text="The first date is on this day or soon after",
        error_messages={"required": "Enter the first day, like 6 9 2027"},
    )
    last_on = DateField(
        label="Until when?",
        help_text=f"At most {MOST_OF_A_SERIES} dates at once",
        error_messages={"required": "Enter the last day, like 21 7 2028"},
    )
    time = TimeField(
        label="At what time?",
        help_text="UK time, like 3:30pm or 15:30",
        error_messages={"required": "Enter the time, like 3:30pm or 15:30"},
    )
    minutes = forms.TypedChoiceField(
        label="How long will each take?",
        coerce=int,
        choices=list(LENGTHS.items()),
        initial=30,
        error_messages={"required": "Choose how long each will take"},
    )
    venue = forms.CharField(
        label="Place or link",
        max_length=300,
        required=False,
        error_messages={"max_length": "The place or link must be 300 characters or fewer"},
    )
    agenda = forms.CharField(
        label="Agenda",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "The agenda must be 2,000 characters or fewer"},
    )
    presentation = {name: Presentation(label_size="s") for name in PLAN}

    def clean(self) -> None:
        """The days in order, to come, and within reach."""
        first, last = (self.cleaned_data.get(name) for name in DATES)
        if first and first < today():
            self.add_error("first_on", "The first day must be today or later")
        if first and last and last < first:
            self.add_error("last_on", "The last day must be the first day or later")
        elif last and last > today() + LONGEST:
            self.add_error("last_on", f"The last day must be within the next {YEARS_AHEAD} years")

    def work_out(self, partnership: Partnership) -> Series | None:
        """The dates of a valid form with their clashes resolved; None when there are none to show.

        Why not is then said beside a field.
        """
        if not self.is_valid():
            return None
        given = self.cleaned_data
        first, last = given["first_on"], given["last_on"]
        diary = diary_of(self.actor, partnership, first, last)
        try:
            dates = series_dates(
                given["every"],
                first,
                last,
                diary.calendars,
                shared=diary.shared,
                weekday=given["weekday"],
                taken=diary.taken,
            )
        except SeriesError as problem:
            self.add_error("last_on", str(problem))
            return None
        if not dates:
            self.add_error("last_on", "No date lies between these days. Choose a later end")
        elif len(dates) > MOST_OF_A_SERIES:
            last_of_them = day_in_words(dates[MOST_OF_A_SERIES - 1].day)
            self.add_error(
                "last_on",
                f"These are {len(dates)} dates, and {MOST_OF_A_SERIES} is the most at once. "
                f"End on {last_of_them}, or meet less often",
            )
        else:
            return Series(dates, partnership)
        return None

    def typed(self) -> dict[str, str]:
        """What was typed, to be carried through the next page."""
        boxes = [f"{name}_{part}" for name in DATES for part in PARTS]
        names = [*(name for name in PLAN if name not in DATES), *boxes]
        return {name: str(self.data.get(name, "")) for name in names}

    def values(self) -> dict[str, Any]:
        """What the service takes for all dates alike."""
        return {name: self.cleaned_data[name] for name in ("kind", "time", "minutes")} | {
            name: self.cleaned_data[name] for name in ("venue", "agenda")
        }


@dataclass(frozen=True, slots=True)
class Series:
    """The dates that a plan leads to in a partnership."""

    dates: Sequence[Planned]
    partnership: Partnership


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of a series, as its page shows it."""

    number: int
    box: Any
    out: Any
    report: DayReport | None
    moved: str


class DatesForm(RecordForm):
    """Each date of a series: its day may be changed, and it may be left out.

    A changed day that gives pause is asked about once.
    """

    rows = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=MOST_OF_A_SERIES, required=True
    )

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
        if all(self.cleaned_data.get(f"out_{number}") for number in self.numbers):
            self.add_error("out_1", "Keep at least one date")

    def days(self) -> dict[str, date]:
        """The days to schedule, under the names of their fields."""
        kept = [n for n in self.numbers if not self.cleaned_data.get(f"out_{n}")]
        return {f"day_{n}": self.cleaned_data[f"day_{n}"] for n in kept}

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
        return max(1, min(there, MOST_OF_A_SERIES))

    def _add_row(self, number: int) -> None:
        planned = self._planned(number)
        day = planned.day if planned else None
        self.fields[f"day_{number}"] = DateField(
            label=f"Date {number}",
            initial=day,
            error_messages={"required": f"Enter the day of date {number}, or leave it out"},
        )
        self.fields[f"out_{number}"] = forms.BooleanField(
            label=f"Leave date {number} out", required=False
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
        return DateRow(
            number=number,
            box=self[f"day_{number}"],
            out=self[f"out_{number}"],
            report=report_of(diary, day) if diary is not None and day is not None else None,
            moved=moved,
        )

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
