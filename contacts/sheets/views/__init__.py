"""Pages of sheets, for a region's admins; nobody else learns that there are any."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from contacts.models import Region
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.permissions import Permission


def region_of(request: ActingRequest, slug: str) -> Region:
    """The region that the person manages. Raises Hidden for anybody else."""
    region: Region = get_object_or_404(Region.objects.select_related("icb"), slug=slug)
    permissions.hide_unless(request.actor, Permission.MANAGE_REGION, region)
    return region
