"""Addresses of the record's pages, as the tests open them."""

from __future__ import annotations

from django.urls import reverse

from partnerships.record.models import Partnership
from tests.cast import Cast


def address(cast: Cast, name: str, part: str = "school", **kwargs: str) -> str:
    """A page under an organisation of the cast."""
    slug = cast.organisation(part).slug
    return reverse(name, kwargs={"organisation_slug": slug, **kwargs})


def opening(cast: Cast, partner: str = "health") -> str:
    return f"{address(cast, 'open-partnership')}?with={cast.organisation(partner).slug}"


def naming(cast: Cast, partnership: Partnership, function: str = "named", **more: str) -> str:
    return address(
        cast,
        "name-contact",
        ref=partnership.ref,
        member=cast.organisation("health").slug,
        function=function,
        **more,
    )


def inviting(cast: Cast, partnership: Partnership, name: str = "invite-partner") -> str:
    return address(cast, name, ref=partnership.ref, member=cast.organisation("health").slug)
