"""The question: where, and what is needed. By GET, so that an answer can be passed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contacts.directory import where
from contacts.directory.where import Meant, Where
from contacts.models import Need
from contacts.search import LONGEST


class QuestionForm(forms.Form):
    """Where, and what for."""

    mark_optional = False
    where = forms.CharField(
        label="Which school, postcode or place?",
        help_text="For example, Goldsmith Primary Academy, WS3 1DL or Walsall",
        max_length=LONGEST,
        error_messages={
            "required": "Enter a school, a postcode or a place",
            "max_length": f"Enter at most {LONGEST} characters",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    need = forms.ChoiceField(
        label="What do you need?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you need",
            "invalid_choice": "Choose what you need from the list",
        },
    )

    def __init__(self, data: Any, *, needs: Sequence[Need]) -> None:
        super().__init__(data)
        self.known = {each.key: each for each in needs}
        field = self.fields["need"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.key, each.name) for each in needs]
        self.meant = Meant()

    @property
    def chosen(self) -> Need:
        """The need, of a form whose need is valid."""
        return self.known[self.cleaned_data["need"]]

    def clean(self) -> dict[str, Any]:
        """Find out where is meant; not for what is not for here, which needs no place."""
        given = super().clean() or {}
        need = self.known.get(given.get("need", ""))
        if need is not None and need.not_here:
            self.errors.pop("where", None)
            return given
        if exact := self._exact():
            self.meant = Meant([exact])
        elif given.get("where"):
            try:
                self.meant = where.meant_by(given["where"])
            except ValidationError as problem:
                self.add_error("where", problem)
        return given

    def _exact(self) -> Where | None:
        """The place that was chosen where several were meant."""
        place = self.data.get("place", "")
        return where.exactly(place, self.data.get("school", "")) if place else None
