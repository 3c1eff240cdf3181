"""Lists of partnerships, narrowed as people ask, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from organisations.actor import Actor
from organisations.models import AHEAD, AnnouncedChange, Organisation, Sector
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.record.selectors.partnership import ours, seen_by
from partnerships.record.selectors.schools import bringing_a_school_named
from partnerships.record.selectors.waiting import places_lacking_contact

PAGE = 25


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of partnerships is narrowed to; empty means all."""

    words: str = ""
    state: str = ""
    side: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.state or self.side)


@dataclass(frozen=True, slots=True)
class Partner:
    """Another organisation in a listed partnership."""

    name: str
    side: str
    state: str
    # Whether a change of it is announced.
    changing: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A partnership as a list shows it, with everyone in it but the acting organisation."""

    id: int
    ref: str
    name: str
    opened_at: datetime
    closed_at: datetime | None
    owner_id: int
    partners: list[Partner]


# How partners stand, as people choose it: the value in the address, and its words.
STATES = {
    "shared": "Shared with a partner",
    "waiting": "Invited, waiting for an answer",
    "alone": "Nobody invited yet",
    "declined": "Declined",
    "unnamed": "No contact or deputy on our side",
}


def page_of_partnerships(actor: Actor, filters: Filters, page: Any = 1) -> Page[Any]:
    """One page of 25 of the actor's partnerships, the latest first; two statements."""
    found: Page[Any] = Paginator(_listed(actor, filters), PAGE).get_page(page)
    found.object_list = [_as_listed(row) for row in found.object_list]
    return found


def recent_partnerships(actor: Actor, limit: int = 10) -> list[Listed]:
    """The actor's partnerships that were opened last."""
    return [_as_listed(row) for row in _listed(actor, Filters())[:limit]]


def partnerships_with(actor: Actor, organisation: Organisation, limit: int = 5) -> list[Listed]:
    """The open partnerships of the actor in which an organisation is already."""
    there = Member.objects.filter(partnership=OuterRef("pk"), organisation=organisation)
    rows = _listed(actor, Filters()).filter(Exists(there), closed_at=None)[:limit]
    return [_as_listed(row) for row in rows]


def partnerships_to_join(actor: Actor, organisation: Organisation, limit: int = 10) -> list[Listed]:
    """The actor's own open partnerships to which an organisation could be added."""
    there = Member.objects.filter(partnership=OuterRef("pk"), organisation=organisation)
    rows = _listed(actor, Filters()).filter(~Exists(there), closed_at=None, owner_id=ours(actor))
    return [_as_listed(row) for row in rows[:limit]]


def _listed(actor: Actor, filters: Filters) -> QuerySet[Partnership, Any]:
    others = Member.objects.filter(partnership=OuterRef("pk")).exclude(organisation_id=ours(actor))
    found = _narrowed(seen_by(actor), actor, filters, others)
    return found.order_by("-opened_at", "-id").values(
        "id",
        "ref",
        "name",
        "opened_at",
        "closed_at",
        "owner_id",
        partners=ArraySubquery(
            others.order_by("organisation__name").values(
                json=JSONObject(
                    name="organisation__name",
                    side="side",
                    state="state",
                    changing=Exists(
                        AnnouncedChange.objects.filter(
                            organisation=OuterRef("organisation"), state__in=AHEAD
                        )
                    ),
                )
            )
        ),
    )


def _narrowed(
    found: QuerySet[Partnership], actor: Actor, filters: Filters, others: QuerySet[Member]
) -> QuerySet[Partnership]:
    there = Member.objects.filter(partnership=OuterRef("pk"))
    for word in filters.words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Exists(others.filter(organisation__name__icontains=word))
            | Exists(bringing_a_school_named(there, word))
        )
    if filters.side in Sector.values:
        found = found.filter(Exists(others.filter(side=filters.side)))
    if filters.state == "shared":
        found = found.filter(Exists(others.filter(state=MemberState.ACCEPTED)))
    elif filters.state == "waiting":
        found = found.filter(Exists(others.filter(state=MemberState.INVITED)))
    elif filters.state == "declined":
        found = found.filter(Exists(others.filter(state=MemberState.DECLINED)))
    elif filters.state == "alone":
        answered = (MemberState.ACCEPTED, MemberState.INVITED)
        found = found.exclude(Exists(others.filter(state__in=answered)))
    elif filters.state == "unnamed":
        found = found.filter(
            Exists(places_lacking_contact(actor).filter(partnership=OuterRef("pk")))
        )
    return found


def _as_listed(row: Any) -> Listed:
    partners = [Partner(**partner) for partner in row.pop("partners")]
    return Listed(partners=partners, **row)
