"""A few actions in a form about something else: what, who and by when, three times.

    class OutcomeForm(WithActions, RecordForm):
        def __init__(self, data=None, *, actor, partnership, **more):
            super().__init__(data, actor=actor, **more)
            self.add_action_rows(possible_owners(actor, partnership))

    services.add_actions(by=…, partnership=…, lines=form.action_lines(), origin="t-…")

and in the template `{% include "actions/form_part.jinja" %}`. A row that is empty is left out; what
is wrong with a row is said beside its field, and names the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from frontend.fields import DateField
from frontend.forms import Presentation
from partnerships.actions.owners import Owner
from partnerships.actions.services import LONGEST_TITLE, Line, day_problem

ROWS = 3


@dataclass(frozen=True, slots=True)
class ActionRow:
    """The three fields of one action."""

    number: int
    what: BoundField
    who: BoundField
    by: BoundField


class WithActions(forms.BaseForm):
    """Mixed into a form that may add actions too."""

    action_owners: dict[str, Owner]
    presentation: dict[str, Presentation]

    def add_action_rows(self, owners: Sequence[Owner]) -> None:
        """Add the fields, with these people and organisations to choose from."""
        self.action_owners = {each.key: each for each in owners}
        choices = [
            ("", "Choose who"),
            *((key, str(each)) for key, each in self.action_owners.items()),
        ]
        looks: dict[str, Presentation] = {}
        for number in range(1, ROWS + 1):
            what, who, by = _names(number)
            self.fields[what] = _what(number)
            self.fields[who] = forms.ChoiceField(
                label="Who will do it?",
                choices=choices,
                required=False,
                error_messages={"invalid_choice": f"Action {number}: choose who will do it"},
            )
            self.fields[by] = _by(number)
            looks |= {name: Presentation(label_size="s") for name in (what, who, by)}
        self.presentation = {**getattr(self, "presentation", {}), **looks}

    @property
    def action_rows(self) -> list[ActionRow]:
        """The rows, for the template; none unless they were added."""
        if not hasattr(self, "action_owners"):
            return []
        return [
            ActionRow(number, *(self[name] for name in _names(number)))
            for number in range(1, ROWS + 1)
        ]

    @property
    def actions_begun(self) -> bool:
        """Whether something was typed there, or is wrong, so that the rows are to be seen."""
        return any(
            bound.errors or any(filter(None, _listed(bound.value())))
            for row in self.action_rows
            for bound in (row.what, row.who, row.by)
        )

    def clean(self) -> Any:
        """Say what a row that was begun still lacks."""
        cleaned = super().clean()
        for row in self.action_rows:
            self._check(row)
        return cleaned

    def action_lines(self) -> list[Line]:
        """What the service takes, of the rows that are filled."""
        lines = []
        for row in self.action_rows:
            what, who, by = (self.cleaned_data.get(name) for name in _names(row.number))
            if what and who:
                lines.append(Line(what, self.action_owners[who], by))
        return lines

    def _check(self, row: ActionRow) -> None:
        what, who, by = names = _names(row.number)
        if any(name in self.errors for name in names):
            return
        title, owner, due_on = (self.cleaned_data.get(name) for name in names)
        if not title and (owner or due_on):
            self.add_error(what, f"Action {row.number}: enter what is to be done")
        if title and not owner:
            self.add_error(who, f"Action {row.number}: choose who will do it")
        if due_on and (problem := day_problem(due_on)):
            self.add_error(by, f"Action {row.number}: {problem[0].lower()}{problem[1:]}")


def _names(number: int) -> tuple[str, str, str]:
    return f"action_{number}_what", f"action_{number}_who", f"action_{number}_by"


def _what(number: int) -> forms.Field:
    words = f"Action {number}: what is to be done must be {LONGEST_TITLE} characters or fewer"
    return forms.CharField(
        label="What is to be done?",
        max_length=LONGEST_TITLE,
        required=False,
        error_messages={"max_length": words},
    )


def _by(number: int) -> forms.Field:
    return DateField(
        label="By when?",
        required=False,
        error_messages={
            "invalid": f"Action {number}: enter a real date, like 27 3 2027",
            "missing": f"Action {number}: date must include a %(part)s",
            "year": f"Action {number}: year must have 4 numbers, like 2027",
        },
    )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
