"""Forms of a review: asking an organisation or a person, commenting, answering, the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from calendars.london import today
from calendars.working_days import add_working_days
from frontend.forms import DateField, Presentation
from initiatives.plans.models import Initiative, Stage, Strand
from initiatives.review import queue
from initiatives.review.models import (
    LONGEST_COMMENT,
    LONGEST_MESSAGE,
    LONGEST_WORDS,
    ReviewRequest,
    Section,
    VerdictKind,
)
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation

# So many working days are given unless somebody chooses another day.
USUAL = 15
USUAL_ACCESS = timedelta(weeks=8)
NEVER_NAME = "Never name a pupil or a patient."


class AskForm(RecordForm):
    """Which member is asked, by when, with a few words."""

    organisation = forms.ChoiceField(
        label="Which organisation do you ask?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose an organisation",
            "invalid_choice": "Choose one of the organisations",
        },
    )
    due_on = DateField(
        label="By when?",
        help_text="They are reminded two working days before, and once after.",
        error_messages={"required": "Enter the day by which you ask for an answer"},
    )
    message = forms.CharField(
        label="A message to them",
        help_text=f"What should they look at? {NEVER_NAME}",
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": f"Your message must be {LONGEST_MESSAGE} characters or fewer"
        },
    )
    presentation = {"message": Presentation(label_size="s")}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, organisations: Sequence[Organisation]
    ) -> None:
        super().__init__(data, actor=actor)
        self.fields["due_on"].initial = add_working_days(today(), USUAL)
        self.by_id = {str(each.pk): each for each in organisations}
        choices = [(key, each.name) for key, each in self.by_id.items()]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["organisation"].initial = choices[0][0]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = {name: self.cleaned_data[name] for name in ("due_on", "message")}
        return {**given, "organisation": self.by_id[self.cleaned_data["organisation"]]}


class AskPersonForm(RecordForm):
    """Which person is asked, by when, and until when they see the initiative."""

    email = forms.EmailField(
        label="Their email address",
        help_text="The one that they sign in to Tandem with.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address in the correct format, like name@example.nhs.uk",
        },
    )
    due_on = AskForm.base_fields["due_on"]
    last_day = DateField(
        label="Until when do they see the initiative?",
        help_text="You can end their access before.",
        error_messages={"required": "Enter the last day of their access"},
    )
    message = AskForm.base_fields["message"]
    presentation = {name: Presentation(label_size="s") for name in ("email", "message")}

    def __init__(self, data: QueryDict | None = None, *, actor: Actor) -> None:
        super().__init__(data, actor=actor)
        self.fields["due_on"].initial = add_working_days(today(), USUAL)
        self.fields["last_day"].initial = today() + USUAL_ACCESS

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("email", "due_on", "last_day", "message")
        return {name: self.cleaned_data[name] for name in names}


class CommentForm(RecordForm):
    """Something about one section, as it was on the page."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    section = forms.ChoiceField(
        label="What is your comment about?",
        choices=Section.choices,
        error_messages={"invalid_choice": "Choose what your comment is about"},
    )
    text = forms.CharField(
        label="Your comment",
        help_text=f"Everybody who sees this initiative reads it. {NEVER_NAME}",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter a comment",
            "max_length": f"A comment must be {LONGEST_COMMENT:,} characters or fewer",
        },
    )
    presentation = {name: Presentation(label_size="s") for name in ("section", "text")}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        initiative: Initiative,
        section: str = "",
    ) -> None:
        initial = {"based_on": initiative.revision, "section": section}
        super().__init__(data, actor=actor, initial=initial)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = {name: self.cleaned_data[name] for name in ("section", "text")}
        return {**given, "revision": self.cleaned_data["based_on"]}


class AnswerForm(RecordForm):
    """Endorse the version that was read, or request changes."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    kind = forms.ChoiceField(
        label="What is your answer?",
        choices=[
            (VerdictKind.ENDORSED.value, "We endorse it as it is"),
            (VerdictKind.CHANGES.value, "We request changes"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether you endorse it",
            "invalid_choice": "Choose whether you endorse it",
        },
    )
    words = forms.CharField(
        label="In a few words",
        help_text=f"Needed when you request changes: say which. {NEVER_NAME}",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": f"Your answer must be {LONGEST_WORDS:,} characters or fewer"},
    )
    mark_optional = False
    presentation = {"words": Presentation(label_size="s")}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, initiative: Initiative
    ) -> None:
        super().__init__(data, actor=actor, initial={"based_on": initiative.revision})
        if actor.organisation is None:
            self.fields["kind"].choices = [  # type: ignore[attr-defined]
                (VerdictKind.ENDORSED.value, "I endorse it as it is"),
                (VerdictKind.CHANGES.value, "I request changes"),
            ]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = {name: self.cleaned_data[name] for name in ("kind", "words")}
        return {**given, "revision": self.cleaned_data["based_on"]}

    def now_based_on(self, revision: int) -> None:
        """Keep what was typed, to be sent about the version that is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(revision)
        self.data = data


class QueueFilterForm(forms.Form):
    """Narrows the queue."""

    mark_optional = False

    words = forms.CharField(label="Name, organisation or school", max_length=100, required=False)
    strand = forms.ChoiceField(
        label="Strand", choices=[("", "All"), *Strand.choices], required=False
    )
    waits = forms.ChoiceField(
        label="Waiting", choices=[("", "Any time"), *queue.WAITS.items()], required=False
    )
    stage = forms.ChoiceField(label="Stage", choices=[("", "All"), *Stage.choices], required=False)
    region = forms.ChoiceField(label="Region", required=False)
    place = forms.ChoiceField(label="Council area", required=False)
    arrived = forms.ChoiceField(
        label="Acknowledged", choices=[("", "All"), ("no", "Not yet")], required=False
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, rows in (("region", queue.regions()), ("place", queue.places())):
            self.fields[name].choices = [("", "All"), *rows]  # type: ignore[attr-defined]

    def filters(self) -> queue.Filters:
        """What was chosen; anything that is no choice counts as none."""
        self.is_valid()
        return queue.Filters(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class AcknowledgeForm(RecordForm):
    """Which requests of a page have arrived."""

    guard_exempt: ClassVar[frozenset[str]] = frozenset({"requests"})

    requests = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Initiatives to acknowledge",
        error_messages={
            "required": "Select at least one initiative to acknowledge",
            "invalid_choice": "Select initiatives that are on this page",
        },
    )

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, rows: Sequence[ReviewRequest]
    ) -> None:
        super().__init__(data, actor=actor)
        choices = [(each.ref, each.initiative.name) for each in rows]
        self.fields["requests"].choices = choices  # type: ignore[attr-defined]
