"""Whom an item's e-mails go to: its organisation's named contact, and whoever planned it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from calendars.london import today
from organisations.selectors import works_at
from partnerships.agenda.models import AgendaItem
from partnerships.record.models import NamedContact


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, and as what."""

    email: str
    posting_id: int | None
    why: str


def people_to_tell(item: AgendaItem) -> list[Recipient]:
    """The named contact (or else the deputy) of the item's organisation, and its author.

    Nobody who has left, and no address that refused mail; one address is told once.
    """
    found: dict[str, Recipient] = {}
    contact = _contact(item)
    if contact is not None:
        email = contact.posting.details.email
        why = f"as the {contact.get_function_display().lower()} of {contact.organisation.name}"
        found[email.lower()] = Recipient(email, contact.posting_id, why)
    author = item.author
    if works_at(author, item.author_organisation_id):
        planned = Recipient(author.email, None, "because you planned this item")
        found.setdefault(author.email.lower(), planned)
    return list(found.values())


def _contact(item: AgendaItem) -> NamedContact | None:
    return (
        NamedContact.objects.filter(
            Q(posting__ended_on=None) | Q(posting__ended_on__gte=today()),
            partnership=item.partnership_id,
            organisation=item.author_organisation_id,
            ended_at=None,
            posting__bounced_at=None,
        )
        .select_related("posting__details", "organisation")
        # "named" comes after "deputy" in the alphabet.
        .order_by("-function")
        .first()
    )
