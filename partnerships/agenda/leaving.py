"""What becomes of open items when an organisation leaves Tandem, or one partnership: they are
withdrawn, and kept."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from organisations.actor import Actor
from organisations.joining.registry import foretold, on_leaving
from partnerships.agenda.models import OPEN, AgendaItem
from partnerships.agenda.services import withdraw_item
from partnerships.record.models import Partnership
from partnerships.record.parting import foretold_parting, on_parting

# Before its partnerships are left, without which they could not be read.
FIRST = 15


def withdraw_items(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Withdraw what it planned; says how many."""
    assert by.organisation is not None
    items = list(_open(by, partnership))
    for item in items:
        withdraw_item(by=by, item=item, why=f"{by.organisation.name} has left.")
    return {"agenda_items_withdrawn": len(items)}


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    count = _open(by, partnership).count()
    if not count:
        return []
    items = "1 item" if count == 1 else f"{count} items"
    return [f"{items} that it planned for gateways {'is' if count == 1 else 'are'} withdrawn"]


def _open(by: Actor, partnership: Partnership | None) -> QuerySet[AgendaItem]:
    """Those of one partnership, or of all."""
    return AgendaItem.objects.filter(
        Q(partnership=partnership) if partnership else Q(),
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        state__in=OPEN,
    )


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(withdraw_items, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(withdraw_items, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
