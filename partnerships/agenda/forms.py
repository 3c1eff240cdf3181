"""The forms of an item: its plan, a step of it, and withdrawing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.london import today, weekday_in_words
from contacts.models import Gateway, GatewayMeeting
from frontend.fields import DateField
from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.agenda.models import AgendaItem, ItemState
from partnerships.agenda.selectors import coming_meetings
from partnerships.agenda.services import LONGEST_ASK, LONGEST_DECISION, LONGEST_WHY, require_in_time
from partnerships.diary.day_forms import DayForm

NOT_KNOWN = "unknown"


class PlanForm(DayForm):
    """Plan an item for a gateway. A day for the paper that clashes is asked about once."""

    day_field = "own_due_on"

    title = forms.CharField(
        label="What is the item called?",
        help_text="As it would stand on the agenda, like Health visitors in our nurseries",
        max_length=150,
        error_messages={
            "required": "Enter a name for the item",
            "max_length": "The name must be 150 characters or fewer",
        },
    )
    ask = forms.CharField(
        label="What will you ask for?",
        max_length=LONGEST_ASK,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": f"This must be {LONGEST_ASK:,} characters or fewer"},
    )
    meeting = forms.ChoiceField(
        label="At which meeting?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a meeting, or that it is not known yet"},
    )
    own_due_on = DateField(
        label="Did you agree another day for the paper?",
        help_text="Leave it empty to go by what the gateway has published.",
        required=False,
    )
    presentation = {
        name: Presentation(label_size="s") for name in ("title", "ask", "meeting", "own_due_on")
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        gateway: Gateway,
        item: AgendaItem | None = None,
    ) -> None:
        super().__init__(data, actor=actor, initial=_planned(gateway, item))
        kept = item.meeting_id if item else None
        self.meetings = {each.ref: each for each in coming_meetings(gateway, besides=kept)}
        if self.meetings:
            self.fields["meeting"].choices = [  # type: ignore[attr-defined]
                *((ref, _meeting_words(each)) for ref, each in self.meetings.items()),
                (NOT_KNOWN, "Not known yet"),
            ]
        else:
            del self.fields["meeting"]
            self.fields["own_due_on"].label = "When is the paper due?"
            self.fields["own_due_on"].help_text = "Leave it empty if you do not know yet."

    def clean(self) -> None:
        """Refuse at once what the service would refuse."""
        if "own_due_on" in self.cleaned_data:
            values = self.cleaned_data
            meeting = self.meetings.get(values.get("meeting", NOT_KNOWN))
            require_in_time(meeting, values["own_due_on"])

    def latest_day(self) -> date | None:
        """The day of the chosen meeting: the paper must be there by then."""
        chosen = self.meetings.get(str(self.data.get("meeting", "")))
        return chosen.meets_on if chosen else None

    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "ask": given["ask"],
            "meeting": self.meetings.get(given.get("meeting", NOT_KNOWN)),
            "own_due_on": given["own_due_on"],
        }


class ChangeForm(PlanForm):
    """Change what an item asks, or when."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def now_based_on(self, item: AgendaItem) -> None:
        """Keep what was typed, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(item.revision)
        self.data = data


class StepForm(RecordForm):
    """On which day the paper was sent, or the item heard or decided."""

    on = DateField(
        label="On which day?", error_messages={"required": "Enter the day, like 27 3 2027"}
    )
    decision = forms.CharField(
        label="What was decided?",
        help_text="Everyone in the partnership can read it.",
        max_length=LONGEST_DECISION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": f"This must be {LONGEST_DECISION:,} characters or fewer"},
    )
    presentation = {name: Presentation(label_size="s") for name in ("on", "decision")}

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, step: str) -> None:
        super().__init__(data, actor=actor, initial={"on": today()})
        if step != ItemState.DECIDED:
            del self.fields["decision"]


class WithdrawForm(RecordForm):
    """Withdraw an item."""

    why = forms.CharField(
        label="Why?",
        help_text="Everyone in the partnership can read it.",
        max_length=LONGEST_WHY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"This must be {LONGEST_WHY:,} characters or fewer"},
    )
    presentation = {"why": Presentation(label_size="s")}


def _planned(gateway: Gateway, item: AgendaItem | None) -> dict[str, Any]:
    if item is None:
        return {"ask": gateway.type.ask_for}
    return {
        "title": item.title,
        "ask": item.ask,
        "meeting": item.meeting.ref if item.meeting else NOT_KNOWN,
        "own_due_on": item.own_due_on,
        # Nobody is asked again about the day that was chosen before.
        "heeded": item.own_due_on.isoformat() if item.own_due_on else "",
        "based_on": item.revision,
    }


def _meeting_words(meeting: GatewayMeeting) -> str:
    words = weekday_in_words(meeting.meets_on)
    if meeting.cancelled_at is not None:
        return f"{words} (called off)"
    due = meeting.papers_due_on
    return f"{words}, papers by {weekday_in_words(due)}" if due else words
