"""The forms of joining: asking to speak for an organisation, and an operator's decision."""

from __future__ import annotations

from typing import Any

from django import forms

from frontend.forms import Presentation
from organisations.forms import RecordForm
from organisations.models import Role


class JoiningForm(RecordForm):
    """Asks what an operator needs to check that someone works where they say."""

    job_title = forms.CharField(
        label="What is your job title?",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": "Enter your job title"},
    )
    evidence = forms.CharField(
        label="How can we check that you work there?",
        help_text="For example, a page of the organisation’s website that names you, or a "
        "colleague we can ring through its switchboard. Give no personal telephone number.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say how we can check that you work there"},
    )
    presentation = {
        "job_title": Presentation(label_size="s"),
        "evidence": Presentation(label_size="s"),
    }


class DecisionForm(RecordForm):
    """An operator approves or declines, and says on what grounds."""

    decision = forms.ChoiceField(
        label="What have you decided?",
        choices=[("approve", "Approve"), ("decline", "Decline")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to approve or decline"},
    )
    checked = forms.CharField(
        label="How did you check?",
        help_text="Kept with the decision. Only operators see it.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label="Why is it declined?",
        help_text="The person sees these words.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    role = forms.ChoiceField(
        label="If you approve, what may they do?",
        choices=Role.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    presentation = {
        "decision": Presentation(
            label_size="s", reveals={"approve": "checked", "decline": "reason"}
        ),
        "role": Presentation(
            label_size="s",
            hints={
                Role.VIEWER: "Reads what the organisation keeps and shares",
                Role.EDITOR: "Also keeps the record: partnerships, conversations, touchpoints",
                Role.MANAGER: "Also decides who else may. The first person has to be one",
            },
        ),
    }
    mark_optional = False

    def __init__(self, *args: Any, first_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first_person:
            self.fields["role"].initial = Role.MANAGER

    def clean(self) -> dict[str, Any]:
        """Each decision needs its own grounds."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "approve":
            if not cleaned.get("checked"):
                self.add_error("checked", "Say how you checked that they work there")
            if not cleaned.get("role") and "role" not in self.errors:
                self.add_error("role", "Choose what they may do")
        if cleaned.get("decision") == "decline" and not cleaned.get("reason"):
            self.add_error("reason", "Say why it is declined")
        return cleaned

    @property
    def approves(self) -> bool:
        """What was decided, for a valid form."""
        return bool(self.cleaned_data["decision"] == "approve")
