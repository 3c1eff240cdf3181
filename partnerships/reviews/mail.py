"""The e-mails about a review: written, and checked once more, just before each is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from calendars.london import day_in_words, day_starts
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.record.recipients import contact_to_write_to, why_written_to
from partnerships.reviews.announcements import CLOSED_EARLY, REMINDER, RESULTS, TO_ANSWER
from partnerships.reviews.models import Review
from partnerships.reviews.presenters import differences
from partnerships.reviews.questions import keys_of
from partnerships.reviews.selectors import results_of, we_answered

# So many questions are named in an e-mail; the page has them all.
MOST_NAMED = 5


def register() -> None:
    """Make the three kinds known to the outbox."""
    for name, label in ((TO_ANSWER, "Review to answer"), (REMINDER, "Review that closes soon")):
        outbox.register(
            Kind(
                name,
                label,
                to_answer,
                address_refused,
                group=groups.AGREEMENTS,
                pointless_from=day_over,
            )
        )
    label = "What came of a review"
    outbox.register(Kind(RESULTS, label, results, address_refused, group=groups.AGREEMENTS))


def to_answer(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Asks the contact of a member to answer, or reminds them while nobody there has."""
    found = _for_the_contact(delivery)
    if isinstance(found, NotNeeded):
        return found
    review, because = found
    if not review.is_open:
        return NotNeeded("The review is closed.")
    if we_answered(review):
        return NotNeeded("Somebody of the organisation has answered.")
    last_day = day_in_words(review.closes_on)
    opening = "Review to answer" if delivery.kind == TO_ANSWER else "Review closes soon"
    return _letter(
        delivery,
        review,
        f"{opening}: {review.partnership.name}, by {last_day}",
        because,
        questions=len(keys_of(review.kind)),
        last_day=last_day,
    )


def results(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Tells the contact of a member that the averages are there, and where people differ."""
    found = _for_the_contact(delivery)
    if isinstance(found, NotNeeded):
        return found
    review, because = found
    if review.is_open:
        return NotNeeded("The review is still open.")
    if review.closed_at is not None and delivery.revision != CLOSED_EARLY:
        return NotNeeded("It was closed before its last day; another e-mail says so.")
    averages = results_of([review])[review.pk]
    if not averages:
        return NotNeeded("Too few people answered for anything to be shown.")
    apart = differences(review, averages)
    return _letter(
        delivery,
        review,
        f"Review results: {review.partnership.name}",
        because,
        differences=[each.text for each in apart[:MOST_NAMED]],
        more=max(0, len(apart) - MOST_NAMED),
    )


def day_over(delivery: Delivery) -> datetime | None:
    """The end of the day on which the review closes."""
    review = Review.objects.filter(ref=delivery.subject).first()
    return day_starts(review.closes_on + timedelta(days=1)) if review else None


def _for_the_contact(delivery: Delivery) -> tuple[Review, str] | NotNeeded:
    """The review and why its reader is written to; everything is read anew, as the organisation
    on whose behalf it goes sees it now."""
    review = (
        Review.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("partnership")
        .first()
    )
    if review is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if review.partnership.closed_at is not None:
        return NotNeeded("The partnership is closed.")
    contact = contact_to_write_to(delivery, review.partnership)
    if isinstance(contact, NotNeeded):
        return contact
    if contact.organisation_id != delivery.organisation_id:
        return NotNeeded("It was meant for the contact of another organisation.")
    return review, why_written_to(contact)


def _letter(
    delivery: Delivery, review: Review, subject: str, because: str, **more: Any
) -> EmailMessage:
    context = {
        "partnership": review.partnership.name,
        "review": review.title,
        "address": f"{settings.BASE_URL}/r/rv-{review.ref}/",
        "because": because,
        **more,
    }
    return outbox.letter(delivery.kind, subject=subject, to=delivery.recipient, context=context)
