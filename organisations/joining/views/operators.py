"""Operators' pages about an organisation: the domains they trust for it, suspension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.joining import domains, selectors, suspending
from organisations.joining.forms import ReinstateForm, SuspendForm, TrustForm
from organisations.models import Organisation, ReorganisationState
from organisations.permissions import Permission
from organisations.reorganising.kinds import in_short
from organisations.reorganising.selectors import chain_of, change_ahead, reorganisations_of
from organisations.reorganising.words import sentence
from organisations.signing_in import freshness
from organisations.support import selectors as support


@require_safe
def organisations(request: ActingRequest) -> HttpResponse:
    """Find an organisation: without words, those that are or were open."""
    permissions.hide_unless(request.actor, Permission.DECIDE_JOINING)
    words = request.GET.get("words", "")[:100]
    return render(
        request,
        "operator/organisations.jinja",
        {"words": words, "found": selectors.find_organisations(words)},
    )


@require_safe
def organisation(request: ActingRequest, slug: str) -> HttpResponse:
    """One organisation's standing, and what an operator may do about it. None of its records."""
    permissions.hide_unless(request.actor, Permission.DECIDE_JOINING)
    it = get_object_or_404(Organisation, slug=slug)
    ahead, chain, prepared = change_ahead(it), chain_of(it), reorganisations_of(it)
    return render(
        request,
        "operator/organisation.jinja",
        {
            "organisation": it,
            "people": selectors.number_of_people(it),
            "domains": selectors.trusted_domains(it),
            "suspensions": selectors.suspensions(it),
            "sessions": support.sessions_with(it),
            "chain": chain,
            "in_short": in_short,
            "ahead": ahead,
            "reorganisations": prepared,
            "may_open_reorganisation": bool(chain.after)
            and not any(each.state != ReorganisationState.CALLED_OFF for each in prepared),
            "what_is_ahead": sentence(ahead, it.name) if ahead else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def trust_domain(request: ActingRequest, slug: str) -> HttpResponse:
    """Trust a domain for an organisation."""
    permissions.hide_unless(request.actor, Permission.TRUST_DOMAIN)
    it = get_object_or_404(Organisation, slug=slug)
    freshness.require(request)
    form = TrustForm(data_for(request), actor=request.actor)

    def work() -> None:
        answers = {name: form.cleaned_data[name] for name in ("domain", "note", "shared")}
        domains.trust(by=request.actor, organisation=it, **answers)

    return _form(request, it, form, work, "operator/trust_domain.jinja", "Domain trusted")


@require_http_methods(["GET", "HEAD", "POST"])
def distrust_domain(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Trust a domain no longer."""
    permissions.hide_unless(request.actor, Permission.TRUST_DOMAIN)
    it = get_object_or_404(Organisation, slug=slug)
    trusted = selectors.trusted_domain(it, ref)
    if trusted is None:
        raise Http404("no such domain")

    def work() -> None:
        domains.distrust(by=request.actor, trusted=trusted)

    form = RecordForm(data_for(request), actor=request.actor)
    page = "operator/distrust_domain.jinja"
    done = f"{trusted.domain} is no longer trusted"
    return _form(request, it, form, work, page, done, trusted=trusted)


@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: ActingRequest, slug: str) -> HttpResponse:
    """Freeze an organisation at once."""
    permissions.hide_unless(request.actor, Permission.SUSPEND_ORGANISATION)
    it = get_object_or_404(Organisation, slug=slug)
    form = SuspendForm(data_for(request), actor=request.actor)

    def work() -> None:
        suspending.suspend(by=request.actor, organisation=it, reason=form.cleaned_data["reason"])

    return _form(request, it, form, work, "operator/suspend.jinja", f"{it} is suspended")


@require_http_methods(["GET", "HEAD", "POST"])
def reinstate(request: ActingRequest, slug: str) -> HttpResponse:
    """Open a suspended organisation again."""
    permissions.hide_unless(request.actor, Permission.SUSPEND_ORGANISATION)
    it = get_object_or_404(Organisation, slug=slug)
    freshness.require(request)
    form = ReinstateForm(data_for(request), actor=request.actor)

    def work() -> None:
        suspending.reinstate(by=request.actor, organisation=it, note=form.cleaned_data["note"])

    return _form(request, it, form, work, "operator/reinstate.jinja", f"{it} is open again")


def _form(
    request: ActingRequest,
    it: Organisation,
    form: RecordForm,
    work: Callable[[], None],
    template: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    page = reverse("operator-organisation", args=[it.slug])

    def carried_out() -> str:
        work()
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(carried_out)):
        messages.success(request, done)
        return redirect(url)
    return render(request, template, {"form": form, "organisation": it, "back": page, **more})
