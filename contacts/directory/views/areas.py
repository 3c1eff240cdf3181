"""Pages of areas and of their gateways."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contacts.directory import areas, presenters, sections, selectors
from contacts.models import Place, Region
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.permissions import Permission


@require_safe
def region(request: ActingRequest, region: str) -> HttpResponse:
    """A region: its gateways, who is recorded in which role, its places."""
    permissions.require(request.actor, Permission.SEARCH_DIRECTORY)
    it: Region = get_object_or_404(Region.objects.select_related("icb"), slug=region)
    area = areas.of_region(it)
    context = {
        "title": it.name,
        "kind": "Region",
        "about": f"The area of {it.icb.name} (NHS region: {it.nhs_region}).",
        "area": area,
        "facts": presenters.completeness(area),
        "gateways": presenters.gateways(request.actor, area.gateways, area=False),
        "coverage": presenters.coverage(request.actor, area, {"region": it.slug}),
        "vacant": presenters.vacant(area),
        "people_page": presenters.search_page(request.actor, kind="people", region=it.slug),
        "parts": presenters.parts(request.actor, areas.parts_of(it)),
    }
    return render(request, "directory/area.jinja", context)


@require_safe
def place(request: ActingRequest, council: str) -> HttpResponse:
    """A place: its gateways, and who is recorded in which role."""
    permissions.require(request.actor, Permission.SEARCH_DIRECTORY)
    it: Place = get_object_or_404(Place.objects.select_related("council"), council__slug=council)
    area = areas.of_place(it)
    context = {
        "title": it.name,
        "kind": "Place",
        "about": f"The area of {it.council.name}.",
        "area": area,
        "facts": presenters.completeness(area),
        "gateways": presenters.gateways(request.actor, area.gateways, area=False),
        "coverage": presenters.coverage(request.actor, area, {"place": it.council.slug}),
        "vacant": presenters.vacant(area),
        "people_page": presenters.search_page(request.actor, kind="people", place=it.council.slug),
        "regions": [
            (each.name, presenters.area_page(request.actor, each)) for each in areas.regions_of(it)
        ],
    }
    return render(request, "directory/area.jinja", context)


@require_safe
def gateway(request: ActingRequest, ref: str) -> HttpResponse:
    """A gateway: what it is for, how to reach it, when it meets."""
    permissions.require(request.actor, Permission.SEARCH_DIRECTORY)
    it = selectors.gateway_of(ref)
    if it is None:
        raise Http404("no such gateway, or it has ended")
    context = {
        "gateway": it,
        "name": presenters.gateway_name(it),
        "area_page": presenters.area_page(request.actor, it.area),
        "facts": presenters.gateway_facts(it),
        "meetings": presenters.meetings(it),
        "sections": sections.of_gateway.of(request.actor, it),
    }
    return render(request, "directory/gateway.jinja", context)
