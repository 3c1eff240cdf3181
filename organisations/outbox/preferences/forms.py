"""Choosing which e-mails come, how soon, and when none does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from frontend.forms import Presentation, TimeField
from organisations.forms import RecordForm
from organisations.guarded_forms import GuardedForm
from organisations.outbox.preferences.groups import DIGEST, Group
from organisations.outbox.preferences.quiet import Quiet
from organisations.outbox.preferences.selectors import Wishes

AS_THE_SERIES_SAYS = "series"
# Minutes before a touchpoint, as they stand in the choice's value.
REMINDERS = (
    (AS_THE_SERIES_SAYS, "As each touchpoint says (usually the day before)"),
    ("10080,1440", "A week before and the day before"),
    ("1440", "The day before"),
    ("1440,60", "The day before and an hour before"),
    ("60", "An hour before"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One group of e-mails with its radio buttons."""

    group: Group
    field: BoundField


class WishesForm(GuardedForm, forms.Form):
    """Everything that one address may choose."""

    mark_optional = False
    reminder_times = forms.ChoiceField(
        label="When to remind you of a touchpoint",
        help_text="Also of touchpoints that are scheduled already.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when to remind you of a touchpoint"},
    )
    quiet_from = TimeField(label="No emails from", help_text="Like 7pm.", required=False)
    quiet_until = TimeField(label="Until", help_text="Like 7am.", required=False)
    quiet_weekends = forms.BooleanField(label="No emails on Saturdays and Sundays", required=False)
    presentation = {
        "reminder_times": Presentation(label_size="m"),
        "quiet_from": Presentation(width=5),
        "quiet_until": Presentation(width=5),
        DIGEST: Presentation(label_size="m"),
    }

    def __init__(self, data: QueryDict | None = None, *, wishes: Wishes, **kwargs: Any) -> None:
        super().__init__(data, initial=_as_chosen(wishes), **kwargs)
        self._wishes = wishes
        for group in wishes.groups:
            self.fields[group.name] = forms.ChoiceField(
                label=group.label,
                choices=[(each.value, each.label) for each in wishes.choices_of(group)],
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose when you get: {group.label.lower()}"},
            )
        times = self.fields["reminder_times"]
        assert isinstance(times, forms.ChoiceField)
        choices = list(REMINDERS)
        now = self.initial["reminder_times"]
        if now not in dict(REMINDERS):
            choices.append((now, "As you have it now"))
        times.choices = choices

    def lines(self) -> Iterator[Line]:
        """The groups that come at once, in the summary, or not at all."""
        for group in self._wishes.groups:
            if group.name != DIGEST:
                yield Line(group, self[group.name])

    def digest(self) -> BoundField | None:
        """How often the summary comes, for whoever gets one."""
        return self[DIGEST] if DIGEST in self.fields else None

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen for each group."""
        return {group.name: self.cleaned_data[group.name] for group in self._wishes.groups}

    @property
    def quiet(self) -> Quiet:
        """When no e-mail is wanted."""
        given: dict[str, Any] = self.cleaned_data
        return Quiet(given["quiet_from"], given["quiet_until"], given["quiet_weekends"])

    @property
    def minutes(self) -> list[int] | None:
        """How long before a touchpoint, or None."""
        value: str = self.cleaned_data["reminder_times"]
        return None if value == AS_THE_SERIES_SAYS else [int(each) for each in value.split(",")]


class OwnWishesForm(WishesForm, RecordForm):
    """The same for somebody who is signed in."""


def _as_chosen(wishes: Wishes) -> dict[str, str | bool | time | None]:
    minutes = wishes.reminders
    return {
        **{group.name: wishes.choice(group).value for group in wishes.groups},
        "quiet_from": wishes.quiet.since,
        "quiet_until": wishes.quiet.until,
        "quiet_weekends": wishes.quiet.weekends,
        "reminder_times": (
            AS_THE_SERIES_SAYS if minutes is None else ",".join(str(each) for each in minutes)
        ),
    }
