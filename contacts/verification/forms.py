"""What somebody who is not signed in can type: a correction, a last day, an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from frontend.forms import DateField, Presentation
from organisations.guarded_forms import GuardedForm

NOT_AN_ADDRESS = "Enter an email address in the correct format, like name@example.nhs.uk"


class PlainForm(GuardedForm, forms.Form):
    """A form shown to whoever holds a link. Bare: a page that is only a button."""


class DetailsForm(PlainForm):
    """Somebody's details as they should be."""

    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Enter a name"}
    )
    job_title = forms.CharField(
        label="Job title", max_length=120, error_messages={"required": "Enter a job title"}
    )
    email = forms.EmailField(
        label="Work email address",
        help_text="A new address is used once the link that we send to it has been opened.",
        max_length=254,
        error_messages={"required": "Enter a work email address", "invalid": NOT_AN_ADDRESS},
    )
    telephone = forms.CharField(
        label="Work telephone number",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    presentation = {
        name: Presentation(label_size="s") for name in ("name", "job_title", "email", "telephone")
    }


class ChangedForm(DetailsForm):
    """The same, with a word to the region's admin."""

    note = forms.CharField(
        label="Anything the regional admin should know",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    presentation = {**DetailsForm.presentation, "note": Presentation(label_size="s")}


class LeftForm(PlainForm):
    """The last day, and who comes next."""

    ended_on = DateField(
        label="Last day",
        help_text="It may be a day to come. For example, 27 3 2027.",
        error_messages={"required": "Enter the last day, like 27 3 2027"},
    )
    note = forms.CharField(
        label="Who takes over, or how to hand over",
        help_text="For example, a colleague’s job title and team. The regional admin reads this.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    presentation = {
        "ended_on": Presentation(label_size="s"),
        "note": Presentation(label_size="s"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate()


class AddressForm(PlainForm):
    """Whose details."""

    email = forms.EmailField(
        label="Your work email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Enter your work email address", "invalid": NOT_AN_ADDRESS},
    )
    presentation = {"email": Presentation(label_size="s")}
