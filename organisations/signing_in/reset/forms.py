"""The form with which an operator removes a lost second step."""

from __future__ import annotations

from django import forms

from frontend.forms import Presentation
from organisations.forms import RecordForm


class ResetForm(RecordForm):
    """Whose, and how it was checked that it is them."""

    email = forms.EmailField(
        label="Their email address",
        help_text="The one that they sign in with.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address in the correct format, like name@example.nhs.uk",
        },
    )
    how = forms.CharField(
        label="How did you check that it is them?",
        help_text="For example: rang them back through the switchboard of their organisation. "
        "An email is no check: whoever has the mailbox could have sent it. Operators read this.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how you checked that it is them"},
    )
    presentation = {
        "email": Presentation(label_size="s"),
        "how": Presentation(label_size="s"),
    }
