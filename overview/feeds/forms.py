"""The form that makes a calendar feed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.diary.models import FeedKind
from partnerships.record.models import Partnership

HINTS = {
    FeedKind.PARTNERSHIP: "Its touchpoints, papers that are due and meetings of gateways.",
    FeedKind.PERSON: (
        "Those of partnerships where you are the named contact or deputy, those you scheduled, "
        "and your papers."
    ),
    FeedKind.ORGANISATION: "Everything planned that your organisation sees.",
}


class FeedForm(RecordForm):
    """What the calendar shows."""

    kind = forms.ChoiceField(
        label="What should the calendar show?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the calendar should show"},
    )
    with_year = forms.BooleanField(
        label="Also show term dates, holidays and busy times",
        help_text="Whole days that do not make you look busy.",
        required=False,
    )
    presentation = {"kind": Presentation(label_size="m", hints=HINTS)}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, partnership: Partnership | None
    ) -> None:
        kind = FeedKind.PARTNERSHIP if partnership else FeedKind.PERSON
        super().__init__(data, actor=actor, initial={"kind": kind})
        self.partnership = partnership
        choices = [(each.value, each.label) for each in FeedKind if each != FeedKind.PARTNERSHIP]
        if partnership is not None:
            choices.insert(0, (FeedKind.PARTNERSHIP.value, f"Only {partnership.name}"))
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        kind = self.cleaned_data["kind"]
        of_one = kind == FeedKind.PARTNERSHIP
        return {
            "kind": kind,
            "partnership": self.partnership if of_one else None,
            "with_year": self.cleaned_data["with_year"],
        }
