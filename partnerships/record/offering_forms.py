"""The form that offers a named contact to the directory of a region."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from contacts.models import Region, Visibility
from frontend.forms import Presentation
from organisations.forms import RecordForm


class OfferForm(RecordForm):
    """To which region, and who may see the details there."""

    region = forms.ModelChoiceField(
        Region.objects.none(),
        label="To the directory of which region?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose a region"},
    )
    visibility = forms.ChoiceField(
        label="Who may see the email address and telephone number there?",
        choices=Visibility.choices,
        initial=Visibility.REGION,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see them"},
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"region"})
    presentation: ClassVar = {
        "visibility": Presentation(
            hints={
                Visibility.REGION: "Whoever is signed in for an organisation in that region.",
                Visibility.JOINED: "Whoever is signed in for an organisation on this service.",
                Visibility.REQUEST: "Others see the name and the job alone.",
            }
        )
    }

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Region.objects.filter(pk__in=[each.pk for each in regions])
        if len(regions) == 1:
            field.initial = regions[0]
