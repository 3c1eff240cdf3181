"""Open items pass to a colleague of whoever planned them and goes."""

from __future__ import annotations

from django.db.models import QuerySet

from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor
from partnerships.agenda import announcements
from partnerships.agenda.models import OPEN, AgendaItem

MOST_NAMED = 5


def open_of(by: Actor, user: User) -> QuerySet[AgendaItem]:
    """What a person planned for the acting organisation and that is still open."""
    return AgendaItem.objects.filter(
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        author=user,
        state__in=OPEN,
    )


def _count(by: Actor, user: User) -> int:
    return open_of(by, user).count()


def _names(by: Actor, user: User) -> list[str]:
    rows = open_of(by, user).select_related("partnership")[:MOST_NAMED]
    return [f"{row.partnership.name}: {row.title}" for row in rows]


def _move(by: Actor, user: User, to: Successor) -> int:
    """Make the successor the one who answers for them, and is reminded."""
    items = list(open_of(by, user).select_related("meeting"))
    for item in items:
        item.author = to.user
        item.revision += 1
        item.save(update_fields=["author", "revision"])
        audit.record(
            "agenda item handed over",
            by=by,
            obj=item,
            changes={"author": [user.pk, to.user.pk]},
        )
        announcements.replace_reminders(by=by, item=item)
    return len(items)


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="agenda_items",
            label="Items for gateways",
            count=_count,
            names=_names,
            move=_move,
            stays="Stay planned. Any colleague who may edit can change them",
            order=25,
        )
    )
