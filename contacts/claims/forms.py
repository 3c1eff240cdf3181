"""Forms of claims: the extract, and which schools an operator accepts."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from contacts.models import ClaimedSchool
from organisations.actor import Actor
from organisations.forms import RecordForm


class ExtractForm(RecordForm):
    """The trust's extract."""

    extract = forms.FileField(
        label="Choose your trust’s extract",
        help_text="The CSV or zip file as downloaded from Get Information about Schools, up to "
        "20 MB. It must have the fields URN, EstablishmentName, LA (code), EstablishmentStatus "
        "(code), CloseDate and Trusts (code).",
        widget=forms.FileInput(attrs={"accept": ".csv,.zip"}),
        max_length=250,
        error_messages={
            "required": "Choose your trust’s extract",
            "missing": "Choose your trust’s extract",
            "empty": "This file is empty. Download it again",
            "max_length": "The file’s name is too long. Rename it to something shorter",
        },
    )


class DecisionForm(RecordForm):
    """Which of the schools are in the trust."""

    mark_optional = False
    accepted = forms.TypedMultipleChoiceField(
        label="Which of these schools should be shown in the trust?",
        help_text="All are chosen. Take out those that are not the trust’s.",
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        required=False,
    )

    def __init__(
        self, data: QueryDict | None, *, actor: Actor, schools: Sequence[ClaimedSchool]
    ) -> None:
        super().__init__(data, actor=actor)
        field = self.fields["accepted"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(each.school_id, _school(each)) for each in schools]
        field.initial = [each.school_id for each in schools]


def _school(claimed: ClaimedSchool) -> str:
    school = claimed.school.school
    now = f"shown in {school.trust.name}" if school.trust else "shown in no trust"
    council = f", {school.council.name}" if school.council else ""
    return f"{claimed.school.name}, URN {claimed.school.code}{council}: {now}"
