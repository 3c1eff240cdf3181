"""Pages of a trust's schools, and of claims."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts.claims import selectors, services
from contacts.claims.forms import DecisionForm, ExtractForm
from contacts.models import OPEN_CLAIMS, Claim, ClaimState
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.models import Kind
from organisations.permissions import Permission

PER_PAGE = 50
page_with_form = require_http_methods(["GET", "HEAD", "POST"])


def _trust(request: ActingRequest, permission: Permission) -> str:
    """The acting trust's slug; anything else than a trust has no such page."""
    permissions.require(request.actor, permission)
    acting = request.actor.organisation
    if acting is None or acting.kind != Kind.SCHOOL_TRUST:
        raise Http404
    return acting.slug


@never_cache
@require_safe
def own_schools(request: ActingRequest) -> HttpResponse:
    """The schools that are shown in the trust, and how to claim others."""
    _trust(request, Permission.SEE_RECORDS)
    page = Paginator(selectors.own_schools(request.actor), PER_PAGE)
    manages = permissions.can(request.actor, Permission.CLAIM_SCHOOLS)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "manages": manages,
        "open": selectors.open_claim(request.actor),
        "decided": selectors.last_decided(request.actor),
    }
    return render(request, "claims/own_schools.jinja", context)


@never_cache
@page_with_form
def claim_schools(request: ActingRequest) -> HttpResponse:
    """Choose the trust's extract."""
    slug = _trust(request, Permission.CLAIM_SCHOOLS)
    files = request.FILES if request.method == "POST" else None
    form = ExtractForm(data_for(request), files=files, actor=request.actor)

    def work() -> str:
        made = services.draft_claim(by=request.actor, upload=form.cleaned_data["extract"])
        return reverse("claim", args=[slug, made.ref])

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    context = {"form": form, "open": selectors.open_claim(request.actor)}
    return render(request, "claims/claim_schools.jinja", context)


@never_cache
@page_with_form
def claim(request: ActingRequest, ref: str) -> HttpResponse:
    """One claim: to be sent, with the operators, or what they decided."""
    slug = _trust(request, Permission.CLAIM_SCHOOLS)
    found = get_object_or_404(selectors.claims(request.actor), ref=ref)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.send_claim(by=request.actor, claim=found)
        messages.success(request, "Sent to the operators")
        return reverse("claim", args=[slug, ref])

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    page = Paginator(selectors.schools_of(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "claim": found, "page": page, "may_end": found.state in OPEN_CLAIMS}
    return render(request, "claims/claim.jinja", context)


@never_cache
@page_with_form
def withdraw_claim(request: ActingRequest, ref: str) -> HttpResponse:
    """Take a claim back."""
    slug = _trust(request, Permission.CLAIM_SCHOOLS)
    found: Claim = get_object_or_404(selectors.claims(request.actor), ref=ref)
    if found.state not in OPEN_CLAIMS:
        return redirect("claim", slug, ref)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_claim(by=request.actor, claim=found)
        messages.success(request, "The claim is taken back")
        return reverse("own-schools", args=[slug])

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return render(request, "claims/withdraw.jinja", {"form": form, "claim": found})


@never_cache
@page_with_form
def decide_claim(request: ActingRequest, ref: str) -> HttpResponse:
    """Decide which schools are shown in a trust."""
    permissions.hide_unless(request.actor, Permission.DECIDE_CLAIMS)
    found: Claim = get_object_or_404(selectors.to_decide(), ref=ref, state=ClaimState.SENT)
    schools = list(selectors.schools_of(found))
    form = DecisionForm(data_for(request), actor=request.actor, schools=schools)

    def work() -> str:
        accepted = form.cleaned_data["accepted"]
        services.decide_claim(by=request.actor, claim=found, accepted=accepted)
        said = f"{len(accepted)} of {len(schools)} schools are shown in {found.organisation.name}"
        messages.success(request, said)
        return reverse("operator-official")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return render(request, "operator/decide_claim.jinja", {"form": form, "claim": found})
