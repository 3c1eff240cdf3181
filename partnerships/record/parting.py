"""An organisation leaves one partnership, with a word to those who stay.

What it shared stays with them. The alcoves settle what is theirs first, while it still sees it:

    on_parting.register(settle_touchpoints)
    foretold_parting.register(what_becomes_of_them)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from organisations import audit, outbox, permissions
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.joining import managers
from organisations.joining.registry import Listeners
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.permissions import Permission
from organisations.references import new_ref
from organisations.tenancy.scope import Scope, acting
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.record.services.contacts import end_contacts
from partnerships.record.services.members import locked_member

PARTED = "partnership_left"
LONGEST_WORDS = 300

# Called with whoever takes the organisation out, and the partnership; says how many it settled.
on_parting: Listeners[Callable[[Actor, Partnership], Mapping[str, int]]] = Listeners()
# Called before they decide: sentences that say what would become of what is there.
foretold_parting: Listeners[Callable[[Actor, Partnership], list[str]]] = Listeners()


@transaction.atomic
def leave_partnership(*, by: Actor, member: Member, words: str = "") -> Member:
    """End the acting organisation's part in a partnership that another one opened.

    `words` are for those who stay: why, and who carries on with what. The managers of the other
    members get an e-mail. Raises ValidationError for words that are too long, and when it has left
    already.
    """
    permissions.require(by, Permission.LEAVE_PARTNERSHIP, member)
    words = checked_words(words)
    current = locked_member(member.partnership, member.organisation)
    if current.state != MemberState.ACCEPTED:
        raise ValidationError("Your organisation is not in this partnership any more.")
    settled: dict[str, int] = {}
    for listener in on_parting.listeners:
        settled.update(listener(by, current.partnership))
    settled["contacts"] = end_contacts(by, current)
    _tell(by, current)
    # On record first: afterwards the organisation no longer sees the partnership.
    changes = {"state": [str(MemberState.ACCEPTED), str(MemberState.LEFT)], **settled}
    audit.record("partnership left", by=by, obj=current, changes=changes)
    current.state, current.decline_reason = MemberState.LEFT, words
    current.answered_at, current.answered_by_id = timezone.now(), by.user_id
    current.save(update_fields=["state", "decline_reason", "answered_at", "answered_by"])
    return current


def checked_words(words: str) -> str:
    """A word to the others as it is kept; raises ValidationError when it is too long."""
    words = " ".join(words.split())
    if len(words) > LONGEST_WORDS:
        raise ValidationError({"words": f"It must be {LONGEST_WORDS} characters or fewer"})
    return words


def what_would_become(by: Actor, partnership: Partnership) -> list[str]:
    """What leaving would end or pass on, in sentences without their full stops."""
    return [words for each in foretold_parting.listeners for words in each(by, partnership)]


def _tell(by: Actor, member: Member) -> None:
    others = Member.objects.filter(
        partnership=member.partnership, state=MemberState.ACCEPTED, organisation__left_at=None
    ).exclude(organisation_id=member.organisation_id)
    subject = new_ref()
    for other in others.order_by("pk").values_list("organisation_id", flat=True):
        addresses = managers.addresses(other)
        with acting(Scope(organisation_id=other)):
            for address in addresses:
                outbox.enqueue(
                    kind=PARTED,
                    subject=subject,
                    recipient=address,
                    by=on_behalf_of(other),
                    payload={
                        "organisation": member.organisation_id,
                        "partnership": member.partnership_id,
                    },
                )


def compose_parted(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who has left which partnership, with its words, as the partner sees it."""
    if not managers.is_one(delivery.recipient, delivery.organisation_id):
        return managers.NO_LONGER_ONE
    member = (
        Member.objects.filter(
            partnership=delivery.payload["partnership"],
            organisation=delivery.payload["organisation"],
            partnership__acl__overlap=[delivery.organisation_id],
            partnership__closed_at=None,
            state=MemberState.LEFT,
        )
        .select_related("organisation", "partnership")
        .first()
    )
    if member is None:
        return NotNeeded("It is in the partnership again, or the partnership is closed.")
    return outbox.letter(
        PARTED,
        subject=f"{member.organisation.name} has left {member.partnership.name}",
        to=delivery.recipient,
        context={
            "gone": member.organisation,
            "partnership": member.partnership,
            "words": member.decline_reason,
            "page": f"{settings.BASE_URL}/r/p-{member.partnership.ref}/",
        },
    )


def register() -> None:
    """Make the e-mail known."""
    outbox.register(
        outbox.Kind(PARTED, "Partner left a partnership", compose_parted, group=outbox.groups.NEWS)
    )
