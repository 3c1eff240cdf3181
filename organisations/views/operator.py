"""The operator's pages: requests to speak for an organisation. Nobody else sees they exist."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organisations import address_check, permissions, selectors, services
from organisations.actor import ActingRequest
from organisations.address_check import AddressMatch
from organisations.forms import data_for
from organisations.joining.asking_forms import DecisionForm
from organisations.models import JoiningRequest, Role
from organisations.permissions import Permission
from organisations.selectors import Waiting
from organisations.signing_in import freshness
from organisations.support.selectors import running_sessions

MATCH_WORDS = {
    AddressMatch.SAME: "The same domain as the organisation’s website",
    AddressMatch.ALIKE: "Not the domain of the organisation’s website, though it looks like it",
    AddressMatch.NHS: "An NHS.net address: somebody in the NHS, in no particular organisation",
    AddressMatch.DIFFERENT: "Not the domain of the organisation’s website",
    AddressMatch.UNKNOWN: "We know no website of the organisation to compare it with",
}


@require_safe
def waiting_list(request: ActingRequest) -> HttpResponse:
    """What waits for a decision, oldest first, and what was decided lately."""
    permissions.hide_unless(request.actor, Permission.DECIDE_JOINING)
    return render(
        request,
        "operator/waiting_list.jinja",
        {
            "waiting": selectors.waiting_requests(),
            "decisions": selectors.recent_decisions(),
            "running": running_sessions(request.actor),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide_joining(request: ActingRequest, ref: str) -> HttpResponse:
    """One request with everything that helps to check it, and the decision."""
    permissions.hide_unless(request.actor, Permission.DECIDE_JOINING)
    waiting = selectors.waiting_request(ref)
    if waiting is None:
        raise Http404("no such request")
    freshness.require(request)
    form = DecisionForm(data_for(request), actor=request.actor, first_person=waiting.people == 0)
    if request.method == "POST" and form.is_valid():
        joining = waiting.joining
        done = form.carry_out(lambda: _decide(form, joining))
        if done:
            messages.success(request, _what_was_done(form, joining))
            return redirect(done)
        waiting = selectors.waiting_request(ref) or waiting
    return _page(request, form, waiting)


def _decide(form: DecisionForm, joining: JoiningRequest) -> str:
    services.decide_joining(
        request=joining,
        by=form.actor,
        approve=form.approves,
        note=form.cleaned_data["checked" if form.approves else "reason"],
        role=Role(form.cleaned_data["role"] or Role.VIEWER),
    )
    return reverse("operator")


def _what_was_done(form: DecisionForm, joining: JoiningRequest) -> str:
    if form.approves:
        return f"{joining.user} now speaks for {joining.organisation}"
    return f"You declined the request of {joining.user} for {joining.organisation}"


def _page(request: ActingRequest, form: DecisionForm, waiting: Waiting) -> HttpResponse:
    joining = waiting.joining
    website = joining.organisation.website
    match = address_check.compare(joining.user.email, website)
    return render(
        request,
        "operator/decide_joining.jinja",
        {
            "form": form,
            "joining": joining,
            "people": selectors.people_of(joining.organisation),
            "others": selectors.other_requests(joining),
            "match": match,
            "match_words": MATCH_WORDS[match],
            "domain": address_check.domain_of(website),
        },
    )
