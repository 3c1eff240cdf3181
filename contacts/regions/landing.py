"""Where a regional admin finds their regions: the menu, their own page, the second step."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from contacts.grants import manages_any, regions_managed_by
from frontend import navigation
from organisations import own_places
from organisations.actor import Actor
from organisations.own_places import OwnPlace
from organisations.signing_in import second_step

# How the setting REQUIRE_SECOND_STEP names regional admins.
REGIONAL_ADMIN = "regional_admin"


def register() -> None:
    """Make it known to the floor below; for `AppConfig.ready`."""
    own_places.register(_place_of)
    second_step.require_under("my-regions", of=REGIONAL_ADMIN, where=_manages_any)
    navigation.register("regions", "Regions", "my-regions", visible=_visible, order=70)


def _manages_any(actor: Actor) -> bool:
    """Asked before the view and its transaction begin: row security knows the person in one."""
    with transaction.atomic():
        return manages_any(actor)


def _place_of(actor: Actor) -> OwnPlace | None:
    regions = regions_managed_by(actor)
    if not regions:
        return None
    only = reverse("region", args=[regions[0].slug])
    return OwnPlace(
        "Regions you manage" if len(regions) > 1 else "The region you manage",
        only if len(regions) == 1 else reverse("my-regions"),
        ", ".join(each.name for each in regions),
    )


def _visible(request: HttpRequest) -> bool:
    """In the menu of who manages a region, while they act as themselves; asked once a request."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.organisation is not None or actor.is_operator:
        return False
    known = getattr(request, "manages_regions", None)
    if known is None:
        known = manages_any(actor)
        request.manages_regions = known  # type: ignore[attr-defined]
    return bool(known)
