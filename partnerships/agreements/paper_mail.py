"""Reminders of a paper's review, 90, 60 and 30 days before: asked for, taken back, written."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from calendars.london import day_in_words, day_starts, today
from contacts.services import address_refused
from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from organisations.tenancy.scope import acting
from partnerships.agreements.announcements import AHEAD, DAY_MINUTES, reminder_at, speaker_for
from partnerships.agreements.models import DataPaper
from partnerships.record.models import Partnership
from partnerships.record.recipients import contact_to_write_to, people_to_tell, why_written_to

REVIEW = "data_paper_review"


def remind(*, by: Actor, paper: DataPaper) -> None:
    """Remind every contact and deputy of its review."""
    moments = [(ahead, reminder_at(paper.review_on, ahead)) for ahead in AHEAD]
    coming = [moment for moment in moments if moment[1] > timezone.now()]
    for person in people_to_tell(paper.agreement.partnership):
        speaker = speaker_for(by, paper.agreement, person.organisation_id)
        with acting(speaker.scope):
            for ahead, due_at in coming:
                outbox.enqueue(
                    kind=REVIEW,
                    subject=paper.ref,
                    recipient=person.email,
                    by=speaker,
                    due_at=due_at,
                    offset_minutes=ahead * DAY_MINUTES,
                    revision=paper.revision,
                    posting_id=person.posting_id,
                )


def call_off(paper: DataPaper, reason: str) -> None:
    """Take back the reminders that have not gone out."""
    outbox.withdraw(subject=paper.ref, reason=reason, kinds=[REVIEW])


def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Remind whoever has become a contact since, too; says of how many papers.

    Follows the naming or correcting of a contact, whose service has asked whether the actor may.
    """
    found = DataPaper.objects.filter(
        partnership=partnership, acl__overlap=[by.organisation_id], ended_at=None
    ).select_related("agreement__partnership")
    for paper in found:
        remind(by=by, paper=paper)
    return len(found)


def reminder(delivery: Delivery) -> EmailMessage | NotNeeded:
    """A paper is to be reviewed soon."""
    paper = (
        DataPaper.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("agreement__partnership", "keeper")
        .first()
    )
    if paper is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    partnership = paper.agreement.partnership
    if partnership.closed_at is not None:
        return NotNeeded("The partnership is closed.")
    if paper.agreement.is_over:
        return NotNeeded("The agreement is over.")
    if paper.ended_at is not None or paper.revision != delivery.revision:
        return NotNeeded("The paper was changed, or holds no more.")
    if paper.review_on < today():
        return NotNeeded("The day is over.")
    contact = contact_to_write_to(delivery, partnership)
    if isinstance(contact, NotNeeded):
        return contact
    day = day_in_words(paper.review_on)
    return outbox.letter(
        delivery.kind,
        subject=f"Review due on {day}: {paper.reference}",
        to=delivery.recipient,
        context={
            "partnership": partnership.name,
            "address": f"{settings.BASE_URL}/r/ag-{paper.agreement.ref}/",
            "kind": paper.get_kind_display(),
            "title": paper.reference,
            "keeper": paper.keeper.name,
            "because": why_written_to(contact),
            "day": day,
            "left": (paper.review_on - today()).days,
        },
    )


def day_over(delivery: Delivery) -> datetime | None:
    """The end of the day that it reminds of."""
    paper = DataPaper.objects.filter(ref=delivery.subject).first()
    return day_starts(paper.review_on + timedelta(days=1)) if paper else None


def register() -> None:
    """Make the kind known to the outbox."""
    outbox.register(
        Kind(
            REVIEW,
            "Data protection paper to review",
            reminder,
            address_refused,
            group=groups.AGREEMENTS,
            pointless_from=day_over,
        )
    )
