"""The form with which an operator gives a region."""

from __future__ import annotations

from django import forms

from frontend.forms import DateField
from organisations.forms import RecordForm


class GiveRegionForm(RecordForm):
    """Who manages a region from now on, and until when."""

    email = forms.EmailField(
        label="Their email address",
        help_text="The one that they sign in with. They have confirmed it.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address in the correct format, like name@example.nhs.uk",
        },
    )
    last_day = DateField(label="Until when?", required=False)
