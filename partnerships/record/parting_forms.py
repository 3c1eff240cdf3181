"""The forms with which an organisation leaves a partnership, or hands it to another member."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.record.models import Member
from partnerships.record.parting import LONGEST_WORDS


class LeaveForm(RecordForm):
    """A word to those who stay."""

    words = forms.CharField(
        label="What should the others know?",
        help_text="Why you leave, and who carries on with what. The other members read it.",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"It must be {LONGEST_WORDS} characters or fewer"},
    )
    presentation: ClassVar = {"words": Presentation(label_size="s")}


class HandForm(RecordForm):
    """Which member takes over, and a word to it."""

    to = forms.TypedChoiceField(
        label="Who takes over?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who takes over",
            "invalid_choice": "Choose a member that is in the partnership now",
        },
    )
    words = forms.CharField(
        label="What should they know?",
        help_text="Their managers read it in the email.",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"It must be {LONGEST_WORDS} characters or fewer"},
    )
    presentation: ClassVar = {"words": Presentation(label_size="s")}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, members: list[Member]
    ) -> None:
        super().__init__(data, actor=actor)
        self.members = {each.organisation_id: each for each in members}
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [(key, each.organisation.name) for key, each in self.members.items()]
