"""Which e-mails a touchpoint asks the outbox for, and which it takes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from calendars.london import wall_clock_before
from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.models.delivery import Phase, State
from organisations.outbox.preferences.selectors import reminder_offsets_of
from partnerships.record.recipients import Recipient
from partnerships.touchpoints.attendees import people_invited
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.outcome_asking import ask_for_outcome

INVITATION = "touchpoint_invitation"
REMINDER = "touchpoint_reminder"
MOVED = "touchpoint_moved"
CANCELLED = "touchpoint_cancelled"
TAKEN_OFF = "touchpoint_taken_off"
DECLINED = "touchpoint_declined"
ANNOUNCING = (INVITATION, MOVED)
# About a whole series: one e-mail to each, with all its dates.
OF_A_SERIES = ("series_invitation", "series_changed")
# A date of a series is asked for by itself, to be accepted or declined, when it comes near.
NEAR = timedelta(days=14)
# News of a change follows other news to the same reader no sooner: of thirty moves they hear twice.
PAUSE = timedelta(minutes=5)
# What begins as soon as this is worth an e-mail each.
PRESSING = timedelta(hours=1)
MOST_OFFSET = 2**31


def announce(*, by: Actor, touchpoint: Touchpoint) -> None:
    """Invite everyone who is to be told, remind them before, and ask afterwards how it went."""
    people = people_invited(touchpoint)
    for person in people:
        _ask(INVITATION, by, touchpoint, person)
    _remind(by, touchpoint, people)
    ask_for_outcome(by=by, touchpoint=touchpoint, people=people)


def announce_change(
    *, by: Actor, touchpoint: Touchpoint, was: datetime, with_series: bool = False
) -> None:
    """Replace what had been asked for: news to those who know, an invitation to the others.

    `with_series`: its whole series changes, of which another e-mail tells. News that has not gone
    out is replaced, and the new news says when it was by what its reader knows.
    """
    unsent = _unsent_news(touchpoint)
    _withdraw(touchpoint, "The touchpoint was changed.")
    received = _received(touchpoint, with_series=with_series)
    know = {delivery.recipient.lower(): delivery for delivery in received}
    pressing = min(was, touchpoint.starts_at) - timezone.now() < PRESSING
    people = people_invited(touchpoint)
    for person in people:
        address = person.email.lower()
        if address in know:
            news = unsent.get(address)
            replaced = news is not None and news.pk != know[address].pk
            known = news.payload["was"] if news and replaced else was.isoformat()
            due_at = None if pressing else _after_a_pause(know[address])
            _ask(MOVED, by, touchpoint, person, payload={"was": known}, due_at=due_at)
        else:
            _ask(INVITATION, by, touchpoint, person)
    _remind(by, touchpoint, people)
    ask_for_outcome(by=by, touchpoint=touchpoint, people=people)


def _after_a_pause(last: Delivery) -> datetime | None:
    """When the next news may follow; None for at once, as after an invitation."""
    if last.kind != MOVED or last.sent_at is None:
        return None
    return max(last.sent_at + PAUSE, timezone.now())


def announce_cancellation(*, by: Actor, touchpoint: Touchpoint, with_series: bool = False) -> None:
    """Take back what has not gone out, and tell those who had been invited and still are.

    `with_series`: its whole series changes, of which another e-mail tells.
    """
    _withdraw(touchpoint, "The touchpoint was cancelled.")
    taken_off = set(
        touchpoint.attendees.filter(removed_at__isnull=False).values_list("posting_id", flat=True)
    )
    for delivery in _received(touchpoint, with_series=with_series):
        if delivery.posting_id in taken_off:
            # What may be written for them says that it takes place without them.
            outbox.write_anew(subject=touchpoint.ref, posting_id=delivery.posting_id)
            continue
        outbox.enqueue(
            kind=CANCELLED,
            subject=touchpoint.ref,
            recipient=delivery.recipient,
            by=by,
            revision=touchpoint.revision,
            posting_id=delivery.posting_id,
        )


def announce_to_newcomers(*, by: Actor, touchpoint: Touchpoint) -> int:
    """Invite those who are invited by now and have not been told; says how many there were."""
    people = {person.email.lower(): person for person in people_invited(touchpoint)}
    # Who is invited again before they were told that they need not come never hears of it.
    outbox.withdraw(
        subject=touchpoint.ref,
        reason="They are invited again.",
        kinds=[TAKEN_OFF],
        recipients=list(people),
    )
    asked = _asked(touchpoint, *ANNOUNCING)
    told = _times(each for each in asked if each.state != State.CANCELLED)
    before = _times(each for each in asked if each.kind == INVITATION)
    taken_off = _times(
        each for each in _asked(touchpoint, TAKEN_OFF) if each.state != State.CANCELLED
    )
    newcomers = [address for address in people if told[address] <= taken_off[address]]
    for address in newcomers:
        _ask(INVITATION, by, touchpoint, people[address], offset_minutes=before[address])
    newly_invited = [people[address] for address in newcomers]
    _remind(by, touchpoint, newly_invited)
    ask_for_outcome(by=by, touchpoint=touchpoint, people=newly_invited)
    return len(newcomers)


def remind_anew(*, by: Actor, touchpoint: Touchpoint) -> None:
    """Ask for the reminders of a touchpoint that is announced already, where they are missing."""
    _remind(by, touchpoint, people_invited(touchpoint))


def announce_taking_off(
    *,
    by: Actor,
    touchpoint: Touchpoint,
    posting_id: int,
    was: datetime | None = None,
    with_series: bool = False,
) -> bool:
    """Take the entry out of the calendar of somebody who need not come, if they may have it.

    What waits to go to them is left, and written anew if it was written: it is asked again, before
    it goes, whether they are invited, and by then they may be. `with_series`: they are taken off
    all its dates, and of those that they have not been invited to by themselves another e-mail
    tells. `was`: when it was to be until this moment. Says whether they hear of this one by itself.

    A move or a cancellation leaves this e-mail: it says when they were told to come.
    """
    outbox.write_anew(subject=touchpoint.ref, posting_id=posting_id)
    unsent = _unsent_news(touchpoint)
    taken_off = _times(_asked(touchpoint, TAKEN_OFF))
    asked = False
    for delivery in _received(touchpoint, with_series=with_series):
        if delivery.posting_id == posting_id and told_since_taken_off(delivery, TAKEN_OFF):
            asked = True
            news = unsent.get(delivery.recipient.lower())
            known = news.payload["was"] if news else (was or touchpoint.starts_at).isoformat()
            outbox.enqueue(
                kind=TAKEN_OFF,
                subject=touchpoint.ref,
                recipient=delivery.recipient,
                by=by,
                revision=touchpoint.revision,
                offset_minutes=taken_off[delivery.recipient.lower()],
                posting_id=posting_id,
                payload={"known": known},
            )
    return asked


def announce_decline(*, by: Actor, touchpoint: Touchpoint, attendee_id: int, to: str) -> None:
    """Tell whoever organises it that somebody cannot come: once for each of them and each plan."""
    outbox.enqueue(
        kind=DECLINED,
        subject=touchpoint.ref,
        recipient=to,
        by=by,
        revision=touchpoint.revision,
        # Its place in the key: so that each of those invited has one of their own.
        offset_minutes=attendee_id % MOST_OFFSET,
        payload={"attendee": attendee_id},
    )


def _asked(touchpoint: Touchpoint, *kinds: str) -> list[Delivery]:
    """What was asked for of these kinds about the present plan."""
    return list(
        Delivery.objects.filter(
            subject=touchpoint.ref, kind__in=kinds, revision=touchpoint.revision
        )
    )


def _times(deliveries: Iterable[Delivery]) -> Counter[str]:
    """How many there are for each address. The next one has that as its place in the key."""
    return Counter(delivery.recipient.lower() for delivery in deliveries)


def call_off(touchpoint: Touchpoint) -> None:
    """Take back what has not gone out about a touchpoint that is over."""
    _withdraw(touchpoint, "The touchpoint is over.")


def _withdraw(touchpoint: Touchpoint, reason: str) -> None:
    """What has not gone out, but not the news to somebody that they need not come."""
    outbox.withdraw(subject=touchpoint.ref, reason=reason, keep=[TAKEN_OFF])


def _unsent_news(touchpoint: Touchpoint) -> dict[str, Delivery]:
    """The news of a change that has not gone out, by the address."""
    waiting = Delivery.objects.filter(
        Q(state=State.PENDING) | Q(state=State.TAKEN, phase=Phase.NOT_STARTED),
        subject=touchpoint.ref,
        kind=MOVED,
    )
    return {delivery.recipient.lower(): delivery for delivery in waiting.order_by("pk")}


def received(subject: str, kinds: Collection[str]) -> list[Delivery]:
    """What has told people of something, or may have; one for each address."""
    known = Delivery.objects.filter(subject=subject, kind__in=kinds).filter(
        Q(state__in=[State.SENT, State.TAKEN, State.UNCERTAIN]) | Q(uncertain_times__gt=0)
    )
    return list(
        {delivery.recipient.lower(): delivery for delivery in known.order_by("pk")}.values()
    )


def told_since_taken_off(delivery: Delivery, taken_off: str) -> bool:
    """Whether somebody has heard of it since they last heard that they need not come."""
    return not (
        Delivery.objects.filter(
            subject=delivery.subject,
            kind=taken_off,
            recipient__iexact=delivery.recipient,
            pk__gt=delivery.pk,
        )
        .exclude(state=State.CANCELLED)
        .exists()
    )


def _received(touchpoint: Touchpoint, *, with_series: bool = False) -> list[Delivery]:
    """What has told people of a touchpoint; of a date of a series, also what told of them all."""
    own = received(touchpoint.ref, ANNOUNCING)
    if touchpoint.series is None or with_series:
        return own
    of_all = received(touchpoint.series.ref, OF_A_SERIES)
    return list({each.recipient.lower(): each for each in [*of_all, *own]}.values())


def _remind(by: Actor, touchpoint: Touchpoint, people: Collection[Recipient]) -> None:
    """As long before as each chose for themselves, else as was chosen for the touchpoint, whole
    days on London clocks; none whose time is past."""
    chosen = reminder_offsets_of([person.email for person in people])
    for person in people:
        for minutes in chosen[person.email] or touchpoint.reminder_minutes:
            due_at = wall_clock_before(touchpoint.starts_at, timedelta(minutes=minutes))
            if due_at > timezone.now():
                _ask(REMINDER, by, touchpoint, person, due_at=due_at, offset_minutes=minutes)


def _ask(kind: str, by: Actor, touchpoint: Touchpoint, person: Recipient, **more: Any) -> None:
    if kind == INVITATION and touchpoint.series_id is not None:
        more["due_at"] = max(wall_clock_before(touchpoint.starts_at, NEAR), timezone.now())
    outbox.enqueue(
        kind=kind,
        subject=touchpoint.ref,
        recipient=person.email,
        by=by,
        revision=touchpoint.revision,
        posting_id=person.posting_id,
        **more,
    )
