"""The forms of a conversation: three questions, with the rest filled in sensibly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from calendars.london import today
from frontend.forms import DateField, Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.actions.form_part import WithActions
from partnerships.actions.owners import Owner
from partnerships.conversations.models import LONGEST_OTHERS, Conversation, ConversationKind
from partnerships.conversations.services import LONGEST
from partnerships.record.readers import who_reads

SHARED, INTERNAL = "shared", "internal"


class ConversationForm(WithActions, RecordForm):
    """Log a conversation, and what is to be done next."""

    summary = forms.CharField(
        label="What was said?",
        help_text="Write about organisations and plans, never about a child or a patient.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Enter what was said",
            "max_length": f"What was said must be {LONGEST:,} characters or fewer",
        },
    )
    held_on = DateField(
        label="When?",
        help_text="Today, unless you change it.",
        error_messages={"required": "Enter the day you spoke, like 27 3 2027"},
    )
    audience = forms.ChoiceField(
        label="Who can see it?",
        choices=[(SHARED, "Everyone in the partnership"), (INTERNAL, "Only my organisation")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who can see it"},
    )
    kind = forms.ChoiceField(
        label="How did you speak?",
        choices=ConversationKind.choices,
        initial=ConversationKind.MEETING,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose how you spoke"},
    )
    introduced_by = forms.CharField(
        label="Who made the introduction?",
        help_text="Like The council’s public health principal",
        required=False,
        max_length=LONGEST_OTHERS,
        error_messages={"max_length": f"Who it was must be {LONGEST_OTHERS} characters or fewer"},
    )
    people = forms.MultipleChoiceField(
        label="Who took part, or was introduced?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose the people from the list"},
    )
    others = forms.CharField(
        label="Others, by role",
        help_text="Like Two school nurses. No names of children or patients.",
        required=False,
        max_length=LONGEST_OTHERS,
        error_messages={"max_length": f"The others must be {LONGEST_OTHERS} characters or fewer"},
    )
    mark_optional = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        readers: Sequence[str],
        owners: Sequence[Owner] = (),
        known: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """`readers` are the names of the other organisations that see what is shared; `owners`
        are those who may be given an action, where some may be added; `known` are the people to
        choose from, in words."""
        super().__init__(data, actor=actor, **kwargs)
        assert actor.organisation is not None
        name = actor.organisation.name
        self.fields["held_on"].initial = today
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (SHARED, "Everyone in the partnership"),
            (INTERNAL, f"Only {name}"),
        ]
        self.presentation = {
            "summary": Presentation(label_size="s"),
            "audience": Presentation(hints={SHARED: who_reads(readers)}),
            "kind": Presentation(
                small=True, reveals={ConversationKind.INTRODUCTION.value: "introduced_by"}
            ),
            "people": Presentation(label_size="s", small=True),
            "others": Presentation(label_size="s"),
        }
        self.fields["people"].choices = [(each, each) for each in known]  # type: ignore[attr-defined]
        if not known:
            del self.fields["people"]
        if owners:
            self.add_action_rows(owners)

    def clean_kind(self) -> str:
        """A meeting, unless they say otherwise."""
        return self.cleaned_data["kind"] or ConversationKind.MEETING

    @property
    def has_people(self) -> bool:
        """Whether the part about who took part is shown open."""
        names = ("people", "others")
        return any(self[name].value() for name in names if name in self.fields)

    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {
            "people": self.cleaned_data.get("people") or [],
            "others": self.cleaned_data["others"],
            "introduced_by": self.cleaned_data["introduced_by"],
            "kind": self.cleaned_data["kind"],
            "held_on": self.cleaned_data["held_on"],
            "summary": self.cleaned_data["summary"],
            "internal": self.cleaned_data["audience"] == INTERNAL,
        }


class ChangeForm(ConversationForm):
    """Change a conversation; a change of who sees it has to be meant."""

    based_on = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        readers: Sequence[str],
        conversation: Conversation,
        known: Sequence[str] = (),
    ) -> None:
        # Who was there stays to be chosen, also once they are contacts no more.
        known = list(dict.fromkeys([*conversation.people, *known]))
        initial = _saved(conversation)
        super().__init__(data, actor=actor, readers=readers, known=known, initial=initial)
        self.fields["held_on"].help_text = ""
        self.was = INTERNAL if conversation.internal else SHARED
        other = SHARED if conversation.internal else INTERNAL
        self.fields["confirmed"].label = (
            "Yes, share it: everyone in the partnership will be able to read it, now and later"
            if conversation.internal
            else "Yes, hide it from partners: they may have read it already"
        )
        self.presentation["audience"] = Presentation(
            hints={SHARED: who_reads(readers)}, reveals={other: "confirmed"}
        )

    def clean(self) -> None:
        """Ask for the confirmation when the audience has changed."""
        chosen = self.cleaned_data.get("audience")
        if chosen and chosen != self.was and not self.cleaned_data.get("confirmed"):
            self.add_error(
                "confirmed",
                "Confirm that partners should see it from now on"
                if chosen == SHARED
                else "Confirm that partners should no longer see it",
            )

    def clean_based_on(self) -> datetime | None:
        """The moment of the change that the person saw; None for the first version."""
        text = self.cleaned_data["based_on"]
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise ValidationError("Reload the page and try again.")
        return moment


def _saved(conversation: Conversation) -> dict[str, Any]:
    return {
        "summary": conversation.summary,
        "held_on": conversation.held_on,
        "audience": INTERNAL if conversation.internal else SHARED,
        "kind": conversation.kind,
        "people": conversation.people,
        "others": conversation.others,
        "introduced_by": conversation.introduced_by,
        "based_on": version_of(conversation),
    }


def version_of(conversation: Conversation) -> str:
    """Names the saved version, for the form that changes it."""
    return conversation.changed_at.isoformat() if conversation.changed_at else ""
