"""The e-mails about reviews: written, and checked once more, just before each is sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet

from calendars.london import day_in_words, today
from contacts.services import address_refused
from initiatives.plans.models import Initiative
from initiatives.review.announcements import ACCESS_ENDED, ANSWERED, ARRIVED, ASKED, REMINDER
from initiatives.review.models import ReviewRequest, Verdict
from initiatives.review.selectors import grants_on
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from organisations.selectors import works_at
from partnerships.record.recipients import contact_to_write_to, why_written_to

# So many initiatives are named in an e-mail; the page has them all.
MOST_NAMED = 25


def register() -> None:
    """Make the five kinds known to the outbox."""
    for name, label, compose, group in (
        (ASKED, "Initiative to review", to_review, groups.AGREEMENTS),
        (REMINDER, "Reminder of an initiative to review", to_review, groups.AGREEMENTS),
        (ARRIVED, "Request for a review has arrived", arrived, groups.NEWS),
        (ANSWERED, "Review answered", answered, groups.AGREEMENTS),
    ):
        outbox.register(Kind(name, label, compose, address_refused, group=group))
    outbox.register(
        Kind(ACCESS_ENDED, "Access to an initiative ended", access_ended, after_leaving=True)
    )


def to_review(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Asks the contact of an organisation, or a person, to review; or reminds them."""
    request = _found(delivery, ReviewRequest.objects.filter(ref=delivery.subject))
    if isinstance(request, NotNeeded):
        return request
    if not request.is_open:
        return NotNeeded(f"The request was {request.state}.")
    because = _why_asked(delivery, request)
    if isinstance(because, NotNeeded):
        return because
    due = day_in_words(request.due_on)
    name = request.initiative.name
    late = request.due_on < today()
    if delivery.kind == ASKED:
        subject = f"Please review: {name}, by {due}"
    elif late:
        subject = f"Review overdue: {name}"
    else:
        subject = f"Review due on {due}: {name}"
    return _letter(
        delivery,
        subject,
        because,
        request=request,
        initiative=request.initiative,
        # A person asked does not hear of the partnership.
        partnership=request.partnership.name if request.to_organisation_id else "",
        due=due,
        late=late,
        alone=request.to_user_id is not None,
        address=address_of(request.initiative),
    )


def answered(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Tells whoever asked that it was endorsed, or which changes were requested."""
    verdict = (
        Verdict.objects.filter(
            pk=delivery.payload["verdict"], acl__overlap=[delivery.organisation_id]
        )
        .select_related("organisation", "author")
        .first()
    )
    rows = ReviewRequest.objects.filter(ref=delivery.subject)
    request = _found(delivery, rows)
    if isinstance(request, NotNeeded):
        return request
    if verdict is None:
        return NotNeeded("The answer is not seen any more.")
    because = _why_told(delivery, request)
    if isinstance(because, NotNeeded):
        return because
    return _letter(
        delivery,
        f"{verdict.get_kind_display()}: {request.initiative.name}",
        because,
        verdict=verdict,
        initiative=request.initiative,
        partnership=request.partnership.name,
        changed=request.initiative.revision != verdict.revision,
        address=address_of(request.initiative),
    )


def arrived(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Tells whoever asked which of their requests have arrived."""
    rows = _seen(delivery, ReviewRequest.objects.filter(pk__in=delivery.payload["requests"]))
    waiting = [each for each in rows if each.is_open]
    if not waiting:
        return NotNeeded("They have been answered or withdrawn, or go on no longer.")
    because = _why_told(delivery, waiting[0])
    if isinstance(because, NotNeeded):
        return because
    number = len(waiting)
    what = waiting[0].initiative.name if number == 1 else f"{number} initiatives"
    return _letter(
        delivery,
        f"Your request for a review has arrived: {what}",
        because,
        arrived=[
            (each.initiative.name, each.addressee, day_in_words(each.due_on))
            for each in waiting[:MOST_NAMED]
        ],
        more=max(0, number - MOST_NAMED),
    )


def access_ended(delivery: Delivery) -> EmailMessage | NotNeeded:
    """That an initiative is no longer shared with the person."""
    initiative = (
        Initiative.objects.filter(pk=delivery.payload["initiative"])
        .select_related("organisation")
        .first()
    )
    if initiative is None:
        return NotNeeded("The initiative is not seen any more.")
    return _letter(
        delivery,
        f"{initiative.organisation.name} no longer shares an initiative with you",
        f"because {initiative.organisation.name} had given you access to a record.",
        initiative=initiative,
    )


def address_of(initiative: Initiative) -> str:
    """The link that leads each reader to their own page of a review."""
    return f"{settings.BASE_URL}/r/inr-{initiative.ref}/"


def _seen(delivery: Delivery, rows: QuerySet[ReviewRequest]) -> list[ReviewRequest]:
    """Read everything anew, as the organisation on whose behalf it goes sees it now; only what is
    about initiatives that go on, in partnerships that are open."""
    found = rows.filter(
        acl__overlap=[delivery.organisation_id],
        initiative__withdrawn_at=None,
        partnership__closed_at=None,
    ).select_related(
        "initiative__organisation",
        "partnership",
        "author",
        "author_organisation",
        "to_user",
        "to_organisation",
    )
    return list(found.order_by("asked_at", "pk"))


def _found(delivery: Delivery, rows: QuerySet[ReviewRequest]) -> ReviewRequest | NotNeeded:
    for request in _seen(delivery, rows):
        return request
    return NotNeeded(
        "The initiative was withdrawn, its partnership closed, or the organisation is not in it."
    )


def _why_asked(delivery: Delivery, request: ReviewRequest) -> str | NotNeeded:
    """As what the reader is asked; or why they are asked no longer."""
    if request.to_user is None:
        contact = contact_to_write_to(delivery, request.partnership)
        if isinstance(contact, NotNeeded):
            return contact
        if contact.organisation_id != request.to_organisation_id:
            return NotNeeded("It was meant for the contact of another organisation.")
        return why_written_to(contact)
    person = request.to_user
    if person.email.lower() != delivery.recipient.lower() or not person.is_active:
        return NotNeeded("The person has another address, or no account any more.")
    if person.is_operator or person.pk not in {
        each.user_id for each in grants_on(request.initiative)
    }:
        return NotNeeded("The person has no access to the initiative any more.")
    return f"because {request.author_organisation.name} asked you, by name, for a review."


def _why_told(delivery: Delivery, request: ReviewRequest) -> str | NotNeeded:
    """As what the reader hears what became of a request; or why they do no longer."""
    if delivery.posting_id is not None:
        contact = contact_to_write_to(delivery, request.partnership)
        return contact if isinstance(contact, NotNeeded) else why_written_to(contact)
    if request.author.email.lower() != delivery.recipient.lower() or not works_at(
        request.author, request.author_organisation_id
    ):
        return NotNeeded("Whoever asked has left the organisation, or has another address.")
    return "because you asked for this review."


def _letter(delivery: Delivery, subject: str, because: str, **more: Any) -> EmailMessage:
    context = {"because": because, **more}
    return outbox.letter(delivery.kind, subject=subject, to=delivery.recipient, context=context)
