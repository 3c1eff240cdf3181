"""The form in which a member chooses its rule for small numbers."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation
from initiatives.small_numbers.presenters import in_words
from initiatives.suppression.rules import PRESETS
from organisations.actor import Actor
from organisations.forms import RecordForm


class RuleForm(RecordForm):
    """Choose one of the presets."""

    rule = forms.ChoiceField(
        label="Which rule does your organisation need?",
        widget=forms.RadioSelect,
        choices=[(each.key, each.name) for each in PRESETS.values()],
        error_messages={"required": "Choose a rule", "invalid_choice": "Choose a rule"},
    )
    presentation = {
        "rule": Presentation(
            label_size="m",
            hints={each.key: in_words(each) for each in PRESETS.values()},
        )
    }

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, now: str) -> None:
        """`now` is the key of what the organisation asks for at present."""
        super().__init__(data, actor=actor, initial={"rule": now})
