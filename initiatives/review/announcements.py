"""Which e-mails a review asks the outbox for.

An organisation is asked at its contact, as it sees the record itself; a person at the address that
they sign in with, as the organisation that asks sees it. What comes of it goes to whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from calendars.london import at_wall_clock
from calendars.working_days import add_working_days, next_working_day
from initiatives.plans.models import InitiativeGrant
from initiatives.review.models import RequestState, ReviewRequest, Verdict
from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.references import new_ref
from organisations.selectors import works_at
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.record.recipients import people_to_tell

ASKED = "initiative_review_asked"
REMINDER = "initiative_review_reminder"
ARRIVED = "initiative_review_arrived"
ANSWERED = "initiative_review_answered"
ACCESS_ENDED = "initiative_access_ended"
# So many working days before the answer is due, at this time by London clocks.
AHEAD = 2
CLOCK = time(9, 0)
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address, and the posting that it is known by; None for somebody who signs in."""

    email: str
    posting_id: int | None = None


def ask(*, by: Actor, request: ReviewRequest) -> bool:
    """Ask, and remind before and after the day; says whether an e-mail reaches anybody."""
    to = _asked(request)
    if to is None:
        return False
    speaker = by if request.to_organisation_id is None else on_behalf_of(request.to_organisation_id)
    moments: list[tuple[str, datetime | None, int]] = [(ASKED, None, 0)]
    reminders = (
        (REMINDER, reminder_at(request.due_on), AHEAD * DAY_MINUTES),
        (REMINDER, overdue_at(request.due_on), 0),
    )
    moments += [moment for moment in reminders if moment[1] > timezone.now()]
    with acting(speaker.scope):
        for kind, due_at, offset in moments:
            outbox.enqueue(
                kind=kind,
                subject=request.ref,
                recipient=to.email,
                by=speaker,
                due_at=due_at,
                offset_minutes=offset,
                posting_id=to.posting_id,
            )
    return True


def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Ask whoever has become a contact since, too; says about how many requests.

    Follows the naming or correcting of a contact, whose service has asked whether the actor may.
    """
    found = ReviewRequest.objects.filter(
        partnership=partnership,
        acl__overlap=[by.organisation_id],
        state=RequestState.OPEN,
        to_organisation__isnull=False,
        initiative__withdrawn_at=None,
    ).select_related("partnership")
    return sum(ask(by=by, request=request) for request in found)


def say_arrived(requests: Iterable[ReviewRequest]) -> None:
    """Tell whoever asked that requests have arrived: one e-mail for each, of all of theirs."""
    theirs: dict[tuple[int, int], list[ReviewRequest]] = {}
    for each in requests:
        theirs.setdefault((each.author_organisation_id, each.author_id), []).append(each)
    for rows in theirs.values():
        _to_whoever_asked(
            rows[0], ARRIVED, subject=new_ref(), payload={"requests": [each.pk for each in rows]}
        )


def say_answered(request: ReviewRequest, verdict: Verdict) -> None:
    """Tell whoever asked what the answer is; nobody is reminded any more."""
    reason = "The request has been answered."
    outbox.withdraw(subject=request.ref, reason=reason)
    with acting(on_behalf_of(request.author_organisation_id).scope):
        # What asks a person goes out on behalf of whoever asked.
        outbox.withdraw(subject=request.ref, reason=reason)
    _to_whoever_asked(request, ANSWERED, subject=request.ref, payload={"verdict": verdict.pk})


def say_ended(by: Actor, grant: InitiativeGrant) -> None:
    """Tell a person that an initiative is no longer shared with them."""
    outbox.enqueue(
        kind=ACCESS_ENDED,
        subject=new_ref(),
        recipient=grant.user.email,
        by=by,
        payload={"initiative": grant.content_object_id},
    )


def reminder_at(due_on: date) -> datetime:
    """When whoever is asked is reminded of the day."""
    return at_wall_clock(add_working_days(due_on, -AHEAD), CLOCK)


def overdue_at(due_on: date) -> datetime:
    """When they are reminded once more: on the first working day after it."""
    return at_wall_clock(next_working_day(due_on), CLOCK)


def _asked(request: ReviewRequest) -> Recipient | None:
    """The person asked, or the contact of the organisation asked."""
    if request.to_user is not None:
        return Recipient(request.to_user.email)
    return _contact(request.partnership, request.to_organisation_id)


def _contact(partnership: Partnership, organisation_id: int | None) -> Recipient | None:
    for person in people_to_tell(partnership):
        if person.organisation_id == organisation_id:
            return Recipient(person.email, person.posting_id)
    return None


def _to_whoever_asked(
    request: ReviewRequest, kind: str, *, subject: str, payload: dict[str, object]
) -> None:
    """One e-mail to the person who asked while they work there, or else their contact, as their
    organisation sees it: whoever answers need not see the partnership."""
    speaker = on_behalf_of(request.author_organisation_id)
    with acting(speaker.scope):
        to: Recipient | None
        if works_at(request.author, request.author_organisation_id):
            to = Recipient(request.author.email)
        else:
            partnership = Partnership.objects.filter(pk=request.partnership_id).first()
            to = _contact(partnership, speaker.organisation_id) if partnership else None
        if to is not None:
            outbox.enqueue(
                kind=kind,
                subject=subject,
                recipient=to.email,
                by=speaker,
                posting_id=to.posting_id,
                payload=payload,
            )
