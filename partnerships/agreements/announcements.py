"""Which e-mails an agreement asks the outbox for, and which it takes back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from calendars.london import at_wall_clock
from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.agreements.models import Agreement, AgreementVersion, Signatory, Signature
from partnerships.record.models import Partnership
from partnerships.record.recipients import people_to_tell

TO_SIGN = "agreement_to_sign"
REVIEW = "agreement_review"
EXPIRY = "agreement_expiry"
REMINDERS = (REVIEW, EXPIRY)
# So many days before, at this time by London clocks.
AHEAD = (90, 60, 30)
CLOCK = time(9, 0)
DAY_MINUTES = 24 * 60
CHANGED = "The agreement was changed."


def ask_to_sign(*, by: Actor, agreement: Agreement, of: int | None = None) -> None:
    """Ask each signatory who has not signed the newest version, or the one `of` an organisation;
    not whoever does this."""
    signed = Signature.objects.filter(
        agreement=agreement, version__number=agreement.revision
    ).values_list("organisation_id", flat=True)
    rows = Signatory.objects.filter(agreement=agreement, ended_at=None).select_related("user")
    if of is not None:
        rows = rows.filter(organisation_id=of)
    for each in rows.exclude(organisation_id__in=list(signed)).order_by("pk"):
        if each.user_id == by.user_id:
            continue
        speaker = speaker_for(by, agreement, each.organisation_id)
        with acting(speaker.scope):
            outbox.enqueue(
                kind=TO_SIGN,
                subject=agreement.ref,
                recipient=each.user.email,
                by=speaker,
                revision=agreement.revision,
            )


def no_longer_to_sign(
    agreement: Agreement, reason: str = CHANGED, recipients: Collection[str] | None = None
) -> None:
    """Take back what asks to sign, from everybody or from these alone."""
    outbox.withdraw(subject=agreement.ref, reason=reason, kinds=[TO_SIGN], recipients=recipients)


def remind(*, by: Actor, agreement: Agreement, version: AgreementVersion) -> None:
    """Remind the contacts of the review and of the end of the version that is now in force."""
    call_off(agreement, "A later version was signed.")
    _remind(by, agreement, version)


def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Remind whoever has become a contact since, too; says of how many agreements.

    Follows the naming or correcting of a contact, whose service has asked whether the actor may.
    """
    found = Agreement.objects.filter(
        partnership=partnership, acl__overlap=[by.organisation_id], signed_version__isnull=False
    ).select_related("partnership", "signed_version")
    for agreement in found:
        assert agreement.signed_version is not None
        if not agreement.is_over:
            _remind(by, agreement, agreement.signed_version)
    return len(found)


def call_off(agreement: Agreement, reason: str) -> None:
    """Take back the reminders that have not gone out."""
    outbox.withdraw(subject=agreement.ref, reason=reason, kinds=REMINDERS)


def reminder_at(day: date, ahead: int) -> datetime:
    """When a reminder of that day goes."""
    return at_wall_clock(day - timedelta(days=ahead), CLOCK)


def _remind(by: Actor, agreement: Agreement, version: AgreementVersion) -> None:
    days = ((REVIEW, version.review_on), (EXPIRY, version.expires_on))
    moments = [
        (kind, ahead, reminder_at(day, ahead))
        for kind, day in days
        if day is not None
        for ahead in AHEAD
    ]
    coming = [moment for moment in moments if moment[2] > timezone.now()]
    for person in people_to_tell(agreement.partnership):
        speaker = speaker_for(by, agreement, person.organisation_id)
        with acting(speaker.scope):
            for kind, ahead, due_at in coming:
                outbox.enqueue(
                    kind=kind,
                    subject=agreement.ref,
                    recipient=person.email,
                    by=speaker,
                    due_at=due_at,
                    offset_minutes=ahead * DAY_MINUTES,
                    revision=version.number,
                    posting_id=person.posting_id,
                )


def speaker_for(by: Actor, agreement: Agreement, organisation_id: int) -> Actor:
    """Each is told as their own organisation sees it, so that it outlasts others who leave."""
    if organisation_id == by.organisation_id or organisation_id not in agreement.acl:
        return by
    return on_behalf_of(organisation_id)
