"""Forms that ask for contact details and decide about it."""

from __future__ import annotations

from django import forms

from contacts.models import ReportKind
from frontend.forms import Presentation
from organisations.forms import RecordForm


class AskForm(RecordForm):
    """Why somebody wants to reach a person."""

    reason = forms.CharField(
        label="What do you want to speak to them about?",
        help_text="The regional admin reads this and decides. Write nothing about a child.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what you want to speak to them about"},
    )


class DecideRequestForm(RecordForm):
    """Give the details to the organisation that asks, or refuse with a reason."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[("give", "Give them the contact details"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to give the contact details"},
    )
    answer = forms.CharField(
        label="Why, and what can they do instead?",
        help_text="Whoever asked reads this.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    presentation = {"decision": Presentation(reveals={"refuse": "answer"})}


class NeedForm(RecordForm):
    """The words of a need; who is listed follows its role types, which come from the framework."""

    name = forms.CharField(label="What is needed", max_length=120)
    first_door = forms.CharField(label="First door", max_length=300)
    ask_for = forms.CharField(label="What to ask for", max_length=300, widget=forms.Textarea)
    not_for = forms.CharField(label="What it is not for", max_length=300, widget=forms.Textarea)
    fallback = forms.CharField(label="If nobody answers in ten working days", max_length=300)
    strategic = forms.CharField(label="Where it is steered", max_length=300)


class ReportForm(RecordForm):
    """What is wrong with an entry; it can be sent without saying more."""

    kind = forms.ChoiceField(
        label="What is wrong?",
        help_text="You can send this as it is. If you say more, it is put right sooner.",
        choices=ReportKind.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose what is wrong from the list"},
    )
    note = forms.CharField(
        label="What do you know?",
        help_text="For example, who does this work now. Write nothing about a child.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_kind(self) -> str:
        """What was chosen; "something else" where nothing was."""
        return self.cleaned_data["kind"] or str(ReportKind.OTHER)
