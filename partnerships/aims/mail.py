"""The e-mail that asks to agree a shared aim: written, and checked once more, before it is sent."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.aims.announcements import TO_AGREE
from partnerships.aims.models import AimAgreed, AimVersion
from partnerships.record.recipients import contact_to_write_to, why_written_to


def register() -> None:
    """Make the kind known to the outbox."""
    label = "Shared aim to agree"
    outbox.register(Kind(TO_AGREE, label, to_agree, address_refused, group=groups.AGREEMENTS))


def to_agree(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Asks the contact of a member to read the newest version and agree it."""
    version = (
        AimVersion.objects.filter(
            partnership__ref=delivery.subject, acl__overlap=[delivery.organisation_id]
        )
        .select_related("partnership", "author_organisation")
        .order_by("-number")
        .first()
    )
    if version is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if version.partnership.closed_at is not None:
        return NotNeeded("The partnership is closed.")
    if version.number != delivery.revision:
        return NotNeeded("It was changed; a later e-mail asks to agree it.")
    contact = contact_to_write_to(delivery, version.partnership)
    if isinstance(contact, NotNeeded):
        return contact
    organisation = contact.organisation
    if organisation.pk not in version.acl:
        return NotNeeded("The organisation of the contact is not in the partnership any more.")
    if AimAgreed.objects.filter(version=version, organisation=organisation).exists():
        return NotNeeded("The organisation has agreed it.")
    return outbox.letter(
        delivery.kind,
        subject=f"Please agree: shared aim of {version.partnership.name}",
        to=delivery.recipient,
        context={
            "partnership": version.partnership.name,
            "version": version,
            "again": version.number > 1,
            "address": f"{settings.BASE_URL}/r/aim-{version.partnership.ref}/",
            "because": why_written_to(contact),
        },
    )
