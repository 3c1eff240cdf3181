"""The e-mails of a directory, on nobody's behalf; each is asked about just before it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.urls import reverse

from contacts.models import CheckedBy, LetterKind, Listing
from contacts.verification.links import CHECKS, FoundLetter, LinkState, address, find_by_ref
from contacts.verification.services import note_refused
from frontend.wording import relative_days
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import NotNeeded, groups

# Not those that tell of somebody's rights, or that they asked for.
MAY_BE_SILENCED = frozenset(
    {
        LetterKind.CHECK,
        LetterKind.CHECK_AGAIN,
        LetterKind.CHECK_ORGANISATION,
        LetterKind.SUMMARY,
    }
)
OVER = NotNeeded("The directory does not ask this any more.")


def kind_of(kind: str) -> str:
    """What the outbox calls a kind of letter."""
    return f"directory_{kind}"


def _compose(delivery: Delivery) -> EmailMessage | NotNeeded:
    letter = find_by_ref(delivery.subject)
    if letter is None or letter.expired:
        return OVER
    return WRITERS[letter.kind](letter, delivery)


def _check(letter: FoundLetter, delivery: Delivery) -> EmailMessage | NotNeeded:
    if letter.state is not LinkState.OPEN:
        return OVER
    again = letter.kind == LetterKind.CHECK_AGAIN
    subject = f"Are your details right? {letter.job_title}, {letter.organisation}"
    return _letter(
        kind_of(LetterKind.CHECK),
        f"Reminder: {subject[0].lower()}{subject[1:]}" if again else subject,
        letter,
        delivery,
    )


def _organisation(letter: FoundLetter, delivery: Delivery) -> EmailMessage | NotNeeded:
    if letter.state is not LinkState.OPEN:
        return OVER
    subject = f"Is {letter.name} still {letter.job_title}?"
    return _letter(kind_of(letter.kind), subject, letter, delivery)


def _notice(letter: FoundLetter, delivery: Delivery) -> EmailMessage | NotNeeded:
    if not letter.still_theirs:
        return OVER
    offered = letter.listing == Listing.OFFERED
    verb = "offered to" if offered else "listed in"
    subject = f"Your work details are {verb} the directory of {letter.region}"
    return _letter(kind_of(letter.kind), subject, letter, delivery)


def _new_address(letter: FoundLetter, delivery: Delivery) -> EmailMessage | NotNeeded:
    if letter.used_at or letter.ended_on or letter.listing not in (Listing.LISTED, Listing.OFFERED):
        return OVER
    return _letter(kind_of(letter.kind), "Confirm your new email address", letter, delivery)


def _details_link(letter: FoundLetter, delivery: Delivery) -> EmailMessage | NotNeeded:
    return _letter(kind_of(letter.kind), "What the directory holds on you", letter, delivery)


def _removed(letter: FoundLetter, delivery: Delivery) -> EmailMessage | NotNeeded:
    subject = f"Removed from the directory: {letter.job_title}, {letter.organisation}"
    return _letter("directory_removed", subject, letter, delivery)


def _summary(letter: FoundLetter, delivery: Delivery) -> EmailMessage | NotNeeded:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT no_answer, bounced, left_by_reply, disputed FROM tandem.summary_of(%s)",
            [letter.ref],
        )
        row = cursor.fetchone()
    if row is None or not any(row):
        return OVER
    counts = Waits(*row)
    return outbox.letter(
        kind_of(letter.kind),
        subject=f"What waits for you in the directory of {letter.region}",
        to=delivery.recipient,
        context={
            "region": letter.region,
            "counts": counts,
            "page": f"{settings.BASE_URL}{reverse('region', args=[letter.region_slug])}",
        },
    )


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for the admin of a region, counted."""

    no_answer: int
    bounced: int
    left: int
    disputed: int


def _letter(kind: str, subject: str, letter: FoundLetter, delivery: Delivery) -> EmailMessage:
    context = {
        "letter": letter,
        "offered": letter.listing == Listing.OFFERED,
        "again": letter.kind == LetterKind.CHECK_AGAIN,
        "keeper": letter.kind == LetterKind.REMOVED_KEEPER,
        "checked": _checked(letter),
        "your_details": address("your-details", letter.ref),
    }
    if letter.kind in CHECKS:
        context |= {
            "right": address("check-right", letter.ref),
            "changed": address("check-changed", letter.ref),
            "left": address("check-left", letter.ref),
        }
    if letter.kind == LetterKind.CONFIRM_ADDRESS:
        context["confirm"] = address("confirm-address", letter.ref)
    return outbox.letter(kind, subject=subject, to=delivery.recipient, context=context)


def _checked(letter: FoundLetter) -> str:
    if letter.checked_at is None:
        return "never checked"
    by = f" by {CheckedBy(letter.checked_by).label}" if letter.checked_by else ""
    return f"checked {relative_days(letter.checked_at)}{by}"


def _refused(delivery: Delivery) -> None:
    reason = delivery.reason or "The mail server refused the address."
    note_refused(ref=delivery.subject, reason=reason)


Writer = Callable[[FoundLetter, Delivery], EmailMessage | NotNeeded]
WRITERS: dict[str, Writer] = {
    LetterKind.NOTICE: _notice,
    LetterKind.CHECK: _check,
    LetterKind.CHECK_AGAIN: _check,
    LetterKind.CHECK_ORGANISATION: _organisation,
    LetterKind.CONFIRM_ADDRESS: _new_address,
    LetterKind.DETAILS_LINK: _details_link,
    LetterKind.REMOVED_ADMIN: _removed,
    LetterKind.REMOVED_KEEPER: _removed,
    LetterKind.SUMMARY: _summary,
}


def register() -> None:
    """Make these kinds known to the outbox."""
    for kind in LetterKind:
        outbox.register(
            outbox.Kind(
                name=kind_of(kind),
                label=kind.label,
                compose=_compose,
                on_dead=_refused,
                group=groups.DIRECTORY if kind in MAY_BE_SILENCED else groups.ACCOUNT,
            )
        )
