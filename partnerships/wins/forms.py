"""The form of a win: one line, a day, who sees it; a quote if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.london import today
from frontend.forms import DateField, Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.record.readers import who_reads
from partnerships.wins.models import LONGEST_LINE, LONGEST_QUOTE, LONGEST_ROLE
from partnerships.wins.services import NO_ROLE

SHARED, INTERNAL = "shared", "internal"


class WinForm(RecordForm):
    """Log a win."""

    line = forms.CharField(
        label="What went well?",
        help_text=(
            "One line, like The first drop-in was full. Never about one child or patient, and no "
            "number so small that somebody could be recognised."
        ),
        max_length=LONGEST_LINE,
        error_messages={
            "required": "Enter what went well, in one line",
            "max_length": f"What went well must be {LONGEST_LINE} characters or fewer",
        },
    )
    happened_on = DateField(
        label="When?",
        help_text="Today, unless you change it.",
        error_messages={"required": "Enter the day, like 27 3 2027"},
    )
    audience = forms.ChoiceField(
        label="Who can see it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who can see it"},
    )
    quote = forms.CharField(
        label="What did somebody say about it?",
        required=False,
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "max_length": f"What somebody said must be {LONGEST_QUOTE} characters or fewer"
        },
    )
    quoted = forms.CharField(
        label="In which role?",
        help_text="Like A head teacher. No name.",
        required=False,
        max_length=LONGEST_ROLE,
        error_messages={"max_length": f"The role must be {LONGEST_ROLE} characters or fewer"},
    )
    presentation = {name: Presentation(label_size="s") for name in ("line", "quote", "quoted")}
    mark_optional = False

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, readers: Sequence[str]
    ) -> None:
        """`readers` are the names of the other organisations that see what is shared."""
        super().__init__(data, actor=actor)
        assert actor.organisation is not None
        self.fields["happened_on"].initial = today
        self.fields["audience"].initial = SHARED
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (SHARED, "Everyone in the partnership"),
            (INTERNAL, f"Only {actor.organisation.name}"),
        ]
        self.presentation = {
            **self.presentation,
            "audience": Presentation(
                hints={SHARED: who_reads(readers), INTERNAL: "You can share it later"}
            ),
        }

    def clean(self) -> None:
        """A quote needs the role of whoever said it: told together with whatever else is wrong."""
        super().clean()
        given = self.cleaned_data
        if given.get("quote") and not given.get("quoted") and "quoted" not in self.errors:
            self.add_error("quoted", NO_ROLE)

    @property
    def has_quote(self) -> bool:
        """Whether the part with the quote is shown open."""
        return any(self.data.get(name) for name in ("quote", "quoted"))

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("line", "happened_on", "quote", "quoted")
        said = {name: self.cleaned_data[name] for name in names}
        return {**said, "internal": self.cleaned_data["audience"] == INTERNAL}
