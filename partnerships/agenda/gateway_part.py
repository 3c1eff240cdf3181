"""What a gateway's page in the directory says of items: one's own that are on their way there,
and that one may be brought."""

from __future__ import annotations

from contacts.directory import sections
from contacts.directory.sections import Part
from contacts.models import Gateway
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from partnerships.agenda import presenters, selectors


def items_for_it(actor: Actor, gateway: Gateway) -> Part | None:
    """The open items that the acting organisation sees; nothing for who sees and may nothing."""
    items = selectors.open_for(actor, gateway)
    # Who may open a partnership may plan an item in one.
    may_bring = can(actor, Permission.OPEN_PARTNERSHIP)
    if not items and not may_bring:
        return None
    facts = {
        "table": presenters.items_of_gateway(actor, items) if items else None,
        "bring": page_of(actor, "bring-item", gateway=gateway.ref) if may_bring else "",
    }
    return Part("Items for it", "agenda/gateway_part.jinja", facts)


def register() -> None:
    """Add it to the page; for `AppConfig.ready`."""
    sections.of_gateway.register("agenda-items", items_for_it, order=30)
