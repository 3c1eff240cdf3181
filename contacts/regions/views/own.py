"""The regions that somebody manages, in their own name, and the page of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contacts.grants import regions_managed_by
from contacts.models import Region
from contacts.regions import sections
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.permissions import Permission


@require_safe
def my_regions(request: ActingRequest) -> HttpResponse:
    """Every region that the person manages."""
    return render(request, "regions/mine.jinja", {"regions": regions_managed_by(request.actor)})


@require_safe
def region(request: ActingRequest, slug: str) -> HttpResponse:
    """One region, for whoever manages it; nobody else learns that it has a page."""
    it = get_object_or_404(Region.objects.select_related("icb"), slug=slug)
    permissions.hide_unless(request.actor, Permission.MANAGE_REGION, it)
    context = {"region": it, "sections": sections.of(request.actor, it)}
    return render(request, "regions/region.jinja", context)
