"""Who belongs to the organisation: the list, roles, removing somebody, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from frontend.lists import Row, pagination
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.models import Membership
from organisations.people import handover, presenters, selectors, services
from organisations.people.forms import HandOverForm, RoleForm
from organisations.people.words import ROLE_HINTS, with_article
from organisations.permissions import Permission
from organisations.signing_in import freshness


@require_safe
def people(request: ActingRequest) -> HttpResponse:
    """Everyone who belongs; for managers also who has been invited, and what can be done."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_PEOPLE)
    manages = permissions.can(actor, Permission.MANAGE_PEOPLE)
    page = selectors.page_of_people(actor, request.GET.get("page"))
    invitations = selectors.open_invitations(actor) if manages else []
    mails = selectors.mail_of(actor, invitations)
    return render(
        request,
        "people/people.jinja",
        {
            "total": page.paginator.count,
            "people": presenters.people_table(actor, page, manages=manages),
            "pages": pagination(page, request.GET),
            "manages": manages,
            "invitations": presenters.invitations_table(actor, invitations, mails)
            if invitations
            else None,
            "role_rows": [Row(str(role.label), hint) for role, hint in ROLE_HINTS.items()],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request: ActingRequest, person: str) -> HttpResponse:
    """Another role for somebody; the last manager stays one."""
    permissions.require(request.actor, Permission.MANAGE_PEOPLE)
    membership = selectors.person_at(request.actor, person)
    freshness.require(request)
    oneself = membership.user_id == request.actor.user_id
    form = RoleForm(
        data_for(request),
        actor=request.actor,
        oneself=oneself,
        initial={"role": membership.role},
    )

    def work() -> str:
        services.change_role(
            by=request.actor, membership=membership, role=form.cleaned_data["role"]
        )
        return page_of(request.actor, "people")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, _now(request, membership, form.cleaned_data["role"]))
        return redirect(url)
    context = {
        "form": form,
        "membership": membership,
        "oneself": oneself,
        "last_manager": selectors.is_last_manager(request.actor, membership),
    }
    return render(request, "people/role.jinja", context)


def _now(request: ActingRequest, membership: Membership, role: str) -> str:
    who = "You are" if membership.user_id == request.actor.user_id else f"{membership.user} is"
    return f"{who} now {with_article(role)}"


@require_http_methods(["GET", "HEAD", "POST"])
def remove_person(request: ActingRequest, person: str) -> HttpResponse:
    """Remove somebody, once it is said what becomes of what they leave behind."""
    permissions.require(request.actor, Permission.MANAGE_PEOPLE)
    membership = selectors.person_at(request.actor, person)
    if membership.user_id == request.actor.user_id:
        return redirect(page_of(request.actor, "leave"))
    freshness.require(request)

    def remove(form: HandOverForm) -> str:
        services.remove_person(by=request.actor, membership=membership, **_taking_over(form))
        return page_of(request.actor, "people")

    assert request.actor.organisation is not None
    done = f"{membership.user} no longer belongs to {request.actor.organisation.name}"
    return _end(request, membership, remove, done, "people/remove.jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActingRequest) -> HttpResponse:
    """Leave the organisation oneself; the last manager cannot."""
    permissions.require(request.actor, Permission.SEE_PEOPLE)
    membership = selectors.own_membership(request.actor)

    def go(form: HandOverForm) -> str:
        services.leave(by=request.actor, **_taking_over(form))
        return reverse("my-organisations")

    assert request.actor.organisation is not None
    done = f"You have left {request.actor.organisation.name}"
    return _end(request, membership, go, done, "people/leave.jinja")


def _end(
    request: ActingRequest,
    membership: Membership,
    work: Callable[[HandOverForm], str],
    done: str,
    template: str,
) -> HttpResponse:
    left = handover.left_by(request.actor, membership.user)
    moving = [each for each in left if each.moves]
    successors = selectors.successors_of(request.actor, membership) if moving else []
    form = HandOverForm(
        data_for(request),
        actor=request.actor,
        successors=successors,
        asks_job_title=any(each.kind.asks_job_title for each in moving),
    )
    if request.method == "POST" and form.is_valid() and (url := form.carry_out(lambda: work(form))):
        messages.success(request, done)
        return redirect(url)
    context = {
        "form": form,
        "membership": membership,
        "left": presenters.left_table(left, taken_over=bool(successors)) if left else None,
        "asks": bool(successors),
        "last_manager": selectors.is_last_manager(request.actor, membership),
    }
    return render(request, template, context)


def _taking_over(form: HandOverForm) -> dict[str, Any]:
    return {
        "successor": form.chosen,
        "job_title": form.cleaned_data.get("job_title", ""),
    }
