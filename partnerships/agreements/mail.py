"""The e-mails about an agreement: written, and checked once more, just before each is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from calendars.london import day_in_words, day_starts, today
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery, Organisation
from organisations.outbox import Kind, NotNeeded, groups
from organisations.selectors import works_at
from partnerships.agreements.announcements import EXPIRY, REVIEW, TO_SIGN
from partnerships.agreements.models import Agreement, Signatory, Signature, Stage
from partnerships.agreements.selectors import version_of
from partnerships.record.recipients import contact_to_write_to, why_written_to

DAYS = {REVIEW: "review_on", EXPIRY: "expires_on"}
WORDS = {REVIEW: "Review due", EXPIRY: "Expires"}


def register() -> None:
    """Make the three kinds known to the outbox."""
    outbox.register(Kind(TO_SIGN, "Agreement to sign", to_sign, group=groups.AGREEMENTS))
    for name, label in ((REVIEW, "Agreement to review"), (EXPIRY, "Agreement that expires")):
        outbox.register(
            Kind(
                name,
                label,
                reminder,
                address_refused,
                group=groups.AGREEMENTS,
                pointless_from=day_over,
            )
        )


def to_sign(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Asks the signatory of an organisation to read the text and sign it."""
    agreement = _found(delivery)
    if isinstance(agreement, NotNeeded):
        return agreement
    if agreement.revision != delivery.revision:
        return NotNeeded("The agreement was changed; a later e-mail asks to sign it.")
    if agreement.stage != Stage.APPROVAL:
        return NotNeeded("The agreement is not to be signed now.")
    signatory = _signatory(delivery, agreement)
    if isinstance(signatory, NotNeeded):
        return signatory
    title = version_of(agreement).title
    because = f"because you are named to sign it for {signatory.organisation.name}."
    return _letter(delivery, agreement, f"Please sign: {title}", title=title, because=because)


def reminder(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The agreement that is in force is to be reviewed soon, or expires."""
    agreement = _found(delivery)
    if isinstance(agreement, NotNeeded):
        return agreement
    version = agreement.signed_version
    if version is None or version.number != delivery.revision:
        return NotNeeded("A later version was signed.")
    day = getattr(version, DAYS[delivery.kind])
    if day is None or day < today():
        return NotNeeded("The day is over.")
    contact = contact_to_write_to(delivery, agreement.partnership)
    if isinstance(contact, NotNeeded):
        return contact
    subject = f"{WORDS[delivery.kind]} on {day_in_words(day)}: {version.title}"
    return _letter(
        delivery,
        agreement,
        subject,
        title=version.title,
        because=why_written_to(contact),
        day=day_in_words(day),
        left=(day - today()).days,
    )


def day_over(delivery: Delivery) -> datetime | None:
    """The end of the day that it reminds of."""
    agreement = (
        Agreement.objects.filter(ref=delivery.subject).select_related("signed_version").first()
    )
    version = agreement.signed_version if agreement else None
    day: date | None = getattr(version, DAYS[delivery.kind]) if version else None
    return day_starts(day + timedelta(days=1)) if day else None


def _signatory(delivery: Delivery, agreement: Agreement) -> Signatory | NotNeeded:
    """Whom it was meant for, if they are still to sign this version for where they work."""
    rows = Signatory.objects.filter(
        agreement=agreement, ended_at=None, user__email__iexact=delivery.recipient
    )
    signatory = rows.select_related("user", "organisation").first()
    if signatory is None:
        return NotNeeded("No longer the one who signs.")
    organisation = signatory.organisation
    if not _is_there(organisation) or organisation.pk not in agreement.acl:
        return NotNeeded("The organisation of the signatory is not in the partnership any more.")
    if not works_at(signatory.user, organisation.pk):
        return NotNeeded("The signatory has left their organisation.")
    signed = Signature.objects.filter(
        agreement=agreement, version__number=agreement.revision, organisation=organisation
    )
    return NotNeeded("The organisation has signed.") if signed.exists() else signatory


def _found(delivery: Delivery) -> Agreement | NotNeeded:
    """Read everything anew, as the organisation on whose behalf it goes sees it now."""
    agreement = (
        Agreement.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("partnership", "signed_version")
        .first()
    )
    if agreement is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if agreement.partnership.closed_at is not None:
        return NotNeeded("The partnership is closed.")
    if agreement.is_over:
        return NotNeeded("The agreement is over.")
    return agreement


def _is_there(organisation: Organisation) -> bool:
    return organisation.left_at is None and organisation.suspended_at is None


def _letter(delivery: Delivery, agreement: Agreement, subject: str, **more: Any) -> EmailMessage:
    context = {
        "partnership": agreement.partnership.name,
        "address": f"{settings.BASE_URL}/r/ag-{agreement.ref}/",
        "kind": agreement.get_kind_display(),
        **more,
    }
    return outbox.letter(delivery.kind, subject=subject, to=delivery.recipient, context=context)
