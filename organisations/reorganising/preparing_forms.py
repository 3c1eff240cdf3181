"""What an operator decides about records of an organisation that ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation
from organisations.reorganising.presenters import ListedRow

STAY = "stay"


class DecideForm(RecordForm):
    """Which of the listed records go where."""

    rows = forms.MultipleChoiceField(
        label="Which of them?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one"},
    )
    successor = forms.ChoiceField(
        label="What becomes of those you chose?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say what becomes of them"},
    )
    presentation = {
        "rows": Presentation(label_size="m", small=True),
        "successor": Presentation(label_size="m"),
    }

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        rows: Sequence[ListedRow],
        successors: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.successors = {str(each.pk): each for each in successors}
        self.fields["rows"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), " – ".join(filter(None, [each.words, each.more, each.becomes])))
            for each in rows
            if each.open
        ]
        self.fields["successor"].choices = [  # type: ignore[attr-defined]
            *((key, f"They follow to {each.name}") for key, each in self.successors.items()),
            (STAY, "They stay as they are"),
        ]

    def clean_successor(self) -> Organisation | None:
        """The successor, or None where they stay."""
        return self.successors.get(self.cleaned_data["successor"])
