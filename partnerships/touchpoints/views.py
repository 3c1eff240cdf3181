"""Pages of touchpoints: the list, scheduling, one touchpoint, moving, cancelling."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calendars.entries import Method
from calendars.london import london_day, moment_in_words
from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.models.delivery import State
from organisations.permissions import Permission
from partnerships.actions.presenters import actions_table
from partnerships.actions.selectors import arising_from
from partnerships.record.models import Partnership
from partnerships.record.recipients import nobody_told, people_to_tell
from partnerships.record.selectors import partnership_of
from partnerships.record.told import told_of, told_table
from partnerships.touchpoints import (
    presenters,
    selectors,
    series_change_pages,
    series_selectors,
    services,
)
from partnerships.touchpoints.attending_views import attending_page
from partnerships.touchpoints.calendar_entries import calendar_entry, live_papers
from partnerships.touchpoints.forms import CancelForm, MoveForm, PlanForm
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.outcome_asking import OUTCOME
from partnerships.touchpoints.outcome_forms import CHOICES
from partnerships.touchpoints.series_plans import series_in_words

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def touchpoints(request: ActingRequest, ref: str) -> HttpResponse:
    """The touchpoints of a partnership: what is to come, and what is past."""
    partnership = partnership_of(request.actor, ref)
    coming = selectors.coming_in(request.actor, partnership)
    page = selectors.past_of(request.actor, partnership, request.GET.get("page"))
    context = {
        "partnership": partnership,
        "coming": presenters.touchpoints_table(request.actor, coming) if coming else None,
        "running": [
            {"series": each, "rule": series_in_words(each)}
            for each in series_selectors.running_in(request.actor, partnership)
        ],
        "page": page,
        "past": presenters.touchpoints_table(request.actor, list(page.object_list)),
        "may_schedule": permissions.can(request.actor, Permission.SCHEDULE_TOUCHPOINT, partnership),
    }
    return render(request, "touchpoints/list.jinja", context)


@require_http_methods(FORM_METHODS)
def schedule(request: ActingRequest, ref: str) -> HttpResponse:
    """Schedule a touchpoint and invite each side's named contact."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.SCHEDULE_TOUCHPOINT, partnership)
    form = PlanForm(data_for(request), actor=request.actor)

    def work() -> str:
        scheduled = services.schedule_touchpoint(
            by=request.actor, partnership=partnership, **form.values()
        )
        return page_of(request.actor, "touchpoint", ref=ref, touchpoint=scheduled.ref)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        messages.success(request, "Touchpoint scheduled")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "people": people_to_tell(partnership),
        "nobody_told": nobody_told(partnership),
    }
    return render(request, "touchpoints/schedule.jinja", context)


@require_safe
def touchpoint_page(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """One touchpoint: when, where, what about, who was told, and what became of it."""
    partnership, planned = _found(request, ref, touchpoint)
    _note_a_look(request, planned)
    return render(request, "touchpoints/touchpoint.jinja", _page(request, partnership, planned))


@require_safe
def calendar_file(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """The touchpoint as a file for anybody's calendar."""
    _, planned = _found(request, ref, touchpoint)
    _note_a_look(request, planned)
    entry = calendar_entry(planned, method=Method.PUBLISH, papers=live_papers(planned))
    name = f"touchpoint-{london_day(planned.starts_at).isoformat()}.ics"
    return HttpResponse(
        entry,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(FORM_METHODS)
def move(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Give a touchpoint another time or other details."""
    partnership, planned = _found(request, ref, touchpoint)
    permissions.require(request.actor, Permission.CHANGE_TOUCHPOINT, planned)
    if request.method != "POST" and not _is_coming(planned):
        return _back(request, planned)
    if series_change_pages.asks_which(request, planned):
        return series_change_pages.which(request, partnership, planned)
    form = MoveForm(data_for(request), actor=request.actor, touchpoint=planned)

    def work() -> str:
        services.move_touchpoint(
            by=request.actor,
            touchpoint=planned,
            based_on=form.cleaned_data["based_on"],
            **form.values(),
        )
        return _address(request, planned)

    if request.method == "POST" and form.goes_ahead(partnership):
        if url := form.carry_out(work):
            messages.success(request, "Touchpoint changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(planned)
    context = {
        "form": form,
        "partnership": partnership,
        "touchpoint": planned,
        "when": presenters.when_words(planned),
    }
    return render(request, "touchpoints/move.jinja", context)


@require_http_methods(FORM_METHODS)
def cancel(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Cancel a touchpoint and tell those who had been invited."""
    partnership, planned = _found(request, ref, touchpoint)
    permissions.require(request.actor, Permission.CHANGE_TOUCHPOINT, planned)
    if series_change_pages.asks_which(request, planned):
        return series_change_pages.which(request, partnership, planned, cancels=True)
    form = CancelForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.cancel_touchpoint(
            by=request.actor, touchpoint=planned, notes=form.cleaned_data["notes"]
        )
        return _address(request, planned)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Touchpoint cancelled")
        return redirect(url)
    if request.method != "POST" and not _is_coming(planned):
        return _back(request, planned)
    context = {
        "form": form,
        "partnership": partnership,
        "touchpoint": planned,
        "when": presenters.when_words(planned),
    }
    return render(request, "touchpoints/cancel.jinja", context)


def _found(request: ActingRequest, ref: str, touchpoint: str) -> tuple[Partnership, Touchpoint]:
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.touchpoint_of(request.actor, partnership, touchpoint)


def _note_a_look(request: ActingRequest, planned: Touchpoint) -> None:
    """Put on record that somebody looks at what another organisation scheduled."""
    if planned.author_organisation_id != request.actor.organisation_id:
        audit.record("touchpoint seen", by=request.actor, obj=planned)


def _address(request: ActingRequest, planned: Touchpoint) -> str:
    return page_of(request.actor, "touchpoint", ref=planned.partnership.ref, touchpoint=planned.ref)


def _is_coming(planned: Touchpoint) -> bool:
    return planned.state == TouchpointState.SCHEDULED and not planned.has_begun


def _back(request: ActingRequest, planned: Touchpoint) -> HttpResponse:
    """Back to the touchpoint, saying why this cannot be done now."""
    began = moment_in_words(planned.starts_at)
    if planned.state != TouchpointState.SCHEDULED:
        words = f"Its outcome is recorded already: {planned.get_state_display().lower()}."
    elif planned.has_begun:
        words = f"It began on {began}: record its outcome instead."
    else:
        words = f"It has not begun yet. Record its outcome after {began}."
    messages.info(request, words)
    return redirect(_address(request, planned))


def _page(request: ActingRequest, partnership: Partnership, planned: Touchpoint) -> dict[str, Any]:
    actor = request.actor
    # Whoever did not need to be asked for an outcome was told nothing.
    told = [
        row
        for row in told_of(planned.ref, "touchpoint_")
        if row.delivery.kind != OUTCOME or row.delivery.state != State.CANCELLED
    ]
    now = [row for row in told if row.delivery.revision == planned.revision]
    before = [row for row in told if row.delivery.revision != planned.revision]
    return {
        "partnership": partnership,
        "touchpoint": planned,
        "when": presenters.when_words(planned),
        "in_years": presenters.place_with_caution(actor, planned),
        "status": presenters.state_tag(planned),
        "series_rule": series_in_words(planned.series) if planned.series else "",
        "told": told_table(now, presenters.MESSAGES) if now else None,
        "told_before": told_table(before, presenters.MESSAGES) if before else None,
        "nobody_told": nobody_told(partnership) if _is_coming(planned) else [],
        "is_author": planned.author_organisation_id == actor.organisation_id,
        "may_change": _is_coming(planned)
        and permissions.can(actor, Permission.CHANGE_TOUCHPOINT, planned),
        **_outcome(request, planned),
        "is_coming": _is_coming(planned),
        "may_schedule": permissions.can(actor, Permission.SCHEDULE_TOUCHPOINT, partnership),
        "may_log": permissions.can(actor, Permission.LOG_CONVERSATION, partnership),
        **attending_page(request, planned),
    }


def _outcome(request: ActingRequest, planned: Touchpoint) -> dict[str, Any]:
    """What the page says of its outcome, and what may be done about it."""
    actor, recorded = request.actor, planned.outcome_at is not None
    todo = arising_from(actor, planned.partnership, f"t-{planned.ref}") if recorded else []
    return {
        "choices": list(CHOICES.items())
        if presenters.awaits_outcome(planned)
        and permissions.can(actor, Permission.RECORD_OUTCOME, planned)
        else [],
        "recorded_by": presenters.recorded_by(planned) if recorded else "",
        "actions": actions_table(todo, actor) if todo else None,
        "came": [each for each in selectors.invited_to(planned) if each.came] if recorded else [],
        "may_correct": services.may_be_corrected(planned)
        and permissions.can(actor, Permission.CORRECT_OUTCOME, planned),
        "replaces": planned.replaces,
        "replaced_by": getattr(planned, "replaced_by", None),
    }
