"""Pages on which a member says what became of a touchpoint, and puts right what was said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calendars.london import moment_in_words
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.actions.owners import possible_owners
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of
from partnerships.touchpoints import presenters, selectors, services
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.outcome_forms import CorrectForm, OutcomeForm

FORM_METHODS = ["GET", "HEAD", "POST"]
TEMPLATE = "touchpoints/outcome.jinja"


@require_http_methods(FORM_METHODS)
def outcome(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Record what became of a touchpoint: one click chose it, another records it."""
    partnership, planned = _found(request, ref, touchpoint)
    permissions.require(request.actor, Permission.RECORD_OUTCOME, planned)
    form = OutcomeForm(
        data_for(request),
        actor=request.actor,
        attendees=selectors.invited_to(planned),
        choice=request.GET.get("outcome", ""),
        owners=possible_owners(request.actor, partnership)
        if permissions.can(request.actor, Permission.ADD_ACTION, partnership)
        else (),
    )

    def work() -> str:
        services.record_outcome(by=request.actor, touchpoint=planned, **form.values())
        return _address(request, planned)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        messages.success(request, "Outcome recorded")
        return redirect(url)
    if request.method != "POST" and not presenters.awaits_outcome(planned):
        messages.info(request, _why_not(planned))
        return redirect(_address(request, planned))
    return _page(request, partnership, planned, form, "Record the outcome", "Record outcome")


@require_http_methods(FORM_METHODS)
def correct(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Put right an outcome that was recorded wrongly."""
    partnership, planned = _found(request, ref, touchpoint)
    permissions.require(request.actor, Permission.CORRECT_OUTCOME, planned)
    form = CorrectForm(
        data_for(request),
        actor=request.actor,
        touchpoint=planned,
        attendees=selectors.invited_to(planned),
    )

    def work() -> str:
        said = form.values()
        del said["actions"]
        services.correct_outcome(by=request.actor, touchpoint=planned, **said)
        return _address(request, planned)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        messages.success(request, "Outcome corrected")
        return redirect(url)
    if request.method != "POST" and not services.may_be_corrected(planned):
        messages.info(request, "This outcome can no longer be corrected.")
        return redirect(_address(request, planned))
    return _page(request, partnership, planned, form, "Correct the outcome", "Save correction")


def _found(request: ActingRequest, ref: str, touchpoint: str) -> tuple[Partnership, Touchpoint]:
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.touchpoint_of(request.actor, partnership, touchpoint)


def _address(request: ActingRequest, planned: Touchpoint) -> str:
    return page_of(request.actor, "touchpoint", ref=planned.partnership.ref, touchpoint=planned.ref)


def _why_not(planned: Touchpoint) -> str:
    if planned.state != TouchpointState.SCHEDULED:
        return f"Its outcome is recorded already: {planned.get_state_display().lower()}."
    began = moment_in_words(planned.starts_at)
    return f"It has not begun yet. Record its outcome after {began}."


def _page(
    request: ActingRequest,
    partnership: Partnership,
    planned: Touchpoint,
    form: OutcomeForm,
    title: str,
    submit: str,
) -> HttpResponse:
    following = selectors.next_after(request.actor, planned)
    context: dict[str, Any] = {
        "form": form,
        "partnership": partnership,
        "touchpoint": planned,
        "when": presenters.when_words(planned),
        "title": title,
        "submit": submit,
        "following": presenters.when_words(following) if following else "",
    }
    return render(request, TEMPLATE, context)
