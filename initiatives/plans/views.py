"""Pages of initiatives: the list, starting one, changing it, its plan, its leads, copying it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.plans import presenters, selectors, services
from initiatives.plans.forms import (
    NOBODY,
    ChangeForm,
    ChangeLineForm,
    DecisionForm,
    LeadForm,
    LineForm,
    OutlineForm,
    StageForm,
    WhereForm,
    outline_of,
)
from initiatives.plans.library import templates, templates_by_strand
from initiatives.plans.models import Initiative, LineKind, Stage
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.forms import RecordForm, data_for
from organisations.models import Organisation, Sector
from organisations.permissions import Permission
from partnerships.actions.owners import Owner
from partnerships.record.models import MemberState, Partnership
from partnerships.record.selectors import (
    members_of,
    partnership_of,
    recent_partnerships,
    schools_in,
)

FORM_METHODS = ["GET", "HEAD", "POST"]
# In place of a template's key: start from nothing.
BLANK = "blank"
# So many partnerships are offered to copy an initiative into.
MOST_PARTNERSHIPS = 100


@require_safe
def initiatives(request: ActingRequest, ref: str) -> HttpResponse:
    """The initiatives of a partnership, the latest first, or those of one stage."""
    partnership = partnership_of(request.actor, ref)
    stage = request.GET.get("stage", "")
    stage = stage if stage in Stage.values else ""
    page = selectors.initiatives_of(request.actor, partnership, request.GET.get("page"), stage)
    context = {
        "partnership": partnership,
        "page": page,
        "stage": stage,
        "stages": [("", "All"), *Stage.choices],
        "table": presenters.initiatives_table(request.actor, page.object_list),
        "may_start": permissions.can(request.actor, Permission.START_INITIATIVE, partnership),
    }
    return render(request, "plans/list.jinja", context)


@require_safe
def choose_template(request: ActingRequest, ref: str) -> HttpResponse:
    """Start from one of the templates, or from nothing."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.START_INITIATIVE, partnership)
    context = {"partnership": partnership, "strands": templates_by_strand(), "blank": BLANK}
    return render(request, "plans/choose_template.jinja", context)


@require_http_methods(FORM_METHODS)
def start(request: ActingRequest, ref: str, template: str) -> HttpResponse:
    """Start an initiative."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.START_INITIATIVE, partnership)
    chosen = None if template == BLANK else templates().get(template)
    if chosen is None and template != BLANK:
        raise Http404("no such template")
    form = OutlineForm(
        data_for(request),
        actor=request.actor,
        schools=_schools_in(partnership),
        template=chosen,
    )

    def work() -> str:
        made = services.start_initiative(
            by=request.actor,
            partnership=partnership,
            outline=form.outline(),
            template=chosen.key if chosen else "",
        )
        return presenters.address(request.actor, made)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        messages.success(request, "Initiative started")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "template": chosen}
    return render(request, "plans/start.jinja", context)


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Change what it is."""
    partnership, found = _to_change(request, ref, initiative)
    form = ChangeForm(
        data_for(request),
        actor=request.actor,
        schools=_schools_in(partnership, found),
        initiative=found,
    )

    def work() -> str:
        services.change_initiative(
            by=request.actor,
            initiative=found,
            outline=form.outline(),
            based_on=form.cleaned_data["based_on"],
        )
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.goes_ahead(partnership):
        if url := form.carry_out(work):
            messages.success(request, "Initiative changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(found.revision)
    return render(request, "plans/change.jinja", _context(found, form))


@require_http_methods(FORM_METHODS)
def move(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Say how far it has got."""
    _, found = _to_change(request, ref, initiative)
    form = StageForm(data_for(request), actor=request.actor, initial={"stage": found.stage})

    def work() -> None:
        services.move_to_stage(by=request.actor, initiative=found, stage=form.cleaned_data["stage"])

    return _step(request, found, form, work, "Stage saved", "plans/move.jinja")


@require_http_methods(FORM_METHODS)
def decide(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Record what was decided at the end of a pilot."""
    _, found = _to_change(request, ref, initiative)
    if not found.pilot:
        raise Http404("no pilot")
    initial = {"decision": found.decision, "note": found.decision_note}
    form = DecisionForm(data_for(request), actor=request.actor, initial=initial)

    def work() -> None:
        services.decide_on_pilot(
            by=request.actor,
            initiative=found,
            decision=form.cleaned_data["decision"],
            note=form.cleaned_data["note"],
        )

    return _step(request, found, form, work, "Decision recorded", "plans/decide.jinja")


@require_http_methods(FORM_METHODS)
def lead(request: ActingRequest, ref: str, initiative: str, side: str) -> HttpResponse:
    """Say who leads it on one side."""
    partnership, found = _to_change(request, ref, initiative)
    if side not in services.SIDES:
        raise Http404("no such side")
    now = _lead_now(request.actor, found, side)
    owners = services.possible_leads(request.actor, partnership, side)
    if now is not None and now.ids not in [each.ids for each in owners]:
        # Whoever leads it may go on, whether or not they would be offered.
        owners = [now, *owners]
    form = LeadForm(
        data_for(request),
        actor=request.actor,
        side=presenters.SIDES[Sector(side)],
        owners=owners,
        now=now.key if now else NOBODY,
    )

    def work() -> None:
        services.name_lead(by=request.actor, initiative=found, side=side, owner=form.owner)

    return _step(request, found, form, work, "Lead saved", "plans/lead.jinja")


@require_http_methods(FORM_METHODS)
def copy(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Start another one like it, for other schools or another year, here or elsewhere."""
    partnership, found = _found(request, ref, initiative)
    into = _copied_into(request, partnership, found)
    permissions.require(request.actor, Permission.START_INITIATIVE, into)
    schools = _schools_in(into)
    here = {each.pk for each in schools}
    initial = {
        **outline_of(found),
        "schools": [each for each in found.schools if each in here],
        "starts_on": None,
        "ends_on": None,
        "decide_on": None,
    }
    form = OutlineForm(data_for(request), actor=request.actor, schools=schools, initial=initial)

    def work() -> str:
        made = services.copy_initiative(
            by=request.actor, initiative=found, partnership=into, outline=form.outline()
        )
        return presenters.address(request.actor, made)

    if request.method == "POST" and form.goes_ahead(into) and (url := form.carry_out(work)):
        messages.success(request, "Initiative copied")
        return redirect(url)
    where = _choices(request, found)
    context = {
        **_context(found, form),
        "into": into,
        "where": WhereForm(request.GET, choices=where, now=into.ref) if len(where) > 1 else None,
    }
    return render(request, "plans/copy.jinja", context)


@require_http_methods(FORM_METHODS)
def withdraw(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Take it off every page, after saying what that means."""
    partnership, found = _found(request, ref, initiative)
    permissions.require(request.actor, Permission.WITHDRAW_INITIATIVE, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_initiative(by=request.actor, initiative=found)
        return presenters.list_address(request.actor, partnership)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Initiative withdrawn")
        return redirect(url)
    return render(request, "plans/withdraw.jinja", _context(found, form))


@require_http_methods(FORM_METHODS)
def add_line(request: ActingRequest, ref: str, initiative: str, kind: str) -> HttpResponse:
    """Add a milestone, a need or a risk."""
    partnership, found = _to_change(request, ref, initiative)
    if kind not in LineKind.values:
        raise Http404("no such kind of line")
    form = LineForm(data_for(request), actor=request.actor, kind=kind)

    def work() -> str:
        services.add_line(by=request.actor, initiative=found, kind=kind, **form.values())
        return presenters.plan_address(request.actor, found)

    label = LineKind(kind).label
    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        messages.success(request, f"{label} added")
        return redirect(url)
    context = {**_context(found, form), "title": f"Add a {label.lower()}"}
    return render(request, "plans/line.jinja", context)


@require_http_methods(FORM_METHODS)
def change_line(request: ActingRequest, ref: str, initiative: str, line: str) -> HttpResponse:
    """Change a line of the plan, or say what became of it."""
    partnership, found = _to_change(request, ref, initiative)
    row = selectors.line_of(request.actor, found, line)
    form = ChangeLineForm(data_for(request), actor=request.actor, line=row)

    def work() -> str:
        services.change_line(by=request.actor, line=row, **form.values())
        return presenters.plan_address(request.actor, found)

    label = LineKind(row.kind).label
    if request.method == "POST" and form.goes_ahead(partnership):
        if url := form.carry_out(work):
            messages.success(request, f"{label} changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(row.revision)
    context = {**_context(found, form), "title": f"Change this {label.lower()}"}
    return render(request, "plans/line.jinja", context)


def _found(request: ActingRequest, ref: str, initiative: str) -> tuple[Partnership, Initiative]:
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.initiative_of(request.actor, partnership, initiative)


def _to_change(request: ActingRequest, ref: str, initiative: str) -> tuple[Partnership, Initiative]:
    partnership, found = _found(request, ref, initiative)
    permissions.require(request.actor, Permission.CHANGE_INITIATIVE, found)
    return partnership, found


def _context(initiative: Initiative, form: Any) -> dict[str, Any]:
    return {"form": form, "partnership": initiative.partnership, "initiative": initiative}


def _step(
    request: ActingRequest,
    initiative: Initiative,
    form: RecordForm,
    service: Callable[[], None],
    said: str,
    template: str,
) -> HttpResponse:
    """A form about an initiative that leads back to its page."""

    def work() -> str:
        service()
        return presenters.address(request.actor, initiative)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, said)
        return redirect(url)
    return render(request, template, _context(initiative, form))


def _schools_in(
    partnership: Partnership, initiative: Initiative | None = None
) -> list[Organisation]:
    """The schools that the members bring, by name, and those that were chosen before."""
    members = [each for each in members_of(partnership) if each.state == MemberState.ACCEPTED]
    found = {school.pk: school for each in schools_in(members) for school in each.schools}
    if initiative is not None:
        found.update({each.pk: each for each in selectors.schools_at(initiative)})
    return sorted(found.values(), key=lambda each: (each.name, each.pk))


def _lead_now(actor: Actor, initiative: Initiative, side: str) -> Owner | None:
    now = next((each for each in initiative.leads.all() if each.side == side), None)
    return None if now is None else services.lead_as_owner(actor, now)


def _choices(request: ActingRequest, initiative: Initiative) -> list[tuple[str, str]]:
    """Where it can be copied to: here, and for whoever looks after it into others too."""
    here = initiative.partnership
    choices = [(here.ref, f"{here.name} (this one)")]
    if initiative.organisation_id == request.actor.organisation_id:
        others = recent_partnerships(request.actor, MOST_PARTNERSHIPS)
        choices += [
            (each.ref, each.name)
            for each in others
            if each.id != here.pk and each.closed_at is None
        ]
    return choices


def _copied_into(
    request: ActingRequest, partnership: Partnership, initiative: Initiative
) -> Partnership:
    """The partnership that the address names; Http404 for one that is not offered."""
    ref = request.GET.get("to") or partnership.ref
    if ref == partnership.ref:
        return partnership
    if initiative.organisation_id != request.actor.organisation_id:
        raise Http404("only who looks after it copies it elsewhere")
    return partnership_of(request.actor, ref)
