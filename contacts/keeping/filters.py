"""The form that narrows the list of a region's contacts, by GET."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from contacts.keeping.selectors import REGION_WIDE, Narrowed, places_of, role_choices
from contacts.keeping.states import STATES
from contacts.models import Region
from organisations.models import Organisation


class ContactFilters(forms.Form):
    """What to look for; nothing is required."""

    mark_optional = False
    words = forms.CharField(
        label="Name, job title or organisation",
        required=False,
        max_length=120,
        error_messages={"max_length": "Enter at most 120 characters"},
    )
    state = forms.ChoiceField(
        label="Which contacts",
        required=False,
        choices=[("", "Everyone in post"), *((each.key, each.label) for each in STATES.values())],
        error_messages={"invalid_choice": "Choose from the list"},
    )
    place = forms.ChoiceField(
        label="Place", required=False, error_messages={"invalid_choice": "Choose from the list"}
    )
    role = forms.ChoiceField(
        label="Kind of job",
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    organisation = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, region: Region) -> None:
        super().__init__(data)
        places = [(each.council.slug, each.name) for each in places_of(region)]
        self._choices("place", [("", "All"), (REGION_WIDE, "Across the region"), *places])
        roles = [(each.key, each.name) for each in role_choices()]
        self._choices("role", [("", "All"), *roles])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def narrowed(self) -> Narrowed:
        """What was chosen; what is not among the choices narrows nothing."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return Narrowed(**{name: given.get(name, "") for name in Narrowed.__dataclass_fields__})

    def chosen_organisation(self) -> Organisation | None:
        """The organisation that a link narrowed the list to."""
        slug = self.narrowed.organisation
        return Organisation.objects.filter(slug=slug).first() if slug else None
