"""The forms by which a series is changed: its plan, its end, and its rule applied again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.touchpoints.forms import LENGTHS, CancelForm
from partnerships.touchpoints.models import TouchpointSeries
from partnerships.touchpoints.series_changes import SeriesChange, work_out
from partnerships.touchpoints.series_forms import OWN_RULE, SeriesForm
from partnerships.touchpoints.series_plans import MOST_OF_A_SERIES, SeriesPlan


class SeenForm(RecordForm):
    """A form that carries the series as its reader saw it, and the change they were shown."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def show(self, change: SeriesChange, series: TouchpointSeries) -> None:
        """Note the change that is shown now as the one to agree to."""
        data = QueryDict(mutable=True)
        data.update(self.data if self.is_bound else {})
        data["seen"], data["based_on"] = change.fingerprint, str(series.revision)
        self.data, self.is_bound = data, True


class SettleForm(SeenForm):
    """Apply the rule to dates that clash: only a button."""


class EndForm(CancelForm):
    """End a series, with a word to those invited."""

    presentation = {"notes": Presentation(label_size="s")}


class ChangeSeriesForm(SeriesForm, SeenForm):
    """Change the plan of a series; its first day stays."""

    first_on = None  # type: ignore[assignment]

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, series: TouchpointSeries
    ) -> None:
        super().__init__(data, actor=actor, initial=_now(series))
        self.series = series
        self.fields["last_on"].help_text = f"At most {MOST_OF_A_SERIES} dates to come"
        if series.minutes not in LENGTHS:
            choices = {**LENGTHS, series.minutes: f"{series.minutes} minutes"}
            self.fields["minutes"].choices = sorted(choices.items())  # type: ignore[attr-defined]

    def plan(self) -> SeriesPlan:
        """The plan that was typed, from the first day that the series has."""
        self.cleaned_data["first_on"] = self.series.first_on
        return super().plan()

    def changed(self, since: date | None) -> SeriesChange | None:
        """What a valid form comes to; None when it cannot be, which is then said beside a field."""
        if not self.is_valid():
            return None
        try:
            return work_out(self.actor, self.series, self.plan(), since=since)
        except ValidationError as refusal:
            self._show(refusal)
            return None


def _now(series: TouchpointSeries) -> dict[str, Any]:
    return {
        "kind": series.kind,
        "every": series.every or OWN_RULE,
        "rrule": series.rrule,
        "weekday": "" if series.weekday is None else series.weekday,
        "last_on": series.last_on,
        "on_clash": series.on_clash,
        "time": series.at,
        "minutes": series.minutes,
        "venue": series.venue,
        "agenda": series.agenda,
        "reminder_minutes": series.reminder_minutes,
        "based_on": series.revision,
    }
