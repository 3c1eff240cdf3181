"""Forms with which an organisation says what it brings to a partnership."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation, Sector
from partnerships.record.models import Member


class _DescribingForm(RecordForm):
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    mark_optional = False

    def now_based_on(self, member: Member) -> None:
        """Keep what was chosen, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(member.described)
        self.data = data


class SchoolsForm(_DescribingForm):
    """All of a trust's schools, or those that are ticked."""

    EVERY, SOME = "every", "some"
    which = forms.ChoiceField(
        label="Which of its schools are in this partnership?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which schools are in it"},
    )
    schools = forms.TypedMultipleChoiceField(
        label="Schools",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose schools of the trust from the list"},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        member: Member,
        schools: Sequence[Organisation],
    ) -> None:
        initial = {
            "which": self.EVERY if member.all_schools else self.SOME,
            "schools": member.schools,
            "based_on": member.described,
        }
        super().__init__(data, actor=actor, initial=initial)
        which, some = self.fields["which"], self.fields["schools"]
        assert isinstance(which, forms.ChoiceField)
        assert isinstance(some, forms.ChoiceField)
        which.choices = [
            (self.EVERY, f"All {len(schools)}, and any that join the trust later"),
            (self.SOME, "Only those I choose"),
        ]
        some.choices = [(each.pk, each.name) for each in schools]
        self.presentation = {
            "which": Presentation(reveals={self.SOME: "schools"}),
            "schools": Presentation(
                hints={str(each.pk): each.town for each in schools if each.town}, small=True
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Whoever chooses some ticks at least one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("which") == self.SOME and not cleaned.get("schools", [None]):
            self.add_error("schools", "Choose at least one school")
        return cleaned

    @property
    def wanted(self) -> list[int] | None:
        """What was chosen, for a valid form; None for all."""
        return None if self.cleaned_data["which"] == self.EVERY else self.cleaned_data["schools"]


class SideForm(_DescribingForm):
    """The side on which a council or a provider works."""

    side = forms.ChoiceField(
        choices=Sector.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the side on which it works"},
    )

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, member: Member) -> None:
        initial = {"side": member.side, "based_on": member.described}
        super().__init__(data, actor=actor, initial=initial)
        self.fields["side"].label = f"On which side does {member.organisation.name} work here?"
