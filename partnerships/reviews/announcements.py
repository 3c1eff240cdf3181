"""Which e-mails a review asks the outbox for, and which it takes back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from calendars.london import at_wall_clock, today
from organisations import outbox
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.record.recipients import people_to_tell
from partnerships.record.standing import on_behalf_of
from partnerships.reviews.models import Review

TO_ANSWER = "review_to_answer"
REMINDER = "review_reminder"
# So many days before it closes, at this time by London clocks.
AHEAD = 4
CLOCK = time(9, 0)
DAY_MINUTES = 24 * 60


def ask(*, by: Actor, review: Review) -> None:
    """Ask the contact of each member to answer, and remind them before the review closes."""
    remind_at = reminder_at(review.closes_on)
    for person in people_to_tell(review.partnership):
        if person.organisation_id not in review.acl:
            continue
        speaker = _speaker(by, person.organisation_id)
        with acting(speaker.scope):
            outbox.enqueue(
                kind=TO_ANSWER,
                subject=review.ref,
                recipient=person.email,
                by=speaker,
                posting_id=person.posting_id,
            )
            if remind_at > timezone.now():
                outbox.enqueue(
                    kind=REMINDER,
                    subject=review.ref,
                    recipient=person.email,
                    by=speaker,
                    due_at=remind_at,
                    offset_minutes=AHEAD * DAY_MINUTES,
                    posting_id=person.posting_id,
                )


def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Ask whoever has become a contact since, too; says about how many reviews.

    Follows the naming or correcting of a contact, whose service has asked whether the actor may.
    """
    found = Review.objects.filter(
        partnership=partnership,
        acl__overlap=[by.organisation_id],
        closed_at=None,
        closes_on__gte=today(),
    ).select_related("partnership")
    for review in found:
        ask(by=by, review=review)
    return len(found)


def call_off(review: Review, reason: str) -> None:
    """Take back what has not gone out."""
    outbox.withdraw(subject=review.ref, reason=reason, kinds=[TO_ANSWER, REMINDER])


def reminder_at(closes_on: date) -> datetime:
    """When the reminder goes."""
    return at_wall_clock(closes_on - timedelta(days=AHEAD), CLOCK)


def _speaker(by: Actor, organisation_id: int) -> Actor:
    """Each is asked as their own organisation sees it, so that it outlasts others who leave."""
    return by if organisation_id == by.organisation_id else on_behalf_of(organisation_id)
