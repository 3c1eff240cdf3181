"""Forms of the papers beside an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.fields import DateField
from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation
from partnerships.agreements.models import (
    LONGEST_COVERS,
    LONGEST_NOTE,
    LONGEST_REFERENCE,
    DataPaper,
    PaperKind,
)

NAMES = ("reference", "keeper", "dated", "review_on", "covers", "address")


class PaperForm(RecordForm):
    """A paper that is kept elsewhere: what it is, who keeps it, its days and what it covers."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=PaperKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of paper it is"},
    )
    reference = forms.CharField(
        label="Its title or reference",
        help_text="As whoever keeps it finds it again, like DPIA 2026/14.",
        max_length=LONGEST_REFERENCE,
        error_messages={
            "required": "Enter its title or reference",
            "max_length": f"It must be {LONGEST_REFERENCE} characters or fewer",
        },
    )
    keeper = forms.TypedChoiceField(
        label="Who keeps it?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who keeps it", "invalid_choice": "Choose who keeps it"},
    )
    dated = DateField(
        label="When was it agreed or signed off?",
        error_messages={"required": "Enter the day when it was agreed"},
    )
    review_on = DateField(
        label="When is it to be reviewed?",
        error_messages={"required": "Enter the day of its next review"},
    )
    covers = forms.CharField(
        label="Which data does it cover?",
        help_text="In a sentence, for a data sharing agreement. For example, how many pupils were "
        "seen at drop-ins, by school and term. No names, no numbers of single people.",
        required=False,
        max_length=LONGEST_COVERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": f"What it covers must be {LONGEST_COVERS} characters or fewer"
        },
    )
    address = forms.URLField(
        label="Where is it on the web?",
        help_text="For those who may open it there. It begins with https://",
        required=False,
        assume_scheme="https",
        max_length=500,
        error_messages={"invalid": "Enter a web address that begins with https://"},
    )
    presentation = {name: Presentation(label_size="s") for name in ("kind", *NAMES)}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        keepers: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, actor=actor, **kwargs)
        self.keepers = {each.pk: each for each in keepers}
        keeper = self.fields["keeper"]
        assert isinstance(keeper, forms.ChoiceField)
        keeper.choices = [(pk, each.name) for pk, each in self.keepers.items()]

    def said(self) -> dict[str, Any]:
        """What the services take, for a valid form."""
        found = {name: self.cleaned_data[name] for name in NAMES}
        return {**found, "keeper": self.keepers[found["keeper"]]}


class ChangePaperForm(PaperForm):
    """The same for a paper that is there; its kind stays."""

    kind = None  # type: ignore[assignment]
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        keepers: Sequence[Organisation],
        paper: DataPaper,
    ) -> None:
        initial = {name: getattr(paper, name) for name in NAMES}
        initial |= {"keeper": paper.keeper_id, "based_on": paper.revision}
        super().__init__(data, actor=actor, keepers=keepers, initial=initial)

    def now_based_on(self, paper: DataPaper) -> None:
        """Keep what was typed, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(paper.revision)
        self.data = data


class EndPaperForm(RecordForm):
    """Why a paper holds no more."""

    note = forms.CharField(
        label="Why does it hold no more?",
        help_text="For example, “Replaced by DPIA 2027/3”.",
        max_length=LONGEST_NOTE,
        error_messages={
            "required": "Enter why it holds no more",
            "max_length": f"The reason must be {LONGEST_NOTE} characters or fewer",
        },
    )
    presentation = {"note": Presentation(label_size="s")}
