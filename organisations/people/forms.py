"""Forms about who belongs to the organisation."""

from __future__ import annotations

from typing import Any

from django import forms

from frontend.forms import Presentation
from organisations.forms import RecordForm
from organisations.models import Membership, Role
from organisations.people.services.inviting import FORMAT
from organisations.people.words import ROLE_HINTS

MOST_RADIOS = 8
CHOOSE_ROLE = "Choose what they may do"
CHOOSE_SUCCESSOR = "Choose who takes over"


class RoleForm(RecordForm):
    """Another role for somebody."""

    role = forms.ChoiceField(
        label="What may they do?",
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_ROLE, "invalid_choice": CHOOSE_ROLE},
    )
    presentation = {"role": Presentation(hints=ROLE_HINTS, label_size="m")}

    def __init__(self, *args: Any, oneself: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if oneself:
            self.fields["role"].label = "What may you do?"


class InvitePersonForm(RoleForm):
    """Whom to invite, and in which role."""

    email = forms.EmailField(
        label="Their work email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their email address", "invalid": FORMAT},
    )
    field_order = ["email", "role", "once"]
    presentation = {
        "email": Presentation(label_size="m"),
        "role": Presentation(hints=ROLE_HINTS, label_size="m"),
    }


class HandOverForm(RecordForm):
    """Who takes over what somebody leaves behind; without questions when there is nothing."""

    successor = forms.ChoiceField(
        label="Who takes over?",
        error_messages={"required": CHOOSE_SUCCESSOR, "invalid_choice": CHOOSE_SUCCESSOR},
    )
    job_title = forms.CharField(
        label="What is the job title of whoever takes over?",
        help_text="Partners see it with their name and email address.",
        max_length=120,
        error_messages={"required": "Enter the job title of whoever takes over"},
    )
    presentation = {
        "successor": Presentation(label_size="m"),
        "job_title": Presentation(label_size="m"),
    }

    def __init__(
        self, *args: Any, successors: list[Membership], asks_job_title: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._successors = {each.ref: each for each in successors}
        if not successors:
            del self.fields["successor"]
        else:
            self._offer(successors)
        if not (successors and asks_job_title):
            del self.fields["job_title"]

    def _offer(self, successors: list[Membership]) -> None:
        field = self.fields["successor"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(each.ref, _named(each)) for each in successors]
        if len(choices) > MOST_RADIOS:
            choices.insert(0, ("", "Choose someone"))
        else:
            field.widget = forms.RadioSelect()
        field.choices = choices

    @property
    def chosen(self) -> Membership | None:
        """Who was chosen, in a valid form; None when there was nothing to choose."""
        return self._successors.get(self.cleaned_data.get("successor", ""))


def _named(membership: Membership) -> str:
    user = membership.user
    return f"{user.name} ({user.email})" if user.name else user.email
