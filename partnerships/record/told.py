"""The e-mails about something below a partnership, as its page shows them: to whom each went, how
far it got, and why. For touchpoints, actions and whatever else asks the outbox for e-mails.

    told = told_of(action.ref, "action_")
    told_table(told, {"action_given": "Action given", …})
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from calendars.london import moment_in_words
from contacts.models import Posting
from frontend.components import Component, table, tag
from organisations.models import Delivery
from organisations.models.delivery import State

DELIVERY_TAGS = {
    State.PENDING: ("Waiting", "blue"),
    State.TAKEN: ("Being sent", "blue"),
    State.SENT: ("Sent", "green"),
    State.CANCELLED: ("Not needed", "grey"),
    State.DEAD: ("Not delivered", "red"),
    State.UNCERTAIN: ("Perhaps sent", "yellow"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One e-mail: to whom, and where it stands.

    `name` and `organisation` are empty for somebody whom the reader knows by no posting.
    """

    delivery: Delivery
    name: str
    organisation: str


def told_of(subject: str, kinds: str) -> list[Told]:
    """Every e-mail about `subject` of the kinds that begin so, the latest due first.

    Two statements; row security says which of them the reader may see.
    """
    return told_of_each([subject], kinds).get(subject, [])


def told_of_each(subjects: Collection[str], kinds: str) -> dict[str, list[Told]]:
    """As `told_of` about several subjects, in two statements; without those nobody is told of."""
    deliveries = list(
        Delivery.objects.filter(subject__in=subjects, kind__startswith=kinds).order_by(
            "-revision", "due_at", "id"
        )
    )
    people = {
        posting.pk: posting
        for posting in Posting.objects.filter(
            pk__in={d.posting_id for d in deliveries if d.posting_id}
        ).select_related("person", "organisation")
    }
    found: dict[str, list[Told]] = {}
    for delivery in deliveries:
        told = _told(delivery, people.get(delivery.posting_id or 0))
        found.setdefault(delivery.subject, []).append(told)
    return found


def told_table(told: Sequence[Told], messages: Mapping[str, str]) -> Component:
    """Who was told what, and how far it got; `messages` names each kind in a word or two.

    What is merely to come is folded, so that what happened is not lost among it.
    """
    now = timezone.now()
    to_come = [row for row in told if _is_to_come(row.delivery, now)]
    done = [row for row in told if row not in to_come]
    return Component(
        "record/told.jinja",
        {
            "done": _rows(done, messages) if done else None,
            "to_come": _rows(to_come, messages) if to_come else None,
            "count": len(to_come),
        },
    )


def _is_to_come(delivery: Delivery, now: datetime) -> bool:
    """Whether nothing has happened to an e-mail yet; one that is held up has its reason."""
    waits = delivery.state == State.PENDING and delivery.due_at > now
    return waits and not delivery.attempt and not delivery.reason


def _rows(told: Sequence[Told], messages: Mapping[str, str]) -> Component:
    return table(
        ["Who", "Message", "Status", "What happened"],
        [
            [_who(row), messages[row.delivery.kind], _delivery_tag(row.delivery), progress(row)]
            for row in told
        ],
    )


def progress(row: Told) -> str:
    """Where an e-mail stands, as a sentence."""
    delivery = row.delivery
    state = State(delivery.state)
    if state == State.SENT and delivery.sent_at is not None:
        return f"Delivered to the mail server on {moment_in_words(delivery.sent_at)}"
    if state == State.PENDING:
        return _waiting(delivery)
    if state == State.DEAD:
        return f"Could not be delivered to {delivery.recipient}. {delivery.reason}"
    if state == State.CANCELLED:
        return f"Not needed any more. {delivery.reason}"
    if state == State.UNCERTAIN:
        return f"The connection broke while it was handed over. {delivery.reason}"
    return "Being handed to the mail server"


def _told(delivery: Delivery, posting: Posting | None) -> Told:
    if posting is None:
        return Told(delivery, "", "")
    return Told(delivery, posting.person.name, posting.organisation.name)


def _who(row: Told) -> str:
    return f"{row.name}, {row.organisation}" if row.name else row.delivery.recipient


def _delivery_tag(delivery: Delivery) -> Component:
    text, colour = DELIVERY_TAGS[State(delivery.state)]
    return tag(text, colour)


def _waiting(delivery: Delivery) -> str:
    if delivery.attempt:
        tried = f"Tried and held up. {delivery.reason}"
        return f"{tried} Next try on {moment_in_words(delivery.due_at)}"
    if delivery.due_at > timezone.now():
        if delivery.reason:
            return delivery.reason
        return f"Will be sent on {moment_in_words(delivery.due_at)}"
    return "Waiting to be sent"
