"""The forms about who comes to a touchpoint, other times for it, and its papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.london import in_london, london_day
from contacts.models import Posting
from frontend.forms import DateField, Presentation, TimeField
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.guarded_forms import GuardedForm
from partnerships.diary.day_forms import DayForm
from partnerships.touchpoints.attending_selectors import Comer
from partnerships.touchpoints.forms import LENGTHS
from partnerships.touchpoints.models import Answer, Touchpoint

ANSWERS = [
    (each.value, each.label) for each in (Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED)
]
CHOOSE = {"required": "Choose whether they come", "invalid_choice": "Choose whether they come"}


class AnswerForm(RecordForm):
    """Whether somebody of one's own organisation comes."""

    who = forms.TypedChoiceField(
        label="Who?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who", "invalid_choice": "Choose who"},
    )
    answer = forms.ChoiceField(
        label="Are they coming?", choices=ANSWERS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    presentation = {name: Presentation(label_size="s") for name in ("who", "answer")}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        touchpoint: Touchpoint,
        people: Sequence[Comer],
    ) -> None:
        one = people[0].row.pk if len(people) == 1 else None
        initial = {"seen_revision": touchpoint.revision, "who": one}
        super().__init__(data, actor=actor, initial=initial)
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(comer.row.pk, comer.name) for comer in people]


class InviteForm(RecordForm):
    """People besides the contacts."""

    people = forms.MultipleChoiceField(
        label="Whom do you want to invite?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose somebody",
            "invalid_choice": "Choose somebody from the list",
        },
    )

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, people: Sequence[Posting]
    ) -> None:
        super().__init__(data, actor=actor)
        self._people = {posting.ref: posting for posting in people}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(ref, posting.person.name) for ref, posting in self._people.items()]
        hints = {p.ref: f"{p.job_title}, {p.organisation.name}" for p in people}
        self.presentation = {"people": Presentation(label_size="s", hints=hints)}

    @property
    def chosen(self) -> list[Posting]:
        """The postings that were chosen, for a valid form."""
        return [self._people[ref] for ref in self.cleaned_data["people"]]


def time_field() -> TimeField:
    """At what time, on London clocks."""
    return TimeField(
        label="At what time?",
        help_text="UK time, like 3:30pm or 15:30",
        error_messages={"required": "Enter the time, like 3:30pm or 15:30"},
    )


def length_field() -> forms.TypedChoiceField:
    """How long it would take."""
    return forms.TypedChoiceField(
        label="How long will it take?",
        coerce=int,
        choices=list(LENGTHS.items()),
        error_messages={"required": "Choose how long it will take"},
    )


def words_field() -> forms.CharField:
    """A word to the other side."""
    return forms.CharField(
        label="Why this time?",
        help_text="Goes into the email.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "It must be 500 characters or fewer"},
    )


def day_field() -> DateField:
    """On which day."""
    return DateField(
        label="On which day?", error_messages={"required": "Enter the day, like 27 3 2027"}
    )


TIMED = {name: Presentation(label_size="s") for name in ("date", "time", "minutes", "words")}


class ProposeForm(DayForm):
    """Another time, proposed by somebody signed in."""

    date = day_field()
    time = time_field()
    minutes = length_field()
    words = words_field()
    presentation = TIMED

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, touchpoint: Touchpoint
    ) -> None:
        super().__init__(data, actor=actor, initial=as_planned(touchpoint))
        offer_length(self, touchpoint)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in TIMED}


class ProposeByLinkForm(GuardedForm, forms.Form):
    """The same, by the link in an e-mail."""

    date = day_field()
    time = time_field()
    minutes = length_field()
    words = words_field()
    presentation = TIMED

    def __init__(self, data: QueryDict | None = None, *, touchpoint: Touchpoint) -> None:
        super().__init__(data, initial=as_planned(touchpoint))
        offer_length(self, touchpoint)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in TIMED}


def as_planned(touchpoint: Touchpoint) -> dict[str, Any]:
    """The day, time and length of the plan, to start from."""
    return {
        "date": london_day(touchpoint.starts_at),
        "time": in_london(touchpoint.starts_at).time(),
        "minutes": touchpoint.minutes,
    }


def offer_length(form: forms.Form, touchpoint: Touchpoint) -> None:
    """Offer the touchpoint's own length, if it is an odd one."""
    if touchpoint.minutes not in LENGTHS:
        choices = {**LENGTHS, touchpoint.minutes: f"{touchpoint.minutes} minutes"}
        form.fields["minutes"].choices = sorted(choices.items())  # type: ignore[attr-defined]


class AnswerProposalForm(RecordForm):
    """What becomes of a proposed time."""

    ACCEPT, DECLINE = "accept", "decline"

    decision = forms.ChoiceField(
        label="Do you take this time?",
        choices=[
            (ACCEPT, "Yes, move the touchpoint to it"),
            (DECLINE, "No, keep the time as it is"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you take this time"},
    )
    words = forms.CharField(
        label="If you keep yours, a word to whoever proposed it",
        help_text="Goes into the email.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "It must be 500 characters or fewer"},
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    presentation = {name: Presentation(label_size="s") for name in ("decision", "words")}

    def now_based_on(self, touchpoint: Touchpoint) -> None:
        """Ask again, about the plan that is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen_revision"] = str(touchpoint.revision)
        self.data = data


class PaperForm(RecordForm):
    """A paper for everyone who comes."""

    title = forms.CharField(
        label="What is it called?",
        max_length=200,
        error_messages={
            "required": "Enter what the paper is called",
            "max_length": "The title must be 200 characters or fewer",
        },
    )
    url = forms.CharField(
        label="Where is it?",
        help_text="Its address, starting with https://. Everyone invited sees it, so they must be "
        "able to open it.",
        max_length=500,
        widget=forms.TextInput(attrs={"type": "url", "inputmode": "url", "autocomplete": "off"}),
        error_messages={
            "required": "Enter the address of the paper, starting with https://",
            "max_length": "The address must be 500 characters or fewer",
        },
    )
    presentation = {name: Presentation(label_size="s") for name in ("title", "url")}
