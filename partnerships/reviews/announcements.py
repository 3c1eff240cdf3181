"""Which e-mails a review asks the outbox for, and which it takes back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from calendars.london import at_wall_clock, today
from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.record.recipients import people_to_tell
from partnerships.reviews.models import Review

TO_ANSWER = "review_to_answer"
REMINDER = "review_reminder"
RESULTS = "review_results"
# So many days before it closes, at this time by London clocks.
AHEAD = 4
CLOCK = time(9, 0)
DAY_MINUTES = 24 * 60
# The revision of what is told when somebody closes it; the one asked for at its opening has none.
CLOSED_EARLY = 1


def ask(*, by: Actor, review: Review) -> None:
    """Ask the contact of each member to answer, remind them before the review closes, and tell
    them what came of it the morning after."""
    remind_at = reminder_at(review.closes_on)
    _to_each(by, review, TO_ANSWER)
    if remind_at > timezone.now():
        _to_each(by, review, REMINDER, due_at=remind_at, offset_minutes=AHEAD * DAY_MINUTES)
    _to_each(by, review, RESULTS, due_at=results_at(review.closes_on))


def tell_results(*, by: Actor, review: Review) -> None:
    """It was closed before its last day: nobody is asked any more, and all are told now."""
    kinds = [TO_ANSWER, REMINDER, RESULTS]
    outbox.withdraw(subject=review.ref, reason="The review is closed.", kinds=kinds)
    _to_each(by, review, RESULTS, revision=CLOSED_EARLY)


def _to_each(by: Actor, review: Review, kind: str, **when: Any) -> None:
    """One e-mail to the contact of each member."""
    for person in people_to_tell(review.partnership):
        if person.organisation_id not in review.acl:
            continue
        speaker = _speaker(by, person.organisation_id)
        with acting(speaker.scope):
            outbox.enqueue(
                kind=kind,
                subject=review.ref,
                recipient=person.email,
                by=speaker,
                posting_id=person.posting_id,
                **when,
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


def reminder_at(closes_on: date) -> datetime:
    """When the reminder goes."""
    return at_wall_clock(closes_on - timedelta(days=AHEAD), CLOCK)


def results_at(closes_on: date) -> datetime:
    """When it is told what came of it, if nobody closes it before."""
    return at_wall_clock(closes_on + timedelta(days=1), CLOCK)


def _speaker(by: Actor, organisation_id: int) -> Actor:
    """Each is asked as their own organisation sees it, so that it outlasts others who leave."""
    return by if organisation_id == by.organisation_id else on_behalf_of(organisation_id)
