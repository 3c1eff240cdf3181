"""The forms of a touchpoint: its plan and its cancellation. Its outcome: `outcome_forms`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from calendars.london import in_london, london_day
from frontend.forms import DateField, Presentation, TimeField
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.diary.day_forms import DayForm
from partnerships.touchpoints.models import Touchpoint, TouchpointKind
from partnerships.touchpoints.models.series import A_DAY
from partnerships.touchpoints.plans import REMINDERS, checked_plan
from partnerships.touchpoints.services import LONGEST_NOTES

LENGTHS = {
    15: "15 minutes",
    30: "30 minutes",
    45: "45 minutes",
    60: "1 hour",
    90: "1 hour 30 minutes",
    120: "2 hours",
    180: "3 hours",
}
PLAN = ("kind", "date", "time", "minutes", "venue", "agenda")


class RemindersField(forms.TypedMultipleChoiceField):
    """When people are reminded: any of those offered, or never."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **more: Any) -> None:
        super().__init__(
            label="When are people reminded by email?",
            coerce=int,
            choices=list(REMINDERS.items()),
            required=False,
            initial=[A_DAY],
            **more,
        )


class PlanForm(DayForm):
    """Schedule a touchpoint. A day that clashes is asked about once, then taken."""

    kind = forms.ChoiceField(
        label="What sort of touchpoint is it?",
        choices=TouchpointKind.choices,
        initial=TouchpointKind.UPDATE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what sort of touchpoint it is"},
    )
    date = DateField(
        label="On which day?", error_messages={"required": "Enter the day, like 27 3 2027"}
    )
    time = TimeField(
        label="At what time?",
        help_text="UK time, like 3:30pm or 15:30",
        error_messages={"required": "Enter the time, like 3:30pm or 15:30"},
    )
    minutes = forms.TypedChoiceField(
        label="How long will it take?",
        coerce=int,
        choices=list(LENGTHS.items()),
        initial=30,
        error_messages={"required": "Choose how long it will take"},
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
    reminder_minutes = RemindersField()
    presentation = {name: Presentation(label_size="s") for name in (*PLAN, "reminder_minutes")}

    def clean(self) -> None:
        """Refuse at once what the service would refuse."""
        if all(name in self.cleaned_data for name in PLAN):
            checked_plan(**{name: self.cleaned_data[name] for name in PLAN})

    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in (*PLAN, "reminder_minutes")}


class MoveForm(PlanForm):
    """Change the plan of a touchpoint."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, touchpoint: Touchpoint
    ) -> None:
        super().__init__(data, actor=actor, initial=_planned(touchpoint))
        length = touchpoint.minutes
        if length not in LENGTHS:
            choices = {**LENGTHS, length: f"{length} minutes"}
            self.fields["minutes"].choices = sorted(choices.items())  # type: ignore[attr-defined]
        self.fields["reminder_minutes"].help_text = "If only this changes, nobody gets an email"

    def now_based_on(self, touchpoint: Touchpoint) -> None:
        """Keep what was typed, to be saved over the plan that is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(touchpoint.revision)
        self.data = data


def _planned(touchpoint: Touchpoint) -> dict[str, Any]:
    day = london_day(touchpoint.starts_at)
    return {
        "kind": touchpoint.kind,
        "date": day,
        "time": in_london(touchpoint.starts_at).time(),
        "minutes": touchpoint.minutes,
        "venue": touchpoint.venue,
        "agenda": touchpoint.agenda,
        "reminder_minutes": touchpoint.reminder_minutes,
        "based_on": touchpoint.revision,
        # Nobody is asked again about the day that was chosen before.
        "heeded": day.isoformat(),
    }


class CancelForm(RecordForm):
    """Cancel a touchpoint, with a word to those invited."""

    notes = forms.CharField(
        label="What should the others know?",
        help_text="Goes into the email and into the record.",
        max_length=LONGEST_NOTES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    presentation = {"notes": Presentation(label_size="s")}
