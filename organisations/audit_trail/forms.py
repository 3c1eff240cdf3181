"""How a manager narrows the trail."""

from __future__ import annotations

from typing import Any

from django import forms

from frontend.fields import DateField
from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.audit_trail import registry, selectors


class TrailForm(forms.Form):
    """Who, what, when; what is empty narrows nothing."""

    mark_optional = False

    person = forms.ChoiceField(label="Person", required=False)
    kind = forms.ChoiceField(label="Kind of record", required=False)
    action = forms.CharField(
        label="What was done",
        help_text="For example, role changed",
        max_length=60,
        required=False,
    )
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)
    refused = forms.BooleanField(label="Only what was refused", required=False)
    views = forms.BooleanField(label="Only views by other organisations", required=False)
    presentation = {"since": Presentation(label_size=""), "until": Presentation(label_size="")}

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        kinds = [(table, kind.label) for table, kind in registry.kinds().items()]
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "Everyone"),
            *selectors.people_of(actor),
        ]
        self.fields["kind"].choices = [("", "All"), *kinds]  # type: ignore[attr-defined]

    def filters(self) -> selectors.Filters:
        """What was chosen; anything that is no choice counts as none."""
        self.is_valid()
        given = self.cleaned_data
        return selectors.Filters(**{name: given[name] for name in self.fields if given.get(name)})
