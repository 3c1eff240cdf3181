"""Reading items, from the acting organisation's side, and what they may be brought to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from calendars.london import today
from contacts.models import Gateway, GatewayMeeting, Place, Region
from organisations.actor import Actor
from organisations.permissions import Hidden
from partnerships.agenda.models import OPEN, AgendaItem
from partnerships.record.models import Member, MemberState, Partnership

PAGE = 25
MOST_OPEN = 8
MOST_PARTNERSHIPS = 200


@dataclass(frozen=True, slots=True)
class AreaGateways:
    """An area with its gateways."""

    area: Region | Place
    gateways: list[Gateway]


def items_of(actor: Actor, partnership: Partnership, page: Any = 1) -> Page[Any]:
    """One page of 25 of a partnership's items: what is open first, then the latest."""
    found: Page[Any] = Paginator(_of(actor, partnership), PAGE).get_page(page)
    return found


def open_of(actor: Actor, partnership: Partnership) -> list[AgendaItem]:
    """The first few open items of a partnership and one more, to tell that there are more."""
    return list(_of(actor, partnership).filter(state__in=OPEN)[: MOST_OPEN + 1])


def open_for(actor: Actor, gateway: Gateway) -> list[AgendaItem]:
    """The first few open items on their way to a gateway, of all the actor's partnerships."""
    return list(_items(actor).filter(gateway=gateway, state__in=OPEN)[:MOST_OPEN])


def papers_due(actor: Actor, until: date, limit: int = 20) -> list[AgendaItem]:
    """Items of the acting organisation whose paper is due until a day and was not sent."""
    due = Q(own_due_on__lte=until) | Q(own_due_on=None, meeting__papers_due_on__lte=until)
    rows = _items(actor).filter(
        due,
        Q(meeting=None) | Q(meeting__cancelled_at=None, meeting__meets_on__gte=today()),
        author_organisation_id=actor.organisation_id,
        state="planned",
    )
    return list(rows.order_by("meeting__meets_on", "pk")[:limit])


def for_calendar(actor: Actor, first: date, last: date, about: Q) -> list[AgendaItem]:
    """Items with a paper due or a meeting between two days; `about` narrows them; one statement."""
    days = (first, last)
    rows = _items(actor).filter(
        Q(own_due_on__range=days)
        | Q(own_due_on=None, meeting__papers_due_on__range=days)
        | Q(meeting__meets_on__range=days),
        about,
    )
    return list(rows.order_by("pk"))


def item_of(actor: Actor, partnership: Partnership, ref: str) -> AgendaItem:
    """One item of a partnership; raises Hidden unless the actor may see it."""
    found = (
        _items(actor)
        .filter(ref=ref, partnership=partnership)
        .select_related(
            "author",
            "author_organisation",
            "sent_by",
            "sent_organisation",
            "heard_by",
            "heard_organisation",
            "decided_by",
            "decided_organisation",
            "withdrawn_by",
            "withdrawn_organisation",
            "gateway__host",
        )
        .first()
    )
    if found is None:
        raise Hidden("see an agenda item")
    found.partnership = partnership
    return found


def gateway_of(ref: str) -> Gateway | None:
    """A gateway that has not ended."""
    return _gateways().filter(ref=ref).first()


def coming_meetings(gateway: Gateway, *, besides: int | None = None) -> list[GatewayMeeting]:
    """Its meetings to come that stand; `besides` is one that is kept although it is not."""
    coming = Q(meets_on__gte=today(), cancelled_at=None)
    return list(GatewayMeeting.objects.filter(coming | Q(pk=besides), gateway=gateway))


def gateways_for(partnership: Partnership) -> list[AreaGateways]:
    """The gateways of the areas that the partnership's organisations work in, by area."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT r FROM record_member m, "
            "tandem.organisation_regions(m.organisation_id) r "
            "WHERE m.partnership_id = %s AND m.state IN ('recorded', 'invited', 'accepted')",
            [partnership.pk],
        )
        regions = [region for (region,) in cursor.fetchall()]
    rows = _gateways().filter(Q(region__in=regions) | Q(place__regions__in=regions)).distinct()
    by_area: dict[str, AreaGateways] = {}
    for each in rows.order_by("place__name", "region__name", "type__name", "pk"):
        key = f"{'place' if each.place_id else 'region'} {each.area.pk}"
        by_area.setdefault(key, AreaGateways(each.area, [])).gateways.append(each)
    return list(by_area.values())


def partnerships_to_bring(actor: Actor) -> list[Partnership]:
    """The open partnerships in which the acting organisation may plan an item."""
    accepted = Member.objects.filter(organisation_id=actor.key, state=MemberState.ACCEPTED)
    rows = Partnership.objects.filter(
        acl__overlap=[actor.organisation_id],
        closed_at=None,
        pk__in=accepted.values("partnership"),
    )
    return list(rows.order_by("name", "pk")[:MOST_PARTNERSHIPS])


def _gateways() -> QuerySet[Gateway]:
    return Gateway.objects.filter(Q(ended_on=None) | Q(ended_on__gt=today())).select_related(
        "type", "place", "region", "host"
    )


def _of(actor: Actor, partnership: Partnership) -> QuerySet[AgendaItem]:
    is_open = Case(
        When(state__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return _items(actor).filter(partnership=partnership).order_by(is_open, "-created_at", "-id")


def _items(actor: Actor) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(acl__overlap=[actor.key]).select_related(
        "meeting", "partnership", "gateway__type", "gateway__place", "gateway__region"
    )
