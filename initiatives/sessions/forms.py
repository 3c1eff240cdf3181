"""Forms of sessions: planning one or a run, changing it, quick entry in the room, cancelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.london import in_london, london_day, today
from calendars.series import Every
from frontend.forms import DateField, Presentation, TimeField, WholeNumberField
from initiatives.plans.forms import BasedOn
from initiatives.sessions.models import (
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TITLE,
    MOST_PEOPLE,
    Group,
    Kind,
    Session,
)
from initiatives.sessions.services import SessionPlan
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation
from partnerships.diary.day_forms import DayForm
from partnerships.record.models import Partnership

ONCE, ELSEWHERE = "once_only", "elsewhere"
HELD, NOT_HELD = "yes", "no"
LENGTHS = {
    30: "30 minutes",
    45: "45 minutes",
    60: "1 hour",
    90: "1 hour 30 minutes",
    120: "2 hours",
    180: "3 hours",
    240: "4 hours",
    420: "A day (7 hours)",
}
PLAN = ("kind", "title", "date", "time", "minutes", "place", "planned")


class SessionForm(DayForm):
    """What a session is. Its day is checked against both calendars."""

    kind = forms.ChoiceField(
        label="What sort of session is it?",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what sort of session it is"},
    )
    title = forms.CharField(
        label="What is it called?",
        help_text="If it has a name of its own, like Asthma workshop for Year 7",
        max_length=LONGEST_TITLE,
        required=False,
        error_messages={"max_length": f"The name must be {LONGEST_TITLE} characters or fewer"},
    )
    date = DateField(
        label="On which day?", error_messages={"required": "Enter the day, like 27 3 2027"}
    )
    time = TimeField(
        label="At what time?",
        help_text="UK time, like 8:15am or 15:30",
        error_messages={"required": "Enter the time, like 8:15am or 15:30"},
    )
    minutes = forms.TypedChoiceField(
        label="How long will it take?",
        coerce=int,
        choices=list(LENGTHS.items()),
        initial=60,
        error_messages={"required": "Choose how long it will take"},
    )
    school = forms.ChoiceField(
        label="At which school?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a school, or somewhere else",
            "invalid_choice": "Choose one of the initiative’s schools",
        },
    )
    place = forms.CharField(
        label="Where is it?",
        max_length=LONGEST_PLACE,
        required=False,
        help_text="The room, or the place if it is not at a school",
        error_messages={"max_length": f"The place must be {LONGEST_PLACE} characters or fewer"},
    )
    planned = WholeNumberField(
        label="How many people do you expect?",
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={
            "invalid": "Enter how many as a whole number, like 12",
            "min_value": f"It must be between 1 and {MOST_PEOPLE:,}",
            "max_value": f"It must be between 1 and {MOST_PEOPLE:,}",
        },
    )
    presentation = {
        name: Presentation(label_size="s")
        for name in ("kind", "title", "date", "time", "minutes", "school", "place", "organisation")
    } | {
        "planned": Presentation(label_size="s", width=4, suffix="people"),
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        schools: Sequence[Organisation],
        **more: Any,
    ) -> None:
        """`schools` are those of the initiative."""
        super().__init__(data, actor=actor, **more)
        field = self.fields["school"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(each.pk), each.name) for each in schools]
        field.choices = [*field.choices, (ELSEWHERE, "Somewhere else")]
        if not schools:
            del self.fields["school"]

    def plan(self) -> SessionPlan:
        """What the services take, of a valid form."""
        given = self.cleaned_data
        school = given.get("school", ELSEWHERE)
        return SessionPlan(
            **{name: given[name] for name in PLAN},
            school=None if school == ELSEWHERE else int(school),
        )


class PlanForm(SessionForm):
    """Plan one session, or a run of them."""

    every = forms.ChoiceField(
        label="Does it take place again?",
        choices=[
            (ONCE, "No, once only"),
            (Every.WEEK.value, "Every week"),
            (Every.FORTNIGHT.value, "Every two weeks"),
        ],
        initial=ONCE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it takes place again"},
    )
    until = DateField(
        label="Until when?",
        required=False,
        help_text="The last day on which it may be, if it takes place again. School holidays and "
        "days that do not suit a member are left out.",
    )
    organisation = forms.TypedChoiceField(
        label="Whose staff run it and record who came?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose staff run it"},
    )
    presentation = SessionForm.presentation | {
        "every": Presentation(label_size="s"),
        "until": Presentation(label_size="s"),
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        schools: Sequence[Organisation],
        staff: Sequence[Organisation],
    ) -> None:
        """`staff` are the organisations whose staff may run it, the own one first."""
        super().__init__(data, actor=actor, schools=schools)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.pk, each.name) for each in staff]
        field.initial = actor.organisation_id
        if len(staff) == 1:
            del self.fields["organisation"]

    def clean(self) -> None:
        """A run has a last day: told together with whatever else is wrong."""
        super().clean()
        given = self.cleaned_data
        if self.is_run and given.get("until") is None and "until" not in self.errors:
            self.add_error("until", "Enter the last day, like 14 7 2027")

    def goes_ahead(self, partnership: Partnership) -> bool:
        """Whether it can be carried out: of a day that is past, nobody is asked what clashes."""
        if self.is_valid() and not self.only_asks and not self.is_run:
            past: bool = self.cleaned_data["date"] < today()
            if past:
                return True
        return super().goes_ahead(partnership)

    @property
    def is_run(self) -> bool:
        """Whether more than one is planned."""
        return bool(self.cleaned_data.get("every", ONCE) != ONCE)

    def values(self) -> dict[str, Any]:
        """What `plan_session` takes, of a valid form."""
        return {
            "plan": self.plan(),
            "organisation_id": self.cleaned_data.get("organisation"),
        }


class ChangeForm(BasedOn, SessionForm):
    """Move a session, or change what it is."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        schools: Sequence[Organisation],
        session: Session,
    ) -> None:
        day = london_day(session.starts_at)
        initial = {
            **{name: getattr(session, name) for name in PLAN if hasattr(session, name)},
            "date": day,
            "time": in_london(session.starts_at).time(),
            "school": str(session.school_id or ELSEWHERE),
            "based_on": session.revision,
            # Nobody is asked again about the day that was chosen before.
            "heeded": day.isoformat(),
        }
        super().__init__(data, actor=actor, schools=schools, initial=initial)
        if session.minutes not in LENGTHS:
            choices = {**LENGTHS, session.minutes: f"{session.minutes} minutes"}
            self.fields["minutes"].choices = sorted(choices.items())  # type: ignore[attr-defined]


def _number(label: str) -> WholeNumberField:
    outside = f"{label} must be between 0 and {MOST_PEOPLE:,}"
    return WholeNumberField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": f"Enter {label.lower()} as a whole number, like 12",
            "min_value": outside,
            "max_value": outside,
        },
    )


class QuickEntryForm(BasedOn, RecordForm):
    """Quick entry by the person in the room: held or not, how many came, one line."""

    held = forms.ChoiceField(
        label="Did it take place?",
        choices=[(HELD, "Yes"), (NOT_HELD, "No")],
        initial=HELD,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it took place"},
    )
    pupils = _number(Group.PUPILS.label)
    parents = _number(Group.PARENTS.label)
    staff = _number(Group.STAFF.label)
    note = forms.CharField(
        label="What went well?",
        help_text="One line that everyone in the partnership can read. No names, nothing about one "
        "child, and no numbers.",
        max_length=LONGEST_NOTE,
        required=False,
        error_messages={"max_length": f"What went well must be {LONGEST_NOTE} characters or fewer"},
    )
    reason = forms.CharField(
        label="Why not?",
        max_length=LONGEST_REASON,
        required=False,
        error_messages={"max_length": f"The reason must be {LONGEST_REASON} characters or fewer"},
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    mark_optional = False
    presentation = {
        "held": Presentation(label_size="s", inline=True, reveals={NOT_HELD: "reason"}),
        "note": Presentation(label_size="s"),
    } | {group: Presentation(label_size="s", width=5) for group in Group.values}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        session: Session,
        numbers: Mapping[str, int],
    ) -> None:
        """`numbers` are those that this person may read."""
        initial = {**numbers, "note": session.note, "based_on": session.revision}
        super().__init__(data, actor=actor, initial=initial)
        self.corrects = session.state == "held"
        if self.corrects:
            # What was held was held.
            del self.fields["held"], self.fields["reason"]

    def clean(self) -> None:
        """Say at once what is missing: a reason, or a number."""
        super().clean()
        given = self.cleaned_data
        if self.corrects or "held" in self.errors:
            return
        if not self.was_held and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Enter why it did not take place")
        if self.was_held and not self.numbers() and not set(Group.values) & set(self.errors):
            self.add_error("pupils", "Enter how many came in at least one group, or 0")

    @property
    def was_held(self) -> bool:
        """Whether it took place."""
        return self.corrects or bool(self.cleaned_data.get("held") == HELD)

    def numbers(self) -> dict[str, int]:
        """The groups that were counted."""
        given = {group: self.cleaned_data.get(group) for group in Group.values}
        return {group: number for group, number in given.items() if number is not None}


class CancelForm(RecordForm):
    """Say why a session does not take place."""

    reason = forms.CharField(
        label="Why?",
        help_text="Everyone in the partnership can read it.",
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Enter why it does not take place",
            "max_length": f"The reason must be {LONGEST_REASON} characters or fewer",
        },
    )
    presentation = {"reason": Presentation(label_size="s")}


class OpenForm(RecordForm):
    """Say why the numbers of colleagues are needed."""

    reason = forms.CharField(
        label="Why do you need them?",
        help_text="It is kept with your name. Your colleagues can read it.",
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Enter why you need the numbers",
            "max_length": f"The reason must be {LONGEST_REASON} characters or fewer",
        },
    )
    presentation = {"reason": Presentation(label_size="s")}


def days_in_words(days: Sequence[date]) -> str:
    """Days of a run, shortly."""
    return ", ".join(f"{day.day} {day:%b}" for day in days)
