"""Items follow their gateway's meetings: what the worker does at the clock's tick.

Whoever moves or calls off a meeting is the region's admin, who sees no partnership. The
database says which items do not know of it yet (`tandem.agenda_items_to_tell`, for the worker's
role alone); each is brought up to date in the scope of its own organisation.
"""

from __future__ import annotations

import structlog
from django.db import DatabaseError, connections, transaction

from organisations.actor import ActingOrganisation, Actor
from organisations.models import Organisation
from organisations.tenancy.scope import Scope, acting
from partnerships.agenda import announcements
from partnerships.agenda.models import OPEN, AgendaItem

logger = structlog.get_logger("tandem.agenda")
WORKER = "worker"
MOST_AT_ONCE = 500


def follow_meetings() -> int:
    """Tell the people of every item whose meeting has changed, and plan its reminders anew.

    Says how many items there were. One that fails is tried again at the next tick.
    """
    followed = 0
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.agenda_items_to_tell(%s)", [MOST_AT_ONCE])
        waiting = cursor.fetchall()
    for item, organisation in waiting:
        try:
            with acting(Scope(organisation_id=organisation)), transaction.atomic():
                followed += _follow(item, organisation)
        except DatabaseError as error:
            logger.error("item not brought up to date", item=item, error=type(error).__name__)
    return followed


def _follow(item_id: int, organisation: int) -> bool:
    item = (
        AgendaItem.objects.select_for_update(of=("self",))
        .select_related("author", "meeting")
        .filter(pk=item_id, state__in=OPEN)
        .first()
    )
    if item is None or item.knows_its_meeting:
        return False
    by = _in_its_name(organisation)
    item.revision += 1
    announcements.call_off(item, "The gateway changed its meeting.")
    announcements.tell_of_meeting(by=by, item=item)
    item.save(update_fields=[*item.know(), "revision"])
    announcements.plan_reminders(by=by, item=item)
    return True


def _in_its_name(organisation: int) -> Actor:
    """Nobody in particular, so that e-mails are written as the organisation sees the record."""
    found = Organisation.objects.get(pk=organisation)
    return Actor(0, ActingOrganisation(found.pk, found.name, found.slug, found.kind))
