"""Pages on which a series is changed: which dates, the new plan, what it comes to, and its end."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.touchpoints import presenters, selectors, series_presenters, services
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries
from partnerships.touchpoints.series_change_forms import ChangeSeriesForm, EndForm, SettleForm
from partnerships.touchpoints.series_changes import is_coming, work_out_settling
from partnerships.touchpoints.series_pages import found_series
from partnerships.touchpoints.series_plans import series_in_words
from partnerships.touchpoints.series_selectors import touchpoints_in
from partnerships.touchpoints.series_views import BACK

FORM_METHODS = ["GET", "HEAD", "POST"]
# Names the date from which on a change holds.
FROM = "from"
# Chosen on the page that asks which dates: this one alone.
ONLY = "only"


def asks_which(request: ActingRequest, planned: Touchpoint) -> bool:
    """Whether to ask first which dates of a series are meant."""
    series = planned.series
    return (
        request.method != "POST"
        and ONLY not in request.GET
        and series is not None
        and series.ended_at is None
        and is_coming(planned)
        and permissions.can(request.actor, Permission.CHANGE_TOUCHPOINT, series)
    )


def which(
    request: ActingRequest, partnership: Partnership, planned: Touchpoint, *, cancels: bool = False
) -> HttpResponse:
    """Ask whether this date, this and the following, or all of a series are meant."""
    assert planned.series is not None
    context = {
        "partnership": partnership,
        "touchpoint": planned,
        "series": planned.series,
        "rule": series_in_words(planned.series),
        "when": presenters.when_words(planned),
        "cancels": cancels,
        "one": "touchpoint-cancel" if cancels else "touchpoint-move",
        "more": "end-touchpoint-series" if cancels else "change-touchpoint-series",
    }
    return render(request, "touchpoints/which_dates.jinja", context)


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str, series: str) -> HttpResponse:
    """Both pages of a change: the new plan, and what it comes to. Saved from the second."""
    partnership, found = _to_change(request, ref, series)
    since = _since(request, partnership, found)
    if request.method != "POST" and not _runs(found):
        return _back(request, found)
    form = ChangeSeriesForm(data_for(request), actor=request.actor, series=found)
    going_on = request.method == "POST" and BACK not in request.POST
    worked_out = form.changed(since.ideal_on if since else None) if going_on else None

    def work() -> str:
        services.change_series(
            by=request.actor,
            series=found,
            plan=form.plan(),
            since=since,
            based_on=form.cleaned_data["based_on"],
            seen=form.cleaned_data["seen"],
        )
        return _address(request, found)

    if worked_out is not None and form.cleaned_data["seen"]:
        if url := form.carry_out(work):
            messages.success(request, "Series changed")
            return redirect(url)
        if not form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            worked_out = None
    context = {
        "form": form,
        "partnership": partnership,
        "series": found,
        "since": presenters.when_words(since) if since else "",
        "rule": series_in_words(found),
    }
    if worked_out is None:
        return render(request, "touchpoints/series_change.jinja", context)
    form.show(worked_out, found)
    context |= {
        "typed": form.typed(),
        "new_rule": series_in_words(worked_out.plan),
        "lines": series_presenters.change_table(worked_out),
        "tells": series_presenters.change_in_words(worked_out),
        "apart": len(worked_out.apart),
    }
    return render(request, "touchpoints/series_preview.jinja", context)


@require_http_methods(FORM_METHODS)
def settle(request: ActingRequest, ref: str, series: str) -> HttpResponse:
    """What applying the rule to dates that clash comes to, and the button that does it."""
    partnership, found = _to_change(request, ref, series)
    if request.method != "POST" and not _runs(found):
        return _back(request, found)
    form = SettleForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.settle_series(
            by=request.actor,
            series=found,
            based_on=form.cleaned_data["based_on"],
            seen=form.cleaned_data["seen"],
        )
        return _address(request, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "The rule was applied")
        return redirect(url)
    worked_out = work_out_settling(request.actor, found)
    if not form.is_bound:
        form = SettleForm(
            actor=request.actor,
            initial={"seen": worked_out.fingerprint, "based_on": found.revision},
        )
    else:
        form.show(worked_out, found)
    context = {
        "form": form,
        "partnership": partnership,
        "series": found,
        "lines": series_presenters.change_table(worked_out),
        "tells": series_presenters.change_in_words(worked_out),
        "changes": bool(worked_out.kept or worked_out.cancelled),
    }
    return render(request, "touchpoints/series_settle.jinja", context)


@require_http_methods(FORM_METHODS)
def end(request: ActingRequest, ref: str, series: str) -> HttpResponse:
    """Cancel all dates to come, or those from one on, and tell everyone."""
    partnership, found = _to_change(request, ref, series)
    since = _since(request, partnership, found)
    form = EndForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.end_series(
            by=request.actor, series=found, since=since, notes=form.cleaned_data["notes"]
        )
        return _address(request, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Dates cancelled" if since else "Series ended")
        return redirect(url)
    if request.method != "POST" and not _runs(found):
        return _back(request, found)
    first = since.ideal_on if since else date.min
    going = [
        presenters.when_words(each)
        for each in touchpoints_in(found)
        if is_coming(each) and first is not None and each.ideal_on and each.ideal_on >= first
    ]
    context = {
        "form": form,
        "partnership": partnership,
        "series": found,
        "rule": series_in_words(found),
        "since": presenters.when_words(since) if since else "",
        "going": going,
    }
    return render(request, "touchpoints/series_end.jinja", context)


def _to_change(
    request: ActingRequest, ref: str, series: str
) -> tuple[Partnership, TouchpointSeries]:
    partnership, found = found_series(request, ref, series)
    permissions.require(request.actor, Permission.CHANGE_TOUCHPOINT, found)
    return partnership, found


def _since(
    request: ActingRequest, partnership: Partnership, series: TouchpointSeries
) -> Touchpoint | None:
    """The date from which on a change holds; raises Hidden for one that is not of this series."""
    if FROM not in request.GET:
        return None
    found = selectors.touchpoint_of(request.actor, partnership, request.GET[FROM])
    if found.series_id != series.pk:
        raise permissions.Hidden("see a touchpoint of another series")
    return found


def _runs(series: TouchpointSeries) -> bool:
    return series.ended_at is None and any(is_coming(each) for each in touchpoints_in(series))


def _address(request: ActingRequest, series: TouchpointSeries) -> str:
    return page_of(
        request.actor, "one-touchpoint-series", ref=series.partnership.ref, series=series.ref
    )


def _back(request: ActingRequest, series: TouchpointSeries) -> HttpResponse:
    """Back to the series, saying why it cannot be changed."""
    messages.info(request, "No date of this series is still to come.")
    return redirect(_address(request, series))
