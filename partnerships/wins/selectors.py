"""Reading wins, from the acting organisation's side. None that was taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404

from calendars.london import today
from organisations.actor import Actor
from partnerships.record.models import Partnership
from partnerships.wins.models import Win

PAGE = 25
# So long after its day a win is news on home.
NEW = timedelta(days=30)


def wins_of(actor: Actor, partnership: Partnership, page: Any = 1) -> Page[Any]:
    """One page of 25 of a partnership's wins, the latest first."""
    found: Page[Any] = Paginator(_of(actor, partnership), PAGE).get_page(page)
    return found


def latest_of(actor: Actor, partnership: Partnership, limit: int) -> list[Win]:
    """The latest wins of a partnership."""
    return list(_of(actor, partnership)[:limit])


def new_ones(actor: Actor, limit: int) -> list[Win]:
    """The shared wins of the last 30 days, of all partnerships that are open, the latest first."""
    rows = _shown(actor).filter(
        internal=False, happened_on__gte=today() - NEW, partnership__closed_at=None
    )
    return list(rows.select_related("partnership")[:limit])


def win_of(actor: Actor, partnership: Partnership, ref: str) -> Win:
    """One win of a partnership; raises Http404 unless the actor may see it."""
    found = (
        Win.objects.filter(ref=ref, partnership=partnership, acl__overlap=[actor.key])
        .select_related("author_organisation")
        .first()
    )
    if found is None:
        raise Http404("no such win")
    found.partnership = partnership
    return found


def _of(actor: Actor, partnership: Partnership) -> QuerySet[Win]:
    return _shown(actor).filter(partnership=partnership)


def _shown(actor: Actor) -> QuerySet[Win]:
    return (
        Win.objects.filter(acl__overlap=[actor.key], withdrawn_at=None)
        .select_related("author_organisation")
        .order_by("-happened_on", "-id")
    )
