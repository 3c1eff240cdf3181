"""Forms about access: to one person, to the name and purpose of a partnership."""

from __future__ import annotations

from typing import Any

from django import forms

from frontend.forms import DateField, Presentation
from organisations.forms import RecordForm
from partnerships.record.grants import Allows
from partnerships.record.services import access, opening

CHOOSE = "Choose what they may do"


class GiveAccessForm(RecordForm):
    """Whom to give access, to what, why, and until when."""

    email = forms.EmailField(
        label="Their email address",
        help_text="The one that they sign in to Tandem with.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address in the correct format, like name@example.nhs.uk",
        },
    )
    allows = forms.ChoiceField(
        label="What may they do?",
        choices=[(each.value, each.label) for each in Allows],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    reason = forms.CharField(
        label="Why do they need it?",
        help_text="Every organisation in the partnership reads this.",
        max_length=access.LONGEST_REASON,
        error_messages={"required": "Say why they need it"},
    )
    last_day = DateField(label="Until when?", required=False)
    presentation = {
        "email": Presentation(label_size="s"),
        "reason": Presentation(label_size="s"),
        "allows": Presentation(
            hints={
                Allows.VIEW.value: "With its shared conversations and touchpoints.",
                Allows.CHANGE.value: "The same, and change its name and what it is for.",
            }
        ),
    }


class ChangePartnershipForm(RecordForm):
    """The name and the purpose, and which version of them the person saw."""

    based_on = forms.CharField(widget=forms.HiddenInput, max_length=32)
    name = forms.CharField(
        label="What is the partnership called?",
        max_length=opening.LONGEST_NAME,
        error_messages={"required": "Enter a name for the partnership"},
    )
    purpose = forms.CharField(
        label="What is it for?",
        help_text="One or two sentences that everyone in it would agree with.",
        max_length=opening.LONGEST_PURPOSE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def texts(self) -> dict[str, Any]:
        """What the service asks for."""
        return {name: self.cleaned_data[name] for name in ("name", "purpose")}
