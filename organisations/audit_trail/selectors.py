"""Reading events, from the acting organisation's side: newest first, 50 a page, by key."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from organisations.actor import Actor
from organisations.models import AuditEvent, Membership

PAGE = 50
REFUSED = "refused: "
SEEN = " seen"


@dataclass(frozen=True, slots=True)
class Filters:
    """How the trail is narrowed; what is empty narrows nothing."""

    person: str = ""
    action: str = ""
    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    refused: bool = False
    views: bool = False

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Page:
    """Events of one page, and the key from which older ones follow."""

    events: list[AuditEvent]
    older: str = ""


def ours(actor: Actor) -> int:
    """The acting organisation's id; whoever acts for nobody reads no trail here."""
    assert actor.organisation_id is not None
    return actor.organisation_id


def _visible(actor: Actor) -> QuerySet[AuditEvent]:
    """What the acting organisation may read; row security says so again."""
    return AuditEvent.objects.filter(acl__overlap=[ours(actor)]).order_by("-at", "-id")


def trail(actor: Actor, filters: Filters) -> QuerySet[AuditEvent]:
    """Every event of the acting organisation or visible to it, narrowed."""
    found = _visible(actor)
    if filters.person:
        found = found.filter(user_id=_person_at(actor, filters.person))
    if filters.action:
        found = found.filter(action__icontains=filters.action)
    if filters.kind:
        found = found.filter(object_table=filters.kind)
    if filters.since:
        found = found.filter(at__gte=_start_of(filters.since))
    if filters.until:
        found = found.filter(at__lt=_start_of(filters.until + dt.timedelta(days=1)))
    if filters.refused:
        found = found.filter(action__startswith=REFUSED)
    if filters.views:
        found = found.filter(action__endswith=SEEN).exclude(organisation_id=actor.organisation_id)
    return found


def history(actor: Actor, partnership_id: int) -> QuerySet[AuditEvent]:
    """What was done to one shared record and everything below it, as far as one may see."""
    return _visible(actor).filter(partnership_id=partnership_id)


def page_of_events(events: QuerySet[AuditEvent], before: str = "") -> Page:
    """The newest 50, or the 50 before a key; one statement. A key that is none counts as none."""
    key = _read_key(before)
    if key is not None:
        at, pk = key
        events = events.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))
    found = list(events[: PAGE + 1])
    older = _key(found[PAGE - 1]) if len(found) > PAGE else ""
    return Page(found[:PAGE], older)


def people_of(actor: Actor) -> list[tuple[str, str]]:
    """Everyone who belongs or has belonged to the organisation: reference and name, by name."""
    memberships = (
        Membership.objects.filter(organisation_id=ours(actor))
        .select_related("user")
        .order_by(Lower("user__name"), "user__email", "-pk")
    )
    latest: dict[int, Membership] = {}
    for each in memberships:
        latest.setdefault(each.user_id, each)
    return [(each.ref, str(each.user)) for each in latest.values()]


def _person_at(actor: Actor, ref: str) -> int:
    """The id of somebody of the organisation; nobody's (0) otherwise."""
    found = Membership.objects.filter(organisation_id=ours(actor), ref=ref)
    return found.values_list("user_id", flat=True).first() or 0


def _start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _key(event: AuditEvent) -> str:
    at = event.at.astimezone(dt.UTC)
    return f"{at:%Y%m%d%H%M%S%f}-{event.pk}"


def _read_key(text: str) -> tuple[dt.datetime, int] | None:
    at, _, pk = text.partition("-")
    try:
        return dt.datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=dt.UTC), int(pk)
    except ValueError:
        return None
