"""Which e-mails an action asks the outbox for, and which it takes back.

What goes to somebody who signs in is written as their own organisation sees the record, which
alone knows whether they still work there; the rest as the acting organisation does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.models import Delivery, Organisation, User
from organisations.tenancy.scope import acting
from partnerships.actions.models import Action
from partnerships.actions.plans import due_soon_at, overdue_at
from partnerships.actions.recipients import Recipient, author_to_tell, owner_to_tell

GIVEN = "action_given"
DUE = "action_due"
OVERDUE = "action_overdue"
DONE = "action_done"
REMINDERS = (DUE, OVERDUE)
# Why the owner is told: it is new to them, it was changed, or it is open again.
NEW, CHANGED, REOPENED = "new", "changed", "reopened"
DAY_MINUTES = 24 * 60


def announce(*, by: Actor, action: Action, why: str = NEW) -> None:
    """Tell the owner, unless it is whoever does this; and remind them of the day."""
    owner = owner_to_tell(action)
    if owner is None:
        return
    if owner.email.lower() != _own_address(by):
        _ask(GIVEN, by, action, owner, payload={"why": why, "by": by.organisation_id})
    _remind(by, action, owner)


def announce_change(*, by: Actor, action: Action, why: str) -> None:
    """Take back what was asked for before, and ask anew."""
    call_off(action, "The action was changed.")
    announce(by=by, action=action, why=why)


def announce_closing(*, by: Actor | None, action: Action, answered_by: str = "") -> None:
    """Take back what has not gone out, and tell the other side that it is done or dropped.

    `by` is None when the owner answered by the link in an e-mail that went to `answered_by`.
    """
    call_off(action, "The action was closed.")
    own = answered_by.lower() or (_own_address(by) if by else "")
    told = {own}
    # Who closes it for the organisation that owns it need not tell its own contact.
    by_its_owner = action.closed_organisation_id == action.owner_organisation_id
    owner = None if by_its_owner else owner_to_tell(action)
    for person in (author_to_tell(action), owner):
        if person is not None and person.email.lower() not in told:
            told.add(person.email.lower())
            _ask(DONE, by or on_behalf_of(action.author_organisation_id), action, person)


def bring_up_to_date(*, by: Actor, action: Action) -> bool:
    """Tell somebody to whom an open action has passed with their place as a contact."""
    owner = owner_to_tell(action)
    if owner is None or owner.posting_id is None or _knows(action, owner):
        return False
    announce(by=by, action=action)
    return True


def remind_on_behalf_of(organisation_id: int, action: Action) -> None:
    """Have the reminders go out on behalf of another organisation, which sees the action."""
    by = on_behalf_of(organisation_id)
    owner = owner_to_tell(action)
    if owner is not None:
        _remind(by, action, owner)


def call_off(action: Action, reason: str) -> int:
    """Take back everything that has not gone out; says how much."""
    return outbox.withdraw(subject=action.ref, reason=reason)


def _remind(by: Actor, action: Action, owner: Recipient) -> None:
    if action.due_on is None:
        return
    moments = (
        (DUE, due_soon_at(action.due_on), 2 * DAY_MINUTES),
        (OVERDUE, overdue_at(action.due_on), 0),
    )
    for kind, due_at, offset in moments:
        if due_at > timezone.now():
            _ask(kind, by, action, owner, due_at=due_at, offset_minutes=offset)


def _knows(action: Action, owner: Recipient) -> bool:
    return Delivery.objects.filter(
        subject=action.ref, revision=action.revision, recipient__iexact=owner.email
    ).exists()


def _own_address(by: Actor) -> str:
    return (
        User.objects.filter(pk=by.user_id).values_list("email", flat=True).first() or ""
    ).lower()


def _ask(
    kind: str,
    by: Actor,
    action: Action,
    person: Recipient,
    *,
    due_at: datetime | None = None,
    **more: Any,
) -> None:
    speaker = _speaker(by, person)
    with acting(speaker.scope):
        outbox.enqueue(
            kind=kind,
            subject=action.ref,
            recipient=person.email,
            by=speaker,
            due_at=due_at,
            revision=action.revision,
            posting_id=person.posting_id,
            **more,
        )


def _speaker(by: Actor, person: Recipient) -> Actor:
    own: Organisation = person.organisation
    if person.posting_id is not None or own.pk == by.organisation_id:
        return by
    return on_behalf_of(own.pk)
