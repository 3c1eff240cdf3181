"""What a planner is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from overview.planner.nation import HOLIDAYS
from overview.planner.quiet import QUIET
from overview.planner.sides import OPPORTUNITIES, OWN, POINTS
from overview.planner.sources import sources

HELD = {
    POINTS: "Pressure points",
    OPPORTUNITIES: "Awareness dates",
    OWN: "Own periods",
    QUIET: "Quiet periods",
    HOLIDAYS: "Holidays and closed days",
}


def kinds() -> dict[str, str]:
    """Every kind of thing a planner shows: its word in the address, and its name."""
    return {each.kind: each.label for each in sources()} | HELD


class PlannerForm(forms.Form):
    """Narrows a planner. A choice that is none counts as not made."""

    mark_optional = False

    partnership = forms.ChoiceField(label="Partnership", required=False)
    school = forms.ChoiceField(label="School", required=False)
    kind = forms.ChoiceField(label="Show", required=False)

    def __init__(
        self,
        asked: object,
        *,
        partnerships: Sequence[tuple[str, str]] | None,
        schools: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(asked)  # type: ignore[arg-type]
        self.choose("kind", "Everything", list(kinds().items()))
        if partnerships is None:
            del self.fields["partnership"]
        else:
            self.choose("partnership", "All partnerships", partnerships)
        if schools:
            self.choose("school", "All schools of the trust", schools)
        else:
            del self.fields["school"]

    def choose(self, name: str, nothing: str, choices: Sequence[tuple[str, str]]) -> None:
        """Set the choices of a field, the first one being no choice."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", nothing), *choices]

    def chosen(self) -> dict[str, str]:
        """What was chosen, by field."""
        self.is_valid()
        found = {name: str(self.cleaned_data.get(name, "")) for name in self.fields}
        return {name: value for name, value in found.items() if value}
