"""A form that refuses identifiers of children and patients in everything typed into it.

Here: the mixin and how the refusal reaches the right box. Not here: what is an
identifier (`organisations.guard_rail`) and the model's own refusal
(`organisations.guarded_models`).
"""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django import forms

from organisations.guard_rail import find_identifiers_in, refusal_message
from organisations.visible_text import in_reading_order


class GuardedForm(forms.BaseForm):
    """Mix in before `forms.Form` or `forms.ModelForm`.

    It hooks into cleaning below `clean()`, so a form's own `clean()` cannot leave it out.
    Invisible characters that turn the direction of reading round are left out of what was typed.
    A telephone box (an input of type "tel") reads its digits as telephone numbers where
    they can be one. Choices and passwords are not looked at; nor is what `guard_exempt`
    names, each for a reason given beside it.
    """

    guard_exempt: ClassVar[frozenset[str]] = frozenset()

    def _clean_fields(self) -> None:
        self._read_in_order()
        super()._clean_fields()  # type: ignore[misc]
        for name, field in self.fields.items():
            if self._is_guarded(name, field) and name in self.cleaned_data:
                self._refuse(name, field)

    def _read_in_order(self) -> None:
        """Leave out what would let a text read otherwise than it is; a password stays as it is."""
        cleared = {}
        for name, field in self.fields.items():
            typed = self.data.get(self.add_prefix(name))
            if isinstance(typed, str) and not isinstance(field.widget, forms.PasswordInput):
                text = in_reading_order(typed)
                if text != typed:
                    cleared[self.add_prefix(name)] = text
        if cleared:
            data: Any = copy(self.data)
            for key, text in cleared.items():
                data[key] = text
            self.data = data

    def _is_guarded(self, name: str, field: forms.Field) -> bool:
        return not (
            name in self.guard_exempt
            or isinstance(field, forms.ChoiceField)
            or isinstance(field.widget, forms.PasswordInput)
        )

    def _refuse(self, name: str, field: forms.Field) -> None:
        telephone = getattr(field.widget, "input_type", "") == "tel"
        label = "telephone" if telephone else name
        if findings := find_identifiers_in(self.cleaned_data[name], label=label):
            self.add_error(
                name, forms.ValidationError(refusal_message(findings), code="identifier")
            )
