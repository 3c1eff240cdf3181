"""A board, its meetings as the region's admin enters them, and items planned for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from contacts.models import GatewayMeeting
from contacts.regions.services import give_region
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import plan_item
from tests.cast import Cast
from tests.tenancy.world import walsall_board
from tests.touchpoints.scene import Scene

# A Wednesday in term; papers are due ten days before, on a Friday.
MEETS, PAPERS = date(2027, 3, 3), date(2027, 2, 19)
ADMIN = "nobody"


def admin_acts(cast: Cast) -> None:
    """Let the person without an organisation manage the Black Country."""
    with acting(cast.operator.scope), transaction.atomic():
        give_region(
            by=cast.operator, region=cast.organisation("icb").region, email=cast.users[ADMIN].email
        )


def admin(cast: Cast) -> Actor:
    """Who manages the region, acting as themselves."""
    return Actor(cast.users[ADMIN].pk)


def meeting(cast: Cast, meets_on: date, papers_due_on: date | None) -> GatewayMeeting:
    """A meeting of the board, as its region's admin enters it."""
    with acting(admin(cast).scope), transaction.atomic():
        return GatewayMeeting.objects.create(
            gateway=walsall_board(), meets_on=meets_on, papers_due_on=papers_due_on
        )


def change_meeting(cast: Cast, which: GatewayMeeting, **fields: Any) -> None:
    """Move a meeting or call it off, as its region's admin does."""
    with acting(admin(cast).scope), transaction.atomic():
        assert GatewayMeeting.objects.filter(pk=which.pk).update(**fields) == 1


def planned(scene: Scene, part: str = "school_editor", **more: Any) -> AgendaItem:
    """An item in a committed transaction."""
    by = scene.cast.actors[part]
    given = {"title": "Health visitors in nurseries", "ask": "A standing education seat", **more}
    with acting(by.scope), transaction.atomic():
        return plan_item(by=by, partnership=scene.partnership, gateway=walsall_board(), **given)
