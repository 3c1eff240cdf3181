"""Whom a partnership's e-mails go to: the named contact of each organisation, or its deputy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from calendars.london import today
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from partnerships.record.models import (
    ContactFunction,
    Member,
    MemberState,
    NamedContact,
    Partnership,
)

# An organisation takes part, and its contact is told, whether or not it has joined Tandem.
TAKING_PART = (MemberState.RECORDED, MemberState.INVITED, MemberState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, as named in the partnership."""

    posting_id: int
    email: str
    name: str
    organisation_id: int
    organisation: str


def people_to_tell(partnership: Partnership) -> list[Recipient]:
    """One person for each organisation taking part: its named contact, or else its deputy.

    An organisation that has left Tandem is told nothing any more. Someone who has left or whose
    address refused mail counts as nobody. An address that stands for two organisations is told
    once.
    """
    by_organisation: dict[int, NamedContact] = {}
    for contact in live_contacts(partnership):
        if is_reachable(contact) and contact.organisation.left_at is None:
            by_organisation.setdefault(contact.organisation_id, contact)
    by_address = {
        contact.posting.details.email.lower(): _recipient(contact)
        for contact in by_organisation.values()
    }
    return list(by_address.values())


def organisations_taking_part(partnership: Partnership) -> list[str]:
    """The names of the organisations of a partnership that have not declined or left."""
    members = Member.objects.filter(partnership=partnership, state__in=TAKING_PART)
    return list(members.order_by("organisation__name").values_list("organisation__name", flat=True))


def live_contacts(partnership: Partnership) -> QuerySet[NamedContact]:
    """The named contacts and deputies of the organisations taking part, named ones first."""
    taking_part = Member.objects.filter(partnership=partnership, state__in=TAKING_PART)
    return (
        NamedContact.objects.filter(
            partnership=partnership,
            ended_at=None,
            organisation__in=taking_part.values("organisation"),
        )
        .select_related(
            "posting__person",
            "posting__details",
            "posting__recorded_by",
            "posting__region",
            "organisation",
        )
        # "named" comes after "deputy" in the alphabet.
        .order_by("-function", "organisation__name")
    )


def is_reachable(contact: NamedContact) -> bool:
    """Whether the person still works there and their address takes mail."""
    posting = contact.posting
    left = posting.ended_on is not None and posting.ended_on < today()
    return not left and posting.bounced_at is None


def contact_behind(delivery: Delivery, partnership: Partnership) -> NamedContact | None:
    """The contact or deputy that a delivery was meant for, if they still are and may be told."""
    for contact in live_contacts(partnership).filter(posting=delivery.posting_id):
        same_address = contact.posting.details.email.lower() == delivery.recipient.lower()
        if same_address and is_reachable(contact):
            return contact
    return None


def contact_to_write_to(delivery: Delivery, partnership: Partnership) -> NamedContact | NotNeeded:
    """The same, or why nothing goes: nobody there, or their organisation suspended or gone."""
    contact = contact_behind(delivery, partnership)
    if contact is None:
        return NotNeeded("No longer a contact in the partnership, or the address has changed.")
    if contact.organisation.suspended_at is not None:
        return NotNeeded("The organisation of the contact is suspended.")
    if contact.organisation.left_at is not None:
        return NotNeeded("The organisation of the contact has left.")
    return contact


def why_written_to(contact: NamedContact) -> str:
    """As what a contact gets an e-mail, who recorded their address and from where: the end of
    "You get this email …"."""
    organisation = contact.organisation.name
    recorder, source = contact.posting.recorder, contact.posting.source
    where = f" (source: {source})" if source and recorder != organisation else ""
    return (
        f"as the {contact.get_function_display().lower()} of {organisation} in this partnership. "
        f"{recorder} recorded your work address{where}. To have it corrected or removed, tell "
        f"{recorder}."
    )


def nobody_told(partnership: Partnership) -> list[tuple[str, str]]:
    """Organisations taking part that no e-mail reaches: name, and why in words."""
    contacts: dict[int, list[NamedContact]] = {}
    for contact in live_contacts(partnership):
        contacts.setdefault(contact.organisation_id, []).append(contact)
    members = Member.objects.filter(
        partnership=partnership, state__in=TAKING_PART, organisation__left_at=None
    )
    return [
        (member.organisation.name, _why_not(contacts.get(member.organisation_id, [])))
        for member in members.select_related("organisation").order_by("organisation__name")
        if not any(is_reachable(c) for c in contacts.get(member.organisation_id, []))
    ]


def _why_not(contacts: Iterable[NamedContact]) -> str:
    for contact in contacts:
        if contact.posting.bounced_at is not None:
            function = ContactFunction(contact.function).label.lower()
            return f"the address of its {function} refused mail"
        return "its contact has left"
    return "it has no named contact"


def _recipient(contact: NamedContact) -> Recipient:
    return Recipient(
        posting_id=contact.posting_id,
        email=contact.posting.details.email,
        name=contact.posting.person.name,
        organisation_id=contact.organisation_id,
        organisation=contact.organisation.name,
    )
