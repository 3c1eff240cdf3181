"""The forms of an agreement: starting it, its details, a clause, how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.fields import DateField
from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.agreements.library import facts_asked, types
from partnerships.agreements.models import (
    DATE_NAMES,
    LONGEST_TITLE,
    WRITING,
    Agreement,
    AgreementVersion,
)
from partnerships.agreements.readiness import QUESTIONS
from partnerships.agreements.services import LONGEST_CLAUSE

YES, NO = "yes", "no"


class WithDates(RecordForm):
    """The title and the dates, which starting and changing ask for alike."""

    title = forms.CharField(
        label="What is it called?",
        help_text="Like Partnership agreement for school health drop-ins",
        max_length=LONGEST_TITLE,
        error_messages={
            "required": "Enter a title for the agreement",
            "max_length": f"The title must be {LONGEST_TITLE} characters or fewer",
        },
    )
    starts_on = DateField(label="When does it start?", required=False)
    review_on = DateField(
        label="When is it to be reviewed?",
        help_text="At least every 12 months is usual.",
        required=False,
    )
    expires_on = DateField(
        label="When does it expire?", help_text="Up to 3 years is usual.", required=False
    )

    def dates(self) -> dict[str, date | None]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in DATE_NAMES}


class RenewForm(WithDates):
    """The dates of a renewal; the text is that which was signed, and can be changed after."""

    title = None  # type: ignore[assignment]
    presentation = {name: Presentation(label_size="s") for name in DATE_NAMES}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        dates: Mapping[str, date | None],
    ) -> None:
        super().__init__(data, actor=actor, initial=dict(dates))


class StartForm(WithDates):
    """Start an agreement of a type."""

    kind = forms.ChoiceField(
        label="What kind of agreement is it?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what kind of agreement it is",
            "invalid_choice": "Choose what kind of agreement it is",
        },
    )
    field_order = ("kind", "title", *DATE_NAMES)
    presentation = {
        "kind": Presentation(label_size="s", hints={k: t.use for k, t in types().items()}),
        **{name: Presentation(label_size="s") for name in ("title", *DATE_NAMES)},
    }

    def __init__(self, data: QueryDict | None = None, *, actor: Actor) -> None:
        super().__init__(data, actor=actor)
        self.fields["kind"].choices = [(k, t.name) for k, t in types().items()]  # type: ignore[attr-defined]


class BasedOn(RecordForm):
    """Carries the version that the person saw; what was typed outlives a change by others."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def now_based_on(self, version: AgreementVersion) -> None:
        """Keep what was typed, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(version.number)
        self.data = data


class DetailsForm(WithDates, BasedOn):
    """Change the title, the dates and what is asked about the agreement."""

    presentation = {
        name: Presentation(label_size="s", inline=name in QUESTIONS)
        for name in ("title", *DATE_NAMES, *QUESTIONS)
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        agreement: Agreement,
        version: AgreementVersion,
    ) -> None:
        initial: dict[str, Any] = {"title": version.title, "based_on": version.number}
        initial |= version.dates
        super().__init__(data, actor=actor, initial=initial)
        for name in facts_asked(agreement.kind):
            held = version.facts[name]
            self.fields[name] = forms.ChoiceField(
                label=QUESTIONS[name],
                choices=[(YES, "Yes"), (NO, "No")],
                widget=forms.RadioSelect,
                required=False,
                initial=None if held is None else (YES if held else NO),
            )

    def facts(self) -> dict[str, bool | None]:
        """What the service takes."""
        said = {YES: True, NO: False}
        return {name: said.get(self.cleaned_data.get(name, "")) for name in QUESTIONS}


class ClauseForm(BasedOn):
    """Write one clause."""

    text = forms.CharField(
        label="What the clause says",
        required=False,
        max_length=LONGEST_CLAUSE,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={
            "max_length": f"A clause must be {LONGEST_CLAUSE:,} characters or fewer. Put a long "
            "document beside the agreement as an annex, and name it in the clause"
        },
    )
    presentation = {"text": Presentation(label_size="s")}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, version: AgreementVersion, key: str
    ) -> None:
        initial = {"text": version.text_of(key), "based_on": version.number}
        super().__init__(data, actor=actor, initial=initial)


class StageForm(RecordForm):
    """Say how far the work is."""

    stage = forms.ChoiceField(
        label="How far is it?",
        choices=[(each.value, each.label) for each in WRITING],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how far it is",
            "invalid_choice": "Choose how far it is",
        },
    )
    presentation = {"stage": Presentation(label_size="s")}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, agreement: Agreement
    ) -> None:
        super().__init__(data, actor=actor, initial={"stage": agreement.stage})
