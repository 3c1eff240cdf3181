"""The form that starts a support session."""

from __future__ import annotations

from django import forms

from frontend.forms import Presentation
from organisations.forms import RecordForm
from organisations.support.services import LENGTHS


class SupportForm(RecordForm):
    """Why an operator needs to read, and for how long."""

    reason = forms.CharField(
        label="Why do you need to see its records?",
        help_text="Its managers read these words.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why you need to see its records"},
    )
    minutes = forms.TypedChoiceField(
        label="For how long?",
        coerce=int,
        choices=[(each, f"{each} minutes") for each in LENGTHS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose 15, 30 or 60 minutes"},
    )
    presentation = {
        "reason": Presentation(label_size="s"),
        "minutes": Presentation(label_size="s"),
    }
