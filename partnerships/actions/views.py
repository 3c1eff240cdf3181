"""Pages of actions: the list, adding, one action, changing, closing and reopening it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.actions import presenters, selectors, services
from partnerships.actions.forms import ActionForm, ChangeForm, DoneForm, DropForm
from partnerships.actions.models import Action
from partnerships.actions.owners import possible_owners
from partnerships.actions.recipients import owner_to_tell
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of
from partnerships.record.told import told_of, told_table

FORM_METHODS = ["GET", "HEAD", "POST"]
CLOSING: dict[str, type[DoneForm] | type[DropForm]] = {"done": DoneForm, "dropped": DropForm}


@require_safe
def actions(request: ActingRequest, ref: str) -> HttpResponse:
    """The actions of a partnership, open ones first, or only those that are open or closed."""
    partnership = partnership_of(request.actor, ref)
    show = request.GET.get("show", "")
    show = show if show in (selectors.OPEN_ONES, selectors.CLOSED_ONES) else ""
    page = selectors.actions_of(request.actor, partnership, show, request.GET.get("page"))
    context = {
        "partnership": partnership,
        "page": page,
        "show": show,
        "actions": presenters.actions_table(list(page.object_list), request.actor),
        "may_add": permissions.can(request.actor, Permission.ADD_ACTION, partnership),
    }
    return render(request, "actions/list.jinja", context)


@require_http_methods(FORM_METHODS)
def add(request: ActingRequest, ref: str) -> HttpResponse:
    """Add an action for either side."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.ADD_ACTION, partnership)
    owners = possible_owners(request.actor, partnership)
    form = ActionForm(data_for(request), actor=request.actor, owners=owners)

    def work() -> str:
        added = services.add_action(by=request.actor, partnership=partnership, **form.values())
        return presenters.address(request.actor, added)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Action added")
        return redirect(url)
    return render(request, "actions/add.jinja", {"form": form, "partnership": partnership})


@require_safe
def action_page(request: ActingRequest, ref: str, action: str) -> HttpResponse:
    """One action: who, by when, what became of it, and who was told."""
    partnership, found = _found(request, ref, action)
    if found.author_organisation_id != request.actor.organisation_id:
        audit.record("action seen", by=request.actor, obj=found)
    return render(request, "actions/action.jinja", _page(request, partnership, found))


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str, action: str) -> HttpResponse:
    """Change what is to be done, by whom or by when."""
    partnership, found = _found(request, ref, action)
    permissions.require(request.actor, Permission.CHANGE_ACTION, found)
    if request.method != "POST" and not found.is_open:
        return _back(request, found)
    owners = possible_owners(request.actor, partnership)
    form = ChangeForm(data_for(request), actor=request.actor, owners=owners, action=found)

    def work() -> str:
        services.change_action(
            by=request.actor,
            action=found,
            based_on=form.cleaned_data["based_on"],
            **form.values(),
        )
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, "Action changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(found)
    context = {"form": form, "partnership": partnership, "action": found}
    return render(request, "actions/change.jinja", context)


@require_http_methods(FORM_METHODS)
def close(request: ActingRequest, ref: str, action: str, state: str) -> HttpResponse:
    """Say that an action is done, in one click, or dropped and why."""
    partnership, found = _found(request, ref, action)
    permissions.require(request.actor, Permission.CHANGE_ACTION, found)
    if request.method != "POST" and not found.is_open:
        return _back(request, found)
    form = CLOSING[state](data_for(request), actor=request.actor)

    def work() -> str:
        note = form.cleaned_data["note"]
        services.close_action(by=request.actor, action=found, state=state, note=note)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"Recorded: {state}")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "action": found}
    return render(request, f"actions/{state}.jinja", context)


@require_http_methods(FORM_METHODS)
def reopen(request: ActingRequest, ref: str, action: str) -> HttpResponse:
    """Open a closed action again, after asking."""
    partnership, found = _found(request, ref, action)
    permissions.require(request.actor, Permission.CHANGE_ACTION, found)
    if request.method != "POST" and found.is_open:
        return redirect(presenters.address(request.actor, found))
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.reopen_action(by=request.actor, action=found)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Action opened again")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "action": found}
    return render(request, "actions/reopen.jinja", context)


def _found(request: ActingRequest, ref: str, action: str) -> tuple[Partnership, Action]:
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.action_of(request.actor, partnership, action)


def _back(request: ActingRequest, action: Action) -> HttpResponse:
    """Back to the action, saying why this cannot be done now."""
    messages.info(request, f"It is on record already: {action.get_state_display().lower()}.")
    return redirect(presenters.address(request.actor, action))


def _page(request: ActingRequest, partnership: Partnership, action: Action) -> dict[str, Any]:
    actor = request.actor
    told = told_of(action.ref, "action_")
    now = [row for row in told if row.delivery.revision == action.revision]
    before = [row for row in told if row.delivery.revision != action.revision]
    may_change = permissions.can(actor, Permission.CHANGE_ACTION, action)
    return {
        "partnership": partnership,
        "action": action,
        "status": presenters.state_tag(action),
        "owner": presenters.owner_words(action),
        "due": presenters.due_words(action),
        "added": presenters.added_words(action),
        "closed": presenters.closed_words(action),
        "origin": presenters.origin_words(action),
        "may_change": may_change,
        "done_form": DoneForm(actor=actor) if may_change and action.is_open else None,
        "told": told_table(now, presenters.MESSAGES) if now else None,
        "told_before": told_table(before, presenters.MESSAGES) if before else None,
        "nobody_told": action.is_open and owner_to_tell(action) is None,
        "contacts_page": page_of(actor, "partnership", ref=partnership.ref) + "#people",
    }
