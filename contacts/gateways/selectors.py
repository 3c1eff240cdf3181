"""Reads about gateways, for whoever manages their area."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from contacts.models import Gateway, GatewayMeeting, PlaceRegion, Region


def of_region(region: Region) -> QuerySet[Gateway]:
    """The gateways of a region and of the places in it, those without details first."""
    places = PlaceRegion.objects.filter(region=region).values("place")
    found = Gateway.objects.filter(Q(region=region) | Q(place__in=places), ended_on=None)
    return found.select_related("type", "place", "region", "host").order_by(
        F("described_at").asc(nulls_first=True), "place__name", "type__name", "pk"
    )


def one_of(region: Region, ref: str) -> Gateway | None:
    """A gateway of a region or of a place in it."""
    return of_region(region).filter(ref=ref).first()


def meetings_of(gateway: Gateway) -> list[GatewayMeeting]:
    """When a gateway meets from today on, cancelled ones too."""
    coming = GatewayMeeting.objects.filter(gateway=gateway, meets_on__gte=timezone.localdate())
    return list(coming.order_by("meets_on"))


def meeting_of(gateway: Gateway, ref: str) -> GatewayMeeting | None:
    """A meeting to come that is not cancelled."""
    found = GatewayMeeting.objects.filter(gateway=gateway, ref=ref, cancelled_at=None)
    return found.filter(meets_on__gte=timezone.localdate()).first()
