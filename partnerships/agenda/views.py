"""Pages of items for gateways: the list, planning, one item, its steps, withdrawing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from contacts.models import Gateway
from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.agenda import presenters, selectors, services
from partnerships.agenda.forms import ChangeForm, PlanForm, StepForm, WithdrawForm
from partnerships.agenda.models import AgendaItem, ItemState
from partnerships.agenda.recipients import people_to_tell
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of
from partnerships.record.told import told_of, told_table

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def items(request: ActingRequest, ref: str) -> HttpResponse:
    """The items of a partnership, open ones first."""
    partnership = partnership_of(request.actor, ref)
    page = selectors.items_of(request.actor, partnership, request.GET.get("page"))
    context = {
        "partnership": partnership,
        "page": page,
        "items": presenters.items_table(request.actor, list(page.object_list)),
        "may_plan": permissions.can(request.actor, Permission.PLAN_AGENDA_ITEM, partnership),
    }
    return render(request, "agenda/list.jinja", context)


@require_safe
def bring_item(request: ActingRequest, gateway: str) -> HttpResponse:
    """From a gateway: in which partnership is the item planned?"""
    context = {
        "gateway": _gateway(gateway),
        "partnerships": [
            each
            for each in selectors.partnerships_to_bring(request.actor)
            if permissions.can(request.actor, Permission.PLAN_AGENDA_ITEM, each)
        ],
    }
    return render(request, "agenda/bring.jinja", context)


@require_safe
def choose_gateway(request: ActingRequest, ref: str) -> HttpResponse:
    """From a partnership: to which gateway is the item brought?"""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.PLAN_AGENDA_ITEM, partnership)
    context = {"partnership": partnership, "areas": selectors.gateways_for(partnership)}
    return render(request, "agenda/choose.jinja", context)


@require_http_methods(FORM_METHODS)
def plan(request: ActingRequest, ref: str, gateway: str) -> HttpResponse:
    """Plan an item for a gateway."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.PLAN_AGENDA_ITEM, partnership)
    chosen = _gateway(gateway)
    form = PlanForm(data_for(request), actor=request.actor, gateway=chosen)

    def work() -> str:
        planned = services.plan_item(
            by=request.actor, partnership=partnership, gateway=chosen, **form.values()
        )
        return page_of(request.actor, "agenda-item", ref=ref, item=planned.ref)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        messages.success(request, "Item planned")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "gateway": chosen}
    return render(request, "agenda/plan.jinja", context)


@require_safe
def item_page(request: ActingRequest, ref: str, item: str) -> HttpResponse:
    """One item: what for, when, how far it got."""
    partnership, found = _found(request, ref, item)
    if found.author_organisation_id != request.actor.organisation_id:
        audit.record("agenda item seen", by=request.actor, obj=found)
    return render(request, "agenda/item.jinja", _page(request, partnership, found))


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str, item: str) -> HttpResponse:
    """Change what an item asks, or when."""
    partnership, found = _found(request, ref, item)
    permissions.require(request.actor, Permission.CHANGE_AGENDA_ITEM, found)
    if request.method != "POST" and not found.is_open:
        return _back(request, found)
    form = ChangeForm(data_for(request), actor=request.actor, gateway=found.gateway, item=found)

    def work() -> str:
        services.change_item(
            by=request.actor, item=found, based_on=form.cleaned_data["based_on"], **form.values()
        )
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.goes_ahead(partnership):
        if url := form.carry_out(work):
            messages.success(request, "Item changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(found)
    context = {"form": form, "partnership": partnership, "item": found}
    return render(request, "agenda/change.jinja", context)


@require_http_methods(FORM_METHODS)
def step(request: ActingRequest, ref: str, item: str, step: str) -> HttpResponse:
    """Record that the paper was sent, or that the item was heard or decided."""
    partnership, found = _found(request, ref, item)
    permissions.require(request.actor, Permission.RECORD_AGENDA_STEP, found)
    if request.method != "POST" and ItemState(step) not in presenters.next_steps(found):
        return _back(request, found)
    form = StepForm(data_for(request), actor=request.actor, step=step)

    def work() -> str:
        services.record_step(
            by=request.actor,
            item=found,
            step=step,
            on=form.cleaned_data["on"],
            decision=form.cleaned_data.get("decision", ""),
        )
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"Recorded: {ItemState(step).label.lower()}")
        return redirect(url)
    words = presenters.STEP_WORDS[ItemState(step)]
    context = {"form": form, "partnership": partnership, "item": found, "title": words[1]}
    return render(request, "agenda/step.jinja", context)


@require_http_methods(FORM_METHODS)
def withdraw(request: ActingRequest, ref: str, item: str) -> HttpResponse:
    """Withdraw an item; it is kept."""
    partnership, found = _found(request, ref, item)
    permissions.require(request.actor, Permission.CHANGE_AGENDA_ITEM, found)
    if request.method != "POST" and not found.is_open:
        return _back(request, found)
    form = WithdrawForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_item(by=request.actor, item=found, why=form.cleaned_data["why"])
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Item withdrawn")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "item": found}
    return render(request, "agenda/withdraw.jinja", context)


def _gateway(ref: str) -> Gateway:
    found = selectors.gateway_of(ref)
    if found is None:
        raise Http404("no such gateway, or it has ended")
    return found


def _found(request: ActingRequest, ref: str, item: str) -> tuple[Partnership, AgendaItem]:
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.item_of(request.actor, partnership, item)


def _back(request: ActingRequest, item: AgendaItem) -> HttpResponse:
    """Back to the item, saying why this cannot be done now."""
    messages.info(request, f"It is on record already: {item.get_state_display().lower()}.")
    return redirect(presenters.address(request.actor, item))


def _page(request: ActingRequest, partnership: Partnership, item: AgendaItem) -> dict[str, Any]:
    actor = request.actor
    may_record = permissions.can(actor, Permission.RECORD_AGENDA_STEP, item)
    return {
        "partnership": partnership,
        "item": item,
        "gateway": item.gateway,
        "status": presenters.state_tag(item),
        "meeting": presenters.meeting_words(item),
        "due": presenters.due_words(item),
        "taken": presenters.taken(item),
        "steps": [
            (presenters.STEP_WORDS[each][0], f"agenda-item-{each}")
            for each in (presenters.next_steps(item) if may_record else [])
        ],
        "may_change": item.is_open and permissions.can(actor, Permission.CHANGE_AGENDA_ITEM, item),
        "is_author": item.author_organisation_id == actor.organisation_id,
        "told": told_table(told, presenters.MESSAGES)
        if (told := told_of(item.ref, "agenda_"))
        else None,
        "reminders": (coming := presenters.reminder_days(item)),
        "reminded": [each.email for each in people_to_tell(item)] if coming else [],
    }
