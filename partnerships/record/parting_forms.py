"""The form with which an organisation leaves a partnership."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from frontend.forms import Presentation
from organisations.forms import RecordForm
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
