"""Forms of calendars elsewhere: a file, what is taken from it, an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.elsewhere.services import LONGEST_NAME
from calendars.ics.found import Busy
from calendars.ics.limits import LARGEST
from calendars.london import weekday_in_words
from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation

ONLY_US, PARTNERS = "us", "partners"
WHO_SEES = [
    (ONLY_US, "Only people of our organisation"),
    (PARTNERS, "Organisations we are in a partnership with, too"),
]


class _AboutSomebody(RecordForm):
    """A form that asks whose dates these are where there is a choice."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        subjects: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, actor=actor, **kwargs)
        self._subjects = {each.slug: each for each in subjects}
        if len(subjects) > 1:
            own, *schools = subjects
            choices = [(own.slug, f"All schools of {own.name} without dates of their own")]
            self.fields["subject"] = forms.ChoiceField(
                label="Whose term dates are these?",
                choices=choices + [(each.slug, each.name) for each in schools],
                error_messages={"invalid_choice": "Choose whose term dates these are"},
            )

    @property
    def subject(self) -> Organisation:
        """Whom it is about."""
        slug = self.cleaned_data.get("subject") or next(iter(self._subjects))
        return self._subjects[slug]


class CalendarFileForm(_AboutSomebody):
    """The calendar file to bring in."""

    calendar = forms.FileField(
        label="Choose a calendar file (.ics)",
        help_text="Up to 2 MB. You see what is in it before anything is saved.",
        widget=forms.FileInput(attrs={"accept": ".ics,.ical,text/calendar"}),
        max_length=250,
        error_messages={
            "required": "Choose the calendar file",
            "empty": "This file is empty. Choose the calendar file",
            "missing": "Choose the calendar file",
            "max_length": "The file’s name is too long. Rename it to something shorter",
        },
    )

    def clean_calendar(self) -> Any:
        """Refuse what is too large before it is read."""
        calendar = self.cleaned_data["calendar"]
        if calendar.size > LARGEST:
            raise forms.ValidationError(
                "This calendar is larger than 2 MB. Export a shorter time and choose that"
            )
        return calendar


class _Sharing(RecordForm):
    """Asks who sees the busy periods."""

    mark_optional = False
    sees = forms.ChoiceField(
        label="Who can see these busy periods?",
        choices=WHO_SEES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who can see these busy periods"},
    )
    presentation = {
        "sees": Presentation(
            hints={
                ONLY_US: "Nobody outside is told, or warned, that you are busy",
                PARTNERS: "They see the name and the days, and are warned when they choose one",
            }
        )
    }

    @property
    def shared(self) -> bool:
        """Whether partners see them."""
        return bool(self.cleaned_data.get("sees") == PARTNERS)


class TakePeriodsForm(_Sharing):
    """Which busy periods of a file are taken."""

    periods = forms.MultipleChoiceField(
        label="Which periods shall your calendar show?",
        help_text="Untick what is no matter for others.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one period"},
    )
    field_order = ("periods", "sees")

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, periods: Sequence[Busy]
    ) -> None:
        keys = [each.key for each in periods]
        super().__init__(data, actor=actor, initial={"periods": keys})
        self.fields["periods"].choices = [  # type: ignore[attr-defined]
            (each.key, f"{each.name}: {days_in_words(each)}") for each in periods
        ]


class AddressForm(_AboutSomebody, _Sharing):
    """A calendar's address that is read every hour; who sees it is asked of busy periods only."""

    url = forms.CharField(
        label="Address of the calendar",
        help_text="It begins with https:// or webcal://, and mostly ends in .ics.",
        max_length=1000,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={
            "required": "Enter the calendar’s address",
            "max_length": "The address must be 1000 characters or fewer",
        },
    )
    name = forms.CharField(
        label="What do you call this calendar?",
        help_text="For example, Executive team closures.",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter a name for the calendar",
            "max_length": f"The name must be {LONGEST_NAME} characters or fewer",
        },
    )
    field_order = ("subject", "url", "name", "sees")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        subjects: Sequence[Organisation],
        asks_who_sees: bool,
    ) -> None:
        super().__init__(data, actor=actor, subjects=subjects)
        if not asks_who_sees:
            del self.fields["sees"]
        self.order_fields(self.field_order)


def days_in_words(busy: Busy) -> str:
    """Its days, the year once."""
    if busy.first == busy.last:
        return weekday_in_words(busy.first)
    return f"{weekday_in_words(busy.first)} to {weekday_in_words(busy.last)}"
