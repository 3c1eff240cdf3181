"""Requests for contact details, for whoever manages the region."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contacts.directory import presenters, reaching, services
from contacts.directory.record_forms import DecideRequestForm
from contacts.keeping.views.pages import carry_out, region_for
from organisations.actor import ActingRequest
from organisations.forms import data_for


@require_safe
def waiting(request: ActingRequest, slug: str) -> HttpResponse:
    """Who asked how to reach whom: first those who wait."""
    region = region_for(request, slug)
    table = presenters.requests(region, reaching.requests_in(region))
    return render(request, "regions/requests.jinja", {"region": region, "table": table})


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Give the contact details to the organisation that asks, or refuse."""
    region = region_for(request, slug)
    it = reaching.request_of(region, ref)
    form = DecideRequestForm(data_for(request), actor=request.actor)
    back = reverse("details-requests", args=[slug])

    def work() -> str:
        services.decide_request(
            by=request.actor,
            request=it,
            approve=form.cleaned_data["decision"] == "give",
            answer=form.cleaned_data["answer"],
        )
        return back

    context = {"region": region, "it": it, "back": back}
    return carry_out(
        request, form, work, "regions/request.jinja", context, done="They are told by email"
    )
