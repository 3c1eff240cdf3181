"""Forms in which people choose a day with partners: said at once what it clashes with.

    class PlanForm(DayForm):
        date = DateField(…)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):

and in the template `{% include "diary/day.jinja" %}` in place of the day's field.

Besides its own button such a form has "Check this day" (`check`) and a button for each clear day
that is offered (`take`). Both show the page again with everything that was typed.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from frontend.fields import PARTS
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.diary.day_reports import DayReport, report_on
from partnerships.record.models import Partnership

CHECK, TAKE = "check", "take"


class DayForm(RecordForm):
    """A form with a day, `day_field`, which people meet on or do something by."""

    day_field: ClassVar[str] = "date"
    # The day whose clashes the reader has been shown.
    heeded = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(_with_day_taken(data, self.day_field), actor=actor, **more)
        self.report: DayReport | None = None
        # Whether the report is why a form that could be carried out was not.
        self.asked = False

    @property
    def only_asks(self) -> bool:
        """Whether the reader asks about a day, and does not send the form yet."""
        return self.is_bound and (CHECK in self.data or TAKE in self.data)

    @property
    def day_box(self) -> Any:
        """The day's field, for the template."""
        return self[self.day_field]

    def latest_day(self) -> date | None:
        """Until when a day is offered; None as far as anybody looks ahead."""
        return None

    def full_clean(self) -> None:
        """As ever; who only asks is told of no other field, and may ask without a day."""
        super().full_clean()
        if self.only_asks:
            for name in set(self.errors) - {self.day_field}:
                del self.errors[name]
            if self.has_error(self.day_field, code="required"):
                del self.errors[self.day_field]

    def goes_ahead(self, partnership: Partnership) -> bool:
        """Whether the form can be carried out; otherwise says in `report` what there is to say.

        A day that gives pause is asked about once.
        """
        valid = self.is_valid()
        day = self.cleaned_data.get(self.day_field)
        seen = day is not None and self.cleaned_data.get("heeded") == day.isoformat()
        if valid and not self.only_asks and (day is None or seen):
            return True
        if day is None and (not self.only_asks or self.day_field in self.errors):
            return False
        self.report = report_on(self.actor, partnership, day, until=self.latest_day())
        self.asked = valid and not self.only_asks and self.report.gives_pause
        if day is not None and (self.only_asks or self.asked):
            self._heed(day)
        return valid and not self.only_asks and not self.asked

    def _heed(self, day: date) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["heeded"] = day.isoformat()
        self.data = data


def _with_day_taken(data: QueryDict | None, field: str) -> QueryDict | None:
    """What was typed, with the day of the pressed button in the three boxes."""
    try:
        day = date.fromisoformat(str(data[TAKE])) if data and TAKE in data else None
    except ValueError:
        day = None
    if data is None or day is None:
        return data
    taken = data.copy()
    for part in PARTS:
        taken[f"{field}_{part}"] = str(getattr(day, part))
    return taken
