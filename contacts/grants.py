"""Which regions somebody manages, in their own name: personal grants that operators give."""

from __future__ import annotations

from typing import TypeGuard

from django.db.models import Q
from django.utils import timezone

from contacts.models import Region, RegionGrant
from organisations.actor import Actor

MANAGE = "manage_region"


def live(prefix: str = "") -> Q:
    """What is true of a grant that was not taken away and has not run out."""
    not_over = Q(**{f"{prefix}ends__isnull": True}) | Q(
        **{f"{prefix}ends__gte": timezone.localdate()}
    )
    return Q(**{f"{prefix}ended_at__isnull": True}) & not_over


def regions_managed_by(actor: Actor | None) -> list[Region]:
    """The regions that an actor manages, by name, in one query.

    None for whoever acts for an organisation, or is an operator: a grant is used as oneself.
    """
    if not _as_themselves(actor):
        return []
    held = RegionGrant.objects.filter(live(), user_id=actor.user_id, permission__codename=MANAGE)
    return list(
        Region.objects.filter(pk__in=held.values("content_object"))
        .select_related("icb")
        .order_by("name")
    )


def manages(actor: Actor, region: Region) -> bool:
    """Whether the actor manages this region; `tandem.manages_region` in SQL."""
    return _as_themselves(actor) and holds(actor.user_id, region)


def manages_any(actor: Actor) -> bool:
    """Whether the actor manages any region."""
    return _as_themselves(actor) and holds(actor.user_id)


def holds(user_id: int, region: Region | None = None) -> bool:
    """Whether somebody holds a live grant on a region, or on any."""
    held = RegionGrant.objects.filter(live(), user_id=user_id, permission__codename=MANAGE)
    return (held if region is None else held.filter(content_object=region)).exists()


def _as_themselves(actor: Actor | None) -> TypeGuard[Actor]:
    return actor is not None and actor.organisation is None and not actor.is_operator
