"""The e-mails about an action: written, and checked once more, just before each is sent.

They are asked for in `announcements`. Nothing goes to somebody who does not own it any more, and
nothing about what has been changed or closed since.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from calendars.london import day_in_words, day_starts, today, weekday_in_words
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery, Organisation
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.actions.announcements import CHANGED, DONE, DUE, GIVEN, NEW, OVERDUE, REOPENED
from partnerships.actions.done_links import address_for
from partnerships.actions.models import RELATED, Action
from partnerships.actions.presenters import lateness
from partnerships.actions.recipients import Recipient, author_to_tell, owner_to_tell

SUBJECTS = {NEW: "To do: ", CHANGED: "Changed: ", REOPENED: "Open again: "}


def register() -> None:
    """Make the four kinds known to the outbox."""
    for name, label, compose in (
        (GIVEN, "Action to do", given),
        (DUE, "Reminder of an action", due),
        (OVERDUE, "Action that is overdue", overdue),
        (DONE, "Action that is done or dropped", done),
    ):
        outbox.register(
            Kind(
                name,
                label,
                compose,
                address_refused,
                group=groups.ACTIONS,
                pointless_from=due_day_over if name == DUE else None,
            )
        )


def given(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Somebody gave it to the reader, changed it, or opened it again."""
    found = _for_its_owner(delivery)
    if isinstance(found, NotNeeded):
        return found
    action, owner = found
    why = delivery.payload.get("why", NEW)
    giver = Organisation.objects.filter(pk=delivery.payload.get("by")).first()
    until = f", by {day_in_words(action.due_on)}" if action.due_on else ""
    return _letter(
        delivery,
        action,
        owner,
        f"{SUBJECTS[why]}{action.title}{until}",
        happened=why,
        giver=giver or action.author_organisation,
    )


def due(delivery: Delivery) -> EmailMessage | NotNeeded:
    """It is due soon."""
    found = _for_its_owner(delivery)
    if isinstance(found, NotNeeded):
        return found
    action, owner = found
    if action.due_on is None or action.due_on < today():
        return NotNeeded("The day is over; another e-mail says that it is overdue.")
    days = (action.due_on - today()).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"on {weekday_in_words(action.due_on)}")
    return _letter(delivery, action, owner, f"Due {when}: {action.title}", when=when)


def overdue(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Its day has passed."""
    found = _for_its_owner(delivery)
    if isinstance(found, NotNeeded):
        return found
    action, owner = found
    late = lateness(action)
    if not late:
        return NotNeeded("It is not overdue.")
    return _letter(delivery, action, owner, f"Overdue: {action.title}", late=late)


def done(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The other side has done it, or dropped it."""
    action = _found(delivery)
    if isinstance(action, NotNeeded):
        return action
    if action.is_open or action.closed_organisation is None:
        return NotNeeded("The action is open again.")
    for person in (author_to_tell(action), owner_to_tell(action)):
        if person is not None and person.email.lower() == delivery.recipient.lower():
            word = action.get_state_display()
            return _letter(
                delivery,
                action,
                person,
                f"{word}: {action.title}",
                closer=action.closed_organisation,
            )
    return NotNeeded("No longer the one who added or owns it.")


def due_day_over(delivery: Delivery) -> datetime | None:
    """The end of the day on which it is due: from then on another e-mail says so."""
    due_on = Action.objects.filter(ref=delivery.subject).values_list("due_on", flat=True).first()
    return day_starts(due_on + timedelta(days=1)) if due_on else None


def _for_its_owner(delivery: Delivery) -> tuple[Action, Recipient] | NotNeeded:
    action = _found(delivery)
    if isinstance(action, NotNeeded):
        return action
    if not action.is_open:
        return NotNeeded(f"The action is {action.get_state_display().lower()}.")
    owner = owner_to_tell(action)
    if owner is None or owner.email.lower() != delivery.recipient.lower():
        return NotNeeded("No longer the one who is to do it, or the address has changed.")
    return action, owner


def _found(delivery: Delivery) -> Action | NotNeeded:
    """Read everything anew, as the organisation on whose behalf it goes sees it now."""
    action = (
        Action.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related(*RELATED)
        .first()
    )
    if action is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if action.partnership.closed_at is not None:
        return NotNeeded("The partnership is closed.")
    if action.revision != delivery.revision:
        return NotNeeded("The action was changed; a later e-mail tells how.")
    return action


def _letter(
    delivery: Delivery, action: Action, person: Recipient, subject: str, **more: Any
) -> EmailMessage:
    posting = person.posting
    context = {
        "action": action,
        "partnership": action.partnership.name,
        "due": weekday_in_words(action.due_on) if action.due_on else "",
        "adder": action.author_organisation.name,
        "address": f"{settings.BASE_URL}/r/do-{action.ref}/",
        "done_link": address_for(delivery, action, person) if action.is_open else "",
        "because": person.why,
        "organisation": person.organisation.name,
        "recorder": posting.recorder if posting else "",
        "source": posting.source if posting else "",
        **more,
    }
    return outbox.letter(delivery.kind, subject=subject, to=delivery.recipient, context=context)
