"""The gateways of a region, for whoever manages it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contacts.gateways import presenters, selectors, services
from contacts.gateways.forms import GatewayForm, MeetingsForm, NewGatewayForm, initial_of
from contacts.keeping.views.pages import carry_out, region_for
from contacts.models import Gateway, Region
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for

PER_PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


def _gateway(region: Region, ref: str) -> Gateway:
    found = selectors.one_of(region, ref)
    if found is None:
        raise Http404("no such gateway in this region")
    return found


def _page(region: Region, gateway: Gateway) -> str:
    return reverse("region-gateway", args=[region.slug, gateway.ref])


@require_safe
def gateways(request: ActingRequest, slug: str) -> HttpResponse:
    """All of them, those that wait for details first."""
    region = region_for(request, slug)
    page = Paginator(selectors.of_region(region), PER_PAGE).get_page(request.GET.get("page"))
    table = presenters.gateways_table(region, page.object_list)
    context = {"region": region, "page": page, "table": table}
    return render(request, "regions/gateways.jinja", context)


@require_safe
def gateway(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """One gateway: what is published of it, and when it meets."""
    region = region_for(request, slug)
    it = _gateway(region, ref)
    meetings = selectors.meetings_of(it)
    context = {
        "region": region,
        "gateway": it,
        "facts": presenters.facts_of(it),
        "meetings": presenters.meetings_table(region, it, meetings) if meetings else None,
    }
    return render(request, "regions/gateway.jinja", context)


@require_http_methods(FORM_METHODS)
def add(request: ActingRequest, slug: str) -> HttpResponse:
    """Add a gateway of any kind."""
    region = region_for(request, slug)
    form = NewGatewayForm(data_for(request), actor=request.actor, region=region)

    def work() -> str:
        chosen: dict[str, Any] = {name: form.cleaned_data[name] for name in ("type", "place")}
        return _page(
            region,
            services.add_gateway(by=request.actor, region=region, **chosen, **form.details),
        )

    context = {"region": region}
    return carry_out(
        request, form, work, "regions/add_gateway.jinja", context, done="Gateway added"
    )


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Describe a gateway, or change what is said of it."""
    region = region_for(request, slug)
    it = _gateway(region, ref)
    form = GatewayForm(data_for(request), actor=request.actor, initial=initial_of(it))
    page = _page(region, it)

    def work() -> str:
        services.change_gateway(by=request.actor, region=region, gateway=it, **form.details)
        return page

    context = {"region": region, "gateway": it, "back": page}
    return carry_out(
        request, form, work, "regions/change_gateway.jinja", context, done="Details saved"
    )


@require_http_methods(FORM_METHODS)
def end(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Record that a gateway is no longer there."""
    region = region_for(request, slug)
    it = _gateway(region, ref)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.end_gateway(by=request.actor, region=region, gateway=it)
        return reverse("region-gateways", args=[slug])

    context = {"region": region, "gateway": it, "back": _page(region, it)}
    return carry_out(
        request, form, work, "regions/end_gateway.jinja", context, done="Recorded as ended"
    )


@require_http_methods(FORM_METHODS)
def meetings(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Record when a gateway meets, several dates at once."""
    region = region_for(request, slug)
    it = _gateway(region, ref)
    form = MeetingsForm(data_for(request), actor=request.actor)
    page = _page(region, it)

    def work() -> str:
        services.add_meetings(by=request.actor, region=region, gateway=it, meetings=form.meetings)
        return page

    context = {"region": region, "gateway": it, "back": page}
    return carry_out(
        request, form, work, "regions/meetings.jinja", context, done="Meetings recorded"
    )


@require_http_methods(FORM_METHODS)
def cancel_meeting(request: ActingRequest, slug: str, ref: str, meeting: str) -> HttpResponse:
    """Say that a meeting does not take place."""
    region = region_for(request, slug)
    it = _gateway(region, ref)
    held = selectors.meeting_of(it, meeting)
    if held is None:
        raise Http404("no such meeting to come")
    form = RecordForm(data_for(request), actor=request.actor)
    page = _page(region, it)

    def work() -> str:
        services.cancel_meeting(by=request.actor, region=region, meeting=held)
        return page

    context = {"region": region, "gateway": it, "meeting": held, "back": page}
    return carry_out(
        request, form, work, "regions/cancel_meeting.jinja", context, done="Meeting cancelled"
    )
