"""The forms of a review: opening it, and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from frontend.fields import DateField
from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.reviews.models import Kind, Review
from partnerships.reviews.questions import domains_of, keys_of, scale


class OpenForm(RecordForm):
    """Open a review."""

    kind = forms.ChoiceField(
        label="Which review?",
        choices=[
            (Kind.PULSE, "Pulse: 8 questions, once a term, about 3 minutes"),
            (Kind.FULL, "Full review: 23 questions, once a school year, about 10 minutes"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose which review you want",
            "invalid_choice": "Choose which review you want",
        },
    )
    closes_on = DateField(
        label="Until when can people answer?",
        help_text="Between 5 and 60 days from today. Three weeks is usual.",
        error_messages={"required": "Enter the last day to answer"},
    )
    presentation = {name: Presentation(label_size="s") for name in ("kind", "closes_on")}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, closes_on: date, **kwargs: Any
    ) -> None:
        super().__init__(data, actor=actor, initial={"closes_on": closes_on}, **kwargs)


class AnswerForm(RecordForm):
    """Every question of a review as radios, in the order of its domains."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        review: Review,
        answers: Mapping[str, str],
    ) -> None:
        super().__init__(data, actor=actor, initial=dict(answers))
        self.review = review
        for domain in domains_of(review.kind):
            for each in domain.questions:
                missing = f"Choose an answer to: {each.text}"
                self.fields[each.key] = forms.ChoiceField(
                    label=each.text,
                    help_text=f"1 is “{each.least}”, 4 is “{each.most}”.",
                    choices=scale(),
                    widget=forms.RadioSelect,
                    error_messages={"required": missing, "invalid_choice": missing},
                )
        self.presentation = {
            key: Presentation(label_size="s", small=True) for key in keys_of(review.kind)
        }

    def by_domain(self) -> list[tuple[str, list[BoundField]]]:
        """The name of each domain, with its questions as fields."""
        return [
            (domain.name, [self[each.key] for each in domain.questions])
            for domain in domains_of(self.review.kind)
        ]

    def answers(self) -> dict[str, str]:
        """What the service takes."""
        return {key: self.cleaned_data[key] for key in keys_of(self.review.kind)}
