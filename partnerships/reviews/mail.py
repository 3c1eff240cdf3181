"""The e-mails about a review: written, and checked once more, just before each is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from calendars.london import day_in_words, day_starts
from contacts.services import note_bounce
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.record.recipients import contact_behind
from partnerships.reviews.announcements import REMINDER, TO_ANSWER
from partnerships.reviews.models import Review
from partnerships.reviews.questions import keys_of
from partnerships.reviews.selectors import we_answered


def register() -> None:
    """Make the two kinds known to the outbox."""
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


def to_answer(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Asks the contact of a member to answer, or reminds them while nobody there has."""
    review = _found(delivery)
    if isinstance(review, NotNeeded):
        return review
    contact = contact_behind(delivery, review.partnership)
    if contact is None:
        return NotNeeded("No longer a contact in the partnership, or the address has changed.")
    organisation = contact.organisation
    if organisation.left_at is not None or organisation.suspended_at is not None:
        return NotNeeded("The organisation of the contact is suspended or has left.")
    if organisation.pk != delivery.organisation_id:
        return NotNeeded("It was meant for the contact of another organisation.")
    if we_answered(review):
        return NotNeeded("Somebody of the organisation has answered.")
    function = contact.get_function_display().lower()
    recorder, source = contact.posting.recorder, contact.posting.source
    where = f" (source: {source})" if source and recorder != organisation.name else ""
    last_day = day_in_words(review.closes_on)
    opening = "Review to answer" if delivery.kind == TO_ANSWER else "Review closes soon"
    return outbox.letter(
        delivery.kind,
        subject=f"{opening}: {review.partnership.name}, by {last_day}",
        to=delivery.recipient,
        context={
            "partnership": review.partnership.name,
            "review": review.title,
            "questions": len(keys_of(review.kind)),
            "last_day": last_day,
            "address": f"{settings.BASE_URL}/r/rv-{review.ref}/",
            "because": (
                f"as the {function} of {organisation.name} in this partnership. {recorder} "
                f"recorded your work address{where}. To have it corrected or removed, tell "
                f"{recorder}."
            ),
        },
    )


def day_over(delivery: Delivery) -> datetime | None:
    """The end of the day on which the review closes."""
    review = Review.objects.filter(ref=delivery.subject).first()
    return day_starts(review.closes_on + timedelta(days=1)) if review else None


def address_refused(delivery: Delivery) -> None:
    """Mark the posting's address as refusing mail, for everyone who works with it."""
    if delivery.posting_id is not None:
        note_bounce(
            posting_id=delivery.posting_id,
            email=delivery.recipient,
            reason=delivery.reason or "The mail server refused the address.",
        )


def _found(delivery: Delivery) -> Review | NotNeeded:
    """Read everything anew, as the organisation on whose behalf it goes sees it now."""
    review = (
        Review.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("partnership")
        .first()
    )
    if review is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if review.partnership.closed_at is not None:
        return NotNeeded("The partnership is closed.")
    return review if review.is_open else NotNeeded("The review is closed.")
