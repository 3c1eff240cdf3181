"""The form that searches the directory, by GET."""

from __future__ import annotations

from typing import Any

from django import forms

from contacts.directory.selectors import Choices, Filters
from contacts.search import LONGEST
from organisations.models import Kind

KINDS = [
    ("", "Everything"),
    ("people", "People"),
    ("gateways", "Gateways"),
    ("organisations", "Organisations"),
]
SECTORS = [
    ("", "All sectors"),
    ("nhs", "NHS"),
    ("council", "Councils"),
    ("school", "Schools and school trusts"),
]
KINDS_OF_SECTOR: dict[str, list[str]] = {
    "nhs": [Kind.ICB, Kind.NHS_TRUST, Kind.PROVIDER],
    "council": [Kind.COUNCIL],
    "school": [Kind.SCHOOL_TRUST, Kind.SCHOOL],
}
FRESH = [
    ("", "Any"),
    ("current", "Checked, in date"),
    ("due", "To be checked"),
]
NO_SUCH = {"invalid_choice": "Choose one from the list"}


class DirectoryForm(forms.Form):
    """What to look for; nothing is required."""

    mark_optional = False
    q = forms.CharField(
        label="Name, role, organisation, place or postcode",
        help_text="For example, school nurse Walsall, health and wellbeing board, or WS2 9PS",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": f"Enter at most {LONGEST} characters"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label="What to look for", required=False, choices=KINDS, error_messages=NO_SUCH
    )
    region = forms.ChoiceField(label="Region", required=False, error_messages=NO_SUCH)
    place = forms.ChoiceField(label="Place", required=False, error_messages=NO_SUCH)
    role = forms.ChoiceField(label="Role", required=False, error_messages=NO_SUCH)
    sector = forms.ChoiceField(
        label="Sector", required=False, choices=SECTORS, error_messages=NO_SUCH
    )
    fresh = forms.ChoiceField(
        label="How fresh", required=False, choices=FRESH, error_messages=NO_SUCH
    )
    NARROWING = ("region", "place", "role", "sector", "fresh")

    def __init__(self, data: Any, *, choices: Choices) -> None:
        super().__init__(data)
        self.known = choices
        offered = {
            "region": [("", "All regions"), *((e.slug, e.name) for e in choices.regions)],
            "place": [("", "All places"), *((e.council.slug, e.name) for e in choices.places)],
            "role": [("", "All roles"), *((e.key, e.name) for e in choices.roles)],
        }
        for name, options in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options

    def filters(self) -> Filters:
        """What a valid form asks for."""
        given = self.cleaned_data
        return Filters(
            words=given["q"],
            region=next((e for e in self.known.regions if e.slug == given["region"]), None),
            place=next((e for e in self.known.places if e.council.slug == given["place"]), None),
            role=next((e for e in self.known.roles if e.key == given["role"]), None),
            kinds=KINDS_OF_SECTOR.get(given["sector"]),
            fresh=given["fresh"],
        )
