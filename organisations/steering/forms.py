"""How an operator narrows the list of deliveries, and decides about some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from frontend.forms import Presentation
from organisations.forms import RecordForm
from organisations.models import OutboxDecision
from organisations.outbox.kinds import all_kinds
from organisations.steering import presenters, selectors
from organisations.steering.selectors import Narrowed, Seen

LONGEST_ID = 18  # digits; more is no number of the database's


class OutboxFilters(forms.Form):
    """State, kind, organisation; what is empty or no choice narrows nothing."""

    mark_optional = False

    show = forms.ChoiceField(label="State", choices=list(selectors.SHOWS.items()), required=False)
    kind = forms.ChoiceField(label="Kind", required=False)
    organisation = forms.CharField(
        label="Organisation", help_text="Name or code", max_length=100, required=False
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds = sorted((each.label, each.name) for each in all_kinds())
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", "All"),
            *((name, label) for label, name in kinds),
        ]
        self.is_valid()

    @property
    def narrowed(self) -> Narrowed:
        """What the list is narrowed to."""
        given = self.cleaned_data
        words = " ".join(given.get("organisation", "").split())
        return Narrowed(
            given.get("show") or selectors.TROUBLE,
            given.get("kind") or "",
            selectors.organisations_named(words) if words else None,
        )

    @property
    def is_used(self) -> bool:
        """Whether anything is narrowed."""
        return any(self.cleaned_data.values())


class DeliveriesField(forms.TypedMultipleChoiceField):
    """Ticked deliveries, by id. The list moves on while it is read, so any id counts: what can
    no longer be changed is left alone by the service."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """Whether it can be an id at all."""
        return str(value).isdecimal() and len(str(value)) <= LONGEST_ID


class SteerForm(RecordForm):
    """Which, what with them, and why."""

    deliveries = DeliveriesField(
        label="Which emails?",
        coerce=int,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    every = forms.BooleanField(required=False)
    mark_optional = False
    action = forms.ChoiceField(
        label="What should happen to them?",
        choices=[
            (OutboxDecision.RETRY, "Try again now"),
            (OutboxDecision.DROP, "Drop: they are never sent"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what to do with them",
            "invalid_choice": "Choose what to do with them",
        },
    )
    reason = forms.CharField(
        label="Why?",
        help_text="For what you drop, the organisation on whose behalf it would have gone reads "
        "these words. Operators read them in any case. Name nobody.",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why"},
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"deliveries"})

    def __init__(self, *args: Any, shown: Sequence[Seen], total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliveries"].choices = [  # type: ignore[attr-defined]
            (each.id, presenters.line_of(each)) for each in shown
        ]
        if total > len(shown):
            self.fields["every"].label = f"All {total:,} of this list, not only those above"
        else:
            del self.fields["every"]
        self.presentation = {
            "deliveries": Presentation(
                label_size="s", hints={str(each.id): presenters.hint_of(each) for each in shown}
            ),
            "action": Presentation(label_size="s"),
            "reason": Presentation(label_size="s"),
        }

    def clean(self) -> dict[str, Any]:
        """At least one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("deliveries") and not cleaned.get("every") and not self.errors:
            self.add_error("deliveries", "Choose at least one email")
        return cleaned
