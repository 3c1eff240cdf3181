"""Pages of reflections: those on an initiative, adding one, taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.plans.models import Initiative
from initiatives.plans.selectors import initiative_of
from initiatives.reflections import selectors, services
from initiatives.reflections.forms import ReflectionForm
from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def reflections(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """All reflections on an initiative, the latest first."""
    actor = request.actor
    found = _found(request, ref, initiative)
    page = selectors.reflections_of(actor, found, request.GET.get("page"))
    if any(each.author_organisation_id != actor.organisation_id for each in page):
        audit.record("reflections seen", by=actor, obj=found)
    may_take_back = permissions.Permission.TAKE_REFLECTION_BACK
    context = {
        "partnership": found.partnership,
        "initiative": found,
        "page": page,
        "mine": {each.ref for each in page if permissions.can(actor, may_take_back, each)},
        "may_reflect": permissions.can(actor, Permission.REFLECT, found),
    }
    return render(request, "reflections/list.jinja", context)


@require_http_methods(FORM_METHODS)
def add(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Reflect on an initiative."""
    found = _found(request, ref, initiative)
    permissions.require(request.actor, Permission.REFLECT, found)
    form = ReflectionForm(
        data_for(request),
        actor=request.actor,
        term=selectors.term_for(request.actor, found.partnership),
        milestones=selectors.milestones_of(request.actor, found),
        about=request.GET.get("about", ""),
    )

    def work() -> str:
        services.reflect(by=request.actor, initiative=found, **form.values())
        return _list(request, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Reflection added")
        return redirect(url)
    context = {"form": form, "partnership": found.partnership, "initiative": found}
    return render(request, "reflections/add.jinja", context)


@require_http_methods(FORM_METHODS)
def take_back(request: ActingRequest, ref: str, initiative: str, reflection: str) -> HttpResponse:
    """Take one back, after saying what that means."""
    found = _found(request, ref, initiative)
    one = selectors.reflection_of(request.actor, found, reflection)
    permissions.require(request.actor, Permission.TAKE_REFLECTION_BACK, one)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.take_reflection_back(by=request.actor, reflection=one)
        return _list(request, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Reflection taken back")
        return redirect(url)
    if one.withdrawn_at is not None:
        messages.info(request, "This reflection has been taken back already.")
        return redirect(_list(request, found))
    context = {"form": form, "partnership": found.partnership, "initiative": found, "one": one}
    return render(request, "reflections/take_back.jinja", context)


def _found(request: ActingRequest, ref: str, initiative: str) -> Initiative:
    return initiative_of(request.actor, partnership_of(request.actor, ref), initiative)


def _list(request: ActingRequest, initiative: Initiative) -> str:
    place = {"ref": initiative.partnership.ref, "initiative": initiative.ref}
    return page_of(request.actor, "reflections", **place)
