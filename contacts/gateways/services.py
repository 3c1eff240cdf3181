"""Writes about gateways, by whoever manages the region, or one that the place lies in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.directory_services import require_place
from contacts.models import Gateway, GatewayMeeting, GatewayType, Place, PlaceRegion, Region
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission

DETAILS = (
    "name",
    "host",
    "about",
    "how_to_reach",
    "opening",
    "meets",
    "website",
    "email",
    "telephone",
    "address",
    "postcode",
    "source",
)
MOST_MEETINGS = 60


@transaction.atomic
def add_gateway(
    *, by: Actor, region: Region, type: GatewayType, place: Place | None = None, **details: Any
) -> Gateway:
    """Add a gateway of a region, or of a place in it, with its details (DETAILS).

    Raises ValidationError, keyed by field, for a place outside the region; TypeError for a
    field it does not know.
    """
    permissions.require(by, Permission.MANAGE_REGION, region)
    _know(details)
    require_place(place, region)
    now = timezone.now()
    gateway = Gateway.objects.create(
        type=type,
        place=place,
        region=None if place else region,
        described_at=now,
        checked_at=now,
        checked_by_id=by.user_id,
        **details,
    )
    audit.record("gateway added", by=by, obj=gateway, changes={"region": [None, region.pk]})
    return gateway


@transaction.atomic
def change_gateway(*, by: Actor, region: Region, gateway: Gateway, **details: Any) -> Gateway:
    """Change any of DETAILS; all of it counts as checked today, and as described from now on.

    Raises ValidationError for one that has ended; TypeError for a field it does not know.
    """
    _require(by, region, gateway)
    _know(details)
    changed = [name for name in details if getattr(gateway, name) != details[name]]
    for name in changed:
        setattr(gateway, name, details[name])
    gateway.checked_at, gateway.checked_by_id = timezone.now(), by.user_id
    gateway.described_at = gateway.described_at or gateway.checked_at
    gateway.save(update_fields=[*changed, "checked_at", "checked_by", "described_at"])
    audit.record("gateway described", by=by, obj=gateway, changes={"fields": changed})
    return gateway


@transaction.atomic
def end_gateway(*, by: Actor, region: Region, gateway: Gateway) -> None:
    """Record that a gateway is no longer there. What it was is kept."""
    _require(by, region, gateway)
    gateway.ended_on = timezone.localdate()
    gateway.save(update_fields=["ended_on"])
    audit.record("gateway ended", by=by, obj=gateway)


@transaction.atomic
def add_meetings(
    *,
    by: Actor,
    region: Region,
    gateway: Gateway,
    meetings: Collection[tuple[date, date | None]],
) -> int:
    """Record days on which a gateway meets, each with the last day for papers; says how many.

    A day that is known already keeps its place and takes the new last day. Raises
    ValidationError, keyed `dates`, for days that are over, papers due after the meeting, or
    more than MOST_MEETINGS.
    """
    _require(by, region, gateway)
    if not meetings:
        raise ValidationError({"dates": "Enter at least one date"})
    if len(meetings) > MOST_MEETINGS:
        raise ValidationError({"dates": f"Enter at most {MOST_MEETINGS} dates at a time"})
    for meets_on, papers in meetings:
        if meets_on < timezone.localdate():
            raise ValidationError({"dates": f"{meets_on:%-d %B %Y} is over already"})
        if papers is not None and papers > meets_on:
            raise ValidationError({"dates": "Papers are due before the meeting, not after it"})
        meeting, is_new = GatewayMeeting.objects.get_or_create(
            gateway=gateway, meets_on=meets_on, defaults={"papers_due_on": papers}
        )
        if not is_new:
            meeting.papers_due_on, meeting.cancelled_at = papers, None
            meeting.save(update_fields=["papers_due_on", "cancelled_at"])
    audit.record(
        "gateway meetings recorded",
        by=by,
        obj=gateway,
        changes={"meetings": [None, len(meetings)]},
    )
    return len(meetings)


@transaction.atomic
def cancel_meeting(*, by: Actor, region: Region, meeting: GatewayMeeting) -> None:
    """Say that a meeting does not take place. Again: does nothing."""
    _require(by, region, meeting.gateway)
    if meeting.cancelled_at is not None:
        return
    meeting.cancelled_at = timezone.now()
    meeting.save(update_fields=["cancelled_at"])
    audit.record("gateway meeting cancelled", by=by, obj=meeting)


def _require(by: Actor, region: Region, gateway: Gateway) -> None:
    permissions.require(by, Permission.MANAGE_REGION, region)
    inside = gateway.region_id == region.pk or (
        gateway.place_id is not None
        and PlaceRegion.objects.filter(region=region, place=gateway.place_id).exists()
    )
    if not inside or gateway.ended_on is not None:
        raise ValidationError("This gateway is not one of the region’s any more")


def _know(details: Collection[str]) -> None:
    if unknown := set(details) - set(DETAILS):
        raise TypeError(f"a gateway has no {sorted(unknown)}")
