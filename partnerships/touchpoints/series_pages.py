"""Pages of a series: its dates, and what can be done with them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.recipients import nobody_told
from partnerships.record.selectors import partnership_of
from partnerships.record.told import told_of, told_table
from partnerships.touchpoints import series_presenters, series_selectors
from partnerships.touchpoints.models import OnClash, TouchpointSeries
from partnerships.touchpoints.plans import reminders_in_words
from partnerships.touchpoints.series_plans import series_in_words


@require_safe
def series_page(request: ActingRequest, ref: str, series: str) -> HttpResponse:
    """One series: its rule in words, its dates with what became of each, who was told."""
    partnership, found = found_series(request, ref, series)
    note_a_look(request, found)
    return render(request, "touchpoints/series_page.jinja", _page(request, partnership, found))


def found_series(
    request: ActingRequest, ref: str, series: str
) -> tuple[Partnership, TouchpointSeries]:
    """The series that an address names, and its partnership."""
    partnership = partnership_of(request.actor, ref)
    return partnership, series_selectors.series_of(request.actor, partnership, series)


def note_a_look(request: ActingRequest, series: TouchpointSeries) -> None:
    """Put on record that somebody looks at what another organisation scheduled."""
    if series.author_organisation_id != request.actor.organisation_id:
        audit.record("series seen", by=request.actor, obj=series)


def _page(
    request: ActingRequest, partnership: Partnership, series: TouchpointSeries
) -> dict[str, Any]:
    actor = request.actor
    programme = series_selectors.programme_of(actor, series)
    told = told_of(series.ref, "series_")
    now = [row for row in told if row.delivery.revision == series.revision]
    before = [row for row in told if row.delivery.revision != series.revision]
    runs = series.ended_at is None and any(each.is_coming for each in programme.dates)
    may_change = runs and permissions.can(actor, Permission.CHANGE_TOUCHPOINT, series)
    return {
        "partnership": partnership,
        "series": series,
        "rule": series_in_words(series),
        "on_clash": series_presenters.ON_CLASH[OnClash(series.on_clash)],
        "reminders": reminders_in_words(series.reminder_minutes),
        "dates": series_presenters.dates_table(actor, partnership, programme.dates),
        "left_out": series_presenters.left_out_lines(programme.left_out),
        "to_settle": programme.to_settle if series_selectors.follows_clashes(series) else [],
        "runs": runs,
        "is_over": not runs and series.ended_at is None and series.last_on < timezone.localdate(),
        "is_author": series.author_organisation_id == actor.organisation_id,
        "may_change": may_change,
        "told": told_table(now, series_presenters.MESSAGES) if now else None,
        "told_before": told_table(before, series_presenters.MESSAGES) if before else None,
        "nobody_told": nobody_told(partnership) if runs else [],
    }
