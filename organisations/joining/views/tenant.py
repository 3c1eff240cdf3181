"""Pages for an organisation's own people: the terms, what happens next, leaving."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.joining import leaving, opening, terms
from organisations.joining.forms import LeaveForm, TermsForm
from organisations.models import Organisation, Role
from organisations.permissions import Permission
from organisations.signing_in import freshness, second_step


@require_http_methods(["GET", "HEAD", "POST"])
def accept_terms(request: ActingRequest, slug: str) -> HttpResponse:
    """The terms, for a manager to accept; until the first has, the organisation is closed."""
    organisation = get_object_or_404(Organisation, slug=slug)
    if not terms.managed_by(request.actor, organisation):
        raise Http404("no terms for you to accept")
    as_manager = replace(request.actor, role=Role.MANAGER)
    if first := second_step.missing(request, acting_as=as_manager):
        return first
    form = TermsForm(data_for(request), actor=request.actor, initial={"version": terms.CURRENT})

    def work() -> str:
        opened = opening.accept_terms(
            by=request.actor, organisation=organisation, version=form.cleaned_data["version"]
        )
        return reverse("welcome" if opened else "home", args=[organisation.slug])

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return render(
        request,
        "organisations/terms.jinja",
        {
            "form": form,
            "organisation": organisation,
            "version": terms.CURRENT,
            "words": terms.template(),
            "accepted": terms.last_acceptance(organisation.pk),
        },
    )


@require_safe
def welcome(request: ActingRequest) -> HttpResponse:
    """What happens next, once an organisation is open."""
    permissions.require(request.actor, Permission.SEE_RECORDS)
    return render(request, "organisations/welcome.jinja")


@require_safe
def own_organisation(request: ActingRequest) -> HttpResponse:
    """The organisation's standing here: since when, on which terms, and the way out."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    assert actor.organisation_id is not None
    return render(
        request,
        "organisations/own_organisation.jinja",
        {
            "organisation": Organisation.objects.get(pk=actor.organisation_id),
            "accepted": terms.last_acceptance(actor.organisation_id),
            "manages": permissions.can(actor, Permission.LEAVE_TANDEM),
        },
    )


@require_safe
def accepted_terms(request: ActingRequest) -> HttpResponse:
    """The terms in force, for everyone who belongs to the organisation."""
    permissions.require(request.actor, Permission.SEE_RECORDS)
    return render(
        request,
        "organisations/accepted_terms.jinja",
        {"version": terms.CURRENT, "words": terms.template()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActingRequest) -> HttpResponse:
    """Take the organisation out; its name, typed again, is the last step."""
    permissions.require(request.actor, Permission.LEAVE_TANDEM)
    assert request.actor.organisation is not None
    freshness.require(request)
    form = LeaveForm(data_for(request), actor=request.actor)

    def work() -> str:
        leaving.leave(by=request.actor, name=form.cleaned_data["name"])
        return reverse("my-organisations")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"{request.actor.organisation.name} has left Tandem")
        return redirect(url)
    return render(
        request,
        "organisations/leave.jinja",
        {
            "form": form,
            "back": page_of(request.actor, "own-organisation"),
            "ends": leaving.what_would_end(request.actor),
        },
    )
