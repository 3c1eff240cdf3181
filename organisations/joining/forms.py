"""Forms about an organisation's standing."""

from __future__ import annotations

from django import forms

from frontend.forms import Presentation
from organisations.forms import RecordForm


class TermsForm(RecordForm):
    """A manager accepts the terms as they were shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agree = forms.BooleanField(
        label="I may decide this for my organisation, and I accept these terms for it",
        error_messages={"required": "Tick the box if you accept the terms"},
    )


class TrustForm(RecordForm):
    """A domain whose addresses belong to an organisation's people."""

    domain = forms.CharField(
        label="Which domain?",
        help_text="What stands after the @ in its people’s addresses, in full. "
        "Names like it, and names below it, do not count.",
        max_length=253,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the domain"},
    )
    note = forms.CharField(
        label="How do you know that it is theirs?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how you know that the domain is theirs"},
    )
    shared = forms.BooleanField(
        label="Other organisations use this domain as well, and anyone who has an address there "
        "may claim each of them",
        required=False,
    )
    presentation = {
        "domain": Presentation(label_size="s"),
        "note": Presentation(label_size="s"),
    }
    mark_optional = False


class SuspendForm(RecordForm):
    """Why an organisation is frozen."""

    reason = forms.CharField(
        label="Why is it suspended?",
        help_text="Its managers read these words.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is suspended"},
    )
    presentation = {"reason": Presentation(label_size="s")}


class ReinstateForm(RecordForm):
    """Why an organisation is opened again."""

    note = forms.CharField(
        label="Why is it opened again?",
        help_text="Its managers read these words.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is opened again"},
    )
    presentation = {"note": Presentation(label_size="s")}


class LeaveForm(RecordForm):
    """The organisation's name, typed again."""

    name = forms.CharField(
        label="Type the name of your organisation",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Type the name of your organisation"},
    )
    presentation = {"name": Presentation(label_size="s")}
