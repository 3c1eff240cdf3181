"""The forms of the shared aim: writing it, agreeing it, saying something about it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.aims.models import LONGEST_AIM, LONGEST_COMMENT, LONGEST_ROLE, AimVersion


class AimForm(RecordForm):
    """Write the priorities and the aim; carries the version that the person saw."""

    priorities = forms.CharField(
        label="Shared priorities",
        help_text="Up to 6, one on each line, like Emotional wellbeing",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    aim = forms.CharField(
        label="Shared aim",
        help_text="What you want to be true, and by when. Never name a pupil or a patient.",
        required=False,
        max_length=LONGEST_AIM,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": f"The aim must be {LONGEST_AIM:,} characters or fewer"},
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # One of the two is needed, and either will do.
    mark_optional = False
    presentation = {name: Presentation(label_size="s") for name in ("priorities", "aim")}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, version: AimVersion | None
    ) -> None:
        initial: dict[str, object] = {"based_on": 0}
        if version is not None:
            lines = "\n".join(version.priorities)
            initial = {"priorities": lines, "aim": version.aim, "based_on": version.number}
        super().__init__(data, actor=actor, initial=initial)

    def now_based_on(self, number: int) -> None:
        """Keep what was typed, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(number)
        self.data = data


class AgreeForm(RecordForm):
    """Agree the text that is on the page; it carries its number."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    role = forms.CharField(
        label="In which role do you agree?",
        help_text="Like Director of inclusion",
        max_length=LONGEST_ROLE,
        error_messages={
            "required": "Enter your role, like Director of inclusion",
            "max_length": f"The role must be {LONGEST_ROLE} characters or fewer",
        },
    )
    presentation = {"role": Presentation(label_size="s")}

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, version: AimVersion) -> None:
        super().__init__(data, actor=actor, initial={"number": version.number})


class CommentForm(RecordForm):
    """Say something about the version that counts."""

    text = forms.CharField(
        label="Your comment",
        help_text="Every member reads it. Never name a pupil or a patient.",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter a comment",
            "max_length": f"A comment must be {LONGEST_COMMENT:,} characters or fewer",
        },
    )
    presentation = {"text": Presentation(label_size="s")}
