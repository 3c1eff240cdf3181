"""Reads about regions: who manages them, what lies in them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from contacts.grants import live
from contacts.models import PlaceRegion, Region, RegionGrant


def all_with_admins() -> list[Region]:
    """Every region with its `admins`: the grants that live. For operators; two queries."""
    theirs = Prefetch("grants", queryset=_grants().filter(live()), to_attr="admins")
    regions = Region.objects.select_related("icb").prefetch_related(theirs)
    return list(regions.order_by("name"))


def grants_on(region: Region) -> tuple[list[RegionGrant], list[RegionGrant]]:
    """Who manages a region, and who did: what one reader may see of it."""
    grants = _grants().filter(content_object=region)
    return list(grants.filter(live())), list(grants.exclude(live()).order_by("-given_at"))


def grant_on(region: Region, grant_id: int) -> RegionGrant | None:
    """One that was not taken away yet."""
    return _grants().filter(content_object=region, pk=grant_id, ended_at=None).first()


def fellow_admins(region: Region, *, besides: int) -> list[RegionGrant]:
    """Who manages a region beside one person."""
    return list(_grants().filter(live(), content_object=region).exclude(user_id=besides))


def places_in(region: Region) -> list[PlaceRegion]:
    """The places that lie in a region, or a part of which does, by name; one query."""
    shares = PlaceRegion.objects.filter(region=region).select_related("place__council")
    return list(shares.order_by("place__name"))


def _grants() -> QuerySet[RegionGrant]:
    return RegionGrant.objects.select_related("user", "given_by", "ended_by").order_by(
        "given_at", "pk"
    )
