"""The form of a series of touchpoints: its rule, and what each of its dates is like.

What it leads to is looked over with `series_date_forms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from calendars.london import WEEKDAYS, day_in_words, today
from calendars.series import Every, Planned, SeriesError, series_dates
from calendars.series import OnClash as Clashing
from frontend.fields import PARTS
from frontend.forms import DateField, Presentation, TimeField
from organisations.forms import RecordForm
from partnerships.diary.selectors import diary_of
from partnerships.record.models import Partnership
from partnerships.touchpoints.forms import LENGTHS, RemindersField
from partnerships.touchpoints.models import OnClash, TouchpointKind
from partnerships.touchpoints.series_plans import MOST_OF_A_SERIES, SeriesPlan, checked_series

# Chosen when none of the usual ones does: the rule is then typed.
OWN_RULE = "rule"
DATES = ("first_on", "last_on")
PLAN = (
    "kind", "every", "rrule", "weekday", *DATES, "on_clash", "time", "minutes", "venue", "agenda",
    "reminder_minutes",
)  # fmt: skip
HINTS_ON_CLASH = {
    OnClash.MOVE: (
        "The same weekday of another week first, if there is room. In a typically busy time, like "
        "the NHS winter peak, it stays if no clear day is near"
    ),
    OnClash.SKIP: (
        "Nobody meets that time. Typically busy times stay in, unless you or a partner has put "
        "them into your own calendar"
    ),
    OnClash.SKIP_BUSY: "Nobody meets in the NHS winter peak either, for example",
    OnClash.KEEP: "Nothing is checked",
}


class SeriesForm(RecordForm):
    """How often, from when until when, at what time."""

    kind = forms.ChoiceField(
        label="What sort of touchpoint is it?",
        choices=TouchpointKind.choices,
        initial=TouchpointKind.UPDATE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what sort of touchpoint it is"},
    )
    every = forms.ChoiceField(
        label="How often?",
        choices=[
            *((each.value, each.in_words.capitalize()) for each in Every),
            (OWN_RULE, "Another repeat"),
        ],
        initial=Every.HALF_TERM.value,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often"},
    )
    rrule = forms.CharField(
        label="Repeat rule",
        help_text=(
            "As calendar programs write it, like FREQ=MONTHLY;BYDAY=2TU for the second Tuesday "
            "of each month, or FREQ=WEEKLY;INTERVAL=3 for every three weeks"
        ),
        max_length=200,
        required=False,
        error_messages={"max_length": "The repeat rule must be 200 characters or fewer"},
    )
    weekday = forms.TypedChoiceField(
        label="On which weekday?",
        coerce=int,
        empty_value=None,
        choices=[("", "That of the first date"), *enumerate(WEEKDAYS[:5])],
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
    on_clash = forms.ChoiceField(
        label="What happens to a date in a holiday or on another day that does not suit?",
        choices=OnClash.choices,
        initial=OnClash.MOVE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens on a day that does not suit"},
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
        label="Standing agenda",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "The agenda must be 2,000 characters or fewer"},
    )
    reminder_minutes = RemindersField()
    presentation = {name: Presentation(label_size="s") for name in PLAN} | {
        "every": Presentation(label_size="s", reveals={OWN_RULE: "rrule"}),
        "rrule": Presentation(),
        "on_clash": Presentation(label_size="s", hints=HINTS_ON_CLASH),
    }

    def clean(self) -> None:
        """Refuse at once what the service would refuse."""
        first = self.cleaned_data.get("first_on")
        if first and first < today():
            self.add_error("first_on", "The first day must be today or later")
        if not self.errors:
            try:
                self.plan()
            except ValidationError as refusal:
                self._show(refusal)

    def plan(self) -> SeriesPlan:
        """The plan that was typed; raises ValidationError as `checked_series` does."""
        given = {name: self.cleaned_data[name] for name in PLAN}
        own = given["every"] == OWN_RULE
        given["at"] = given.pop("time")
        return checked_series(
            **given | {"every": "" if own else given["every"]} | ({} if own else {"rrule": ""})
        )

    def work_out(self, partnership: Partnership) -> Series | None:
        """The dates of a valid form with their clashes resolved; None when there are none to show.

        Why not is then said beside a field.
        """
        if not self.is_valid():
            return None
        plan = self.plan()
        diary = diary_of(self.actor, partnership, plan.first_on, plan.last_on)
        try:
            dates = series_dates(
                plan.rule,
                plan.first_on,
                plan.last_on,
                diary.calendars,
                shared=diary.shared,
                weekday=plan.weekday,
                taken=diary.taken,
                on_clash=Clashing(plan.on_clash),
            )
        except SeriesError as problem:
            self.add_error("last_on", str(problem))
            return None
        if problem_with := _too_few_or_many(dates):
            self.add_error("last_on", problem_with)
            return None
        return Series(dates, partnership)

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, to be carried through the next page."""
        boxes = [f"{name}_{part}" for name in DATES if name in self.fields for part in PARTS]
        names = [*(name for name in PLAN if name not in (*DATES, "reminder_minutes")), *boxes]
        return [(name, str(self.data.get(name, ""))) for name in names] + [
            ("reminder_minutes", each) for each in self["reminder_minutes"].data or ()
        ]


@dataclass(frozen=True, slots=True)
class Series:
    """The dates that a plan leads to in a partnership."""

    dates: Sequence[Planned]
    partnership: Partnership


def _too_few_or_many(dates: Sequence[Planned]) -> str:
    """Why these cannot be the dates of a series; empty when they can."""
    kept = [each for each in dates if not each.left_out]
    if not dates:
        return "No date lies between these days. Choose a later end"
    if not kept:
        return "Every date between these days would be left out. Choose a later end"
    if len(kept) <= MOST_OF_A_SERIES:
        return ""
    return (
        f"These are {len(kept)} dates, and {MOST_OF_A_SERIES} is the most at once. "
        f"End on {day_in_words(kept[MOST_OF_A_SERIES - 1].day)}, or meet less often"
    )
