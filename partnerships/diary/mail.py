"""The e-mails about quiet periods: written, and checked once more, just before each is sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from calendars.london import weekday_in_words
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.diary.agreement import Agreement, agreement_on
from partnerships.diary.announcements import ANSWERED, PROPOSED, WITHDRAWN, proposers
from partnerships.diary.models import QuietPeriod
from partnerships.record.models import NamedContact
from partnerships.record.recipients import contact_to_write_to, why_written_to


def register() -> None:
    """Make the three kinds known to the outbox."""
    for name, label, compose in (
        (PROPOSED, "Proposal of a quiet period", proposal),
        (ANSWERED, "Answer about a quiet period", answer),
        (WITHDRAWN, "Quiet period withdrawn", withdrawal),
    ):
        after_leaving = name == WITHDRAWN
        outbox.register(Kind(name, label, compose, address_refused, after_leaving, groups.NEWS))


def proposal(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Which days, why, and whether the reader's organisation is to answer."""
    found = _found(delivery, delivery.subject)
    if isinstance(found, NotNeeded):
        return found
    if found.period.withdrawn_at is not None:
        return NotNeeded("The quiet period was withdrawn.")
    if found.is_over:
        return NotNeeded("The quiet period was over before this could be sent.")
    contact = contact_to_write_to(delivery, found.period.partnership)
    if isinstance(contact, NotNeeded):
        return contact
    said = found.of(contact.organisation_id)
    if said is not None and said.agreed is not None:
        return NotNeeded("The organisation has answered already.")
    who = found.period.author_organisation.name
    subject = f"{who} {'proposes' if said else 'has set'} a quiet period: {_days(found.period)}"
    return _letter(delivery, found, subject, asked=said is not None, contact=contact)


def answer(delivery: Delivery) -> EmailMessage | NotNeeded:
    """What a member says, and what is still missing, to whoever proposed it."""
    found = _found(delivery, delivery.payload["period"])
    if isinstance(found, NotNeeded):
        return found
    if found.period.withdrawn_at is not None:
        return NotNeeded("The quiet period was withdrawn.")
    said = found.of(delivery.payload["organisation"])
    if said is None or said.agreed != delivery.payload["agreed"]:
        return NotNeeded("The organisation has answered differently since.")
    addresses = {email.lower() for email, _ in proposers(found.period)}
    if delivery.recipient.lower() not in addresses:
        return NotNeeded("No longer the one who proposed it.")
    does = "agrees" if said.agreed else "does not agree"
    subject = f"{said.organisation} {does} to a quiet period: {_days(found.period)}"
    waiting = [each.organisation for each in found.answers if each.agreed is None]
    return _letter(delivery, found, subject, said=said, waiting=waiting)


def withdrawal(delivery: Delivery) -> EmailMessage | NotNeeded:
    """That the days are days like others again."""
    found = _found(delivery, delivery.subject)
    if isinstance(found, NotNeeded):
        return found
    if found.period.withdrawn_at is None:
        return NotNeeded("The quiet period was not withdrawn.")
    contact = contact_to_write_to(delivery, found.period.partnership)
    if isinstance(contact, NotNeeded):
        return contact
    who = found.period.author_organisation.name
    subject = f"{who} has withdrawn a quiet period: {_days(found.period)}"
    return _letter(delivery, found, subject, contact=contact)


def _found(delivery: Delivery, ref: str) -> Agreement | NotNeeded:
    """Read everything anew, as the sending organisation sees it now."""
    period = (
        QuietPeriod.objects.filter(ref=ref, acl__overlap=[delivery.organisation_id])
        .select_related("partnership", "author", "author_organisation")
        .first()
    )
    if period is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    return agreement_on(period)


def _days(period: QuietPeriod) -> str:
    first, last = weekday_in_words(period.starts_on), weekday_in_words(period.ends_on)
    return first if first == last else f"{first} to {last}"


def _letter(
    delivery: Delivery,
    agreement: Agreement,
    subject: str,
    *,
    contact: NamedContact | None = None,
    **more: Any,
) -> EmailMessage:
    period = agreement.period
    return outbox.letter(
        delivery.kind,
        subject=subject,
        to=delivery.recipient,
        context={
            "period": period,
            "days": _days(period),
            "holds": agreement.holds,
            "partnership": period.partnership.name,
            "proposer": period.author_organisation.name,
            "address": f"{settings.BASE_URL}/r/p-{period.partnership.ref}/",
            "because": _because(contact),
            **more,
        },
    )


def _because(contact: NamedContact | None) -> str:
    """Why the e-mail reaches this person, and who recorded their address."""
    if contact is None:
        return "because you, or your organisation, proposed this quiet period."
    return why_written_to(contact)
