"""The forms in which people say what became of a touchpoint: two clicks, and more if they like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.forms import DateField, Presentation, TimeField
from organisations.actor import Actor
from partnerships.actions.form_part import WithActions
from partnerships.actions.owners import Owner
from partnerships.diary.day_forms import DayForm
from partnerships.touchpoints.models import Attendee, Touchpoint, TouchpointState
from partnerships.touchpoints.services import LONGEST_NOTES, OUTCOMES

MOVED = TouchpointState.MOVED
CHOICES = {
    TouchpointState.HELD: "Held",
    TouchpointState.MOVED: "Moved",
    TouchpointState.MISSED: "Missed",
    TouchpointState.CANCELLED: "Cancelled",
}


class OutcomeForm(WithActions, DayForm):
    """What became of a touchpoint; who came, and when the next one is, if somebody says so."""

    day_field = "next_date"

    outcome = forms.ChoiceField(
        label="What became of it?",
        choices=[(state.value, words) for state, words in CHOICES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose held, moved, missed or cancelled"},
    )
    notes = forms.CharField(
        label="Notes",
        help_text="Everyone in the partnership can read them, and the others get them by email.",
        max_length=LONGEST_NOTES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Notes must be {LONGEST_NOTES:,} characters or fewer"},
    )
    came = forms.TypedMultipleChoiceField(
        label="Who came?",
        help_text="Leave all of them out if you do not know.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    next_date = DateField(
        label="On which day is the next one?",
        help_text="Needed if it was moved. For example, 27 3 2027.",
        required=False,
    )
    next_time = TimeField(
        label="At what time?",
        help_text="UK time, like 3:30pm or 15:30. Leave it empty for the same time as this one.",
        required=False,
    )
    presentation = {
        "outcome": Presentation(
            hints={
                TouchpointState.HELD: "You met",
                TouchpointState.MOVED: "To another day, which you enter below",
                TouchpointState.MISSED: "Somebody could not be there",
                TouchpointState.CANCELLED: "Called off, and no new day yet",
            }
        ),
        "notes": Presentation(label_size="s"),
        "came": Presentation(label_size="s", small=True),
        "next_date": Presentation(label_size="s"),
        "next_time": Presentation(label_size="s"),
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        attendees: Sequence[Attendee],
        choice: str = "",
        owners: Sequence[Owner] = (),
        **more: Any,
    ) -> None:
        initial = {"outcome": choice if choice in OUTCOMES else None, **more.pop("initial", {})}
        super().__init__(data, actor=actor, initial=initial, **more)
        if attendees:
            self.fields["came"].choices = [  # type: ignore[attr-defined]
                (each.pk, f"{each.posting.person.name}, {each.organisation.name}")
                for each in attendees
            ]
        else:
            del self.fields["came"]
        if owners:
            self.add_action_rows(owners)

    def clean(self) -> None:
        """Ask for the day of one that was moved."""
        super().clean()
        if self.cleaned_data.get("outcome") != MOVED or self.has_another:
            return
        if self.cleaned_data.get("next_date") is None and "next_date" not in self.errors:
            words = "Enter the day it is moved to, like 27 3 2027"
            self.add_error("next_date", forms.ValidationError(words, code="required"))

    @property
    def has_another(self) -> bool:
        """Whether another touchpoint has taken its place already."""
        return False

    @property
    def says_more(self) -> bool:
        """Whether the part with the next date is shown open."""
        fields = {"came", "next_date", "next_time"}
        typed = any(self.data.get(name) for name in (*NEXT_PARTS, "next_time", "came"))
        chosen = self.data.get("outcome") if self.is_bound else self.initial.get("outcome")
        return typed or chosen == MOVED or bool(fields & set(self.errors))

    def values(self) -> dict[str, Any]:
        """What the services take."""
        names = ("outcome", "notes", "next_date", "next_time")
        said = {name: self.cleaned_data.get(name) for name in names}
        said["came"] = self.cleaned_data.get("came") or ()
        return {**said, "actions": self.action_lines() if self.action_rows else []}


NEXT_PARTS = tuple(f"next_date_{part}" for part in ("day", "month", "year"))


class CorrectForm(OutcomeForm):
    """The same, put right afterwards."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        touchpoint: Touchpoint,
        attendees: Sequence[Attendee],
    ) -> None:
        self._touchpoint = touchpoint
        super().__init__(
            data,
            actor=actor,
            attendees=attendees,
            choice=touchpoint.state,
            initial={
                "notes": touchpoint.outcome_notes,
                "came": [each.pk for each in attendees if each.came],
            },
        )
        if self.has_another:
            del self.fields["next_date"], self.fields["next_time"]

    @property
    def has_another(self) -> bool:
        """Whether another touchpoint has taken its place already."""
        return hasattr(self._touchpoint, "replaced_by")
