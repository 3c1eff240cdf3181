"""The e-mails about what became of a touchpoint, checked once more just before each is sent."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils import timezone

from calendars.london import london_day, moment_in_words, span_in_words, weekday_in_words
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.record.recipients import organisations_taking_part
from partnerships.touchpoints.attendees import Invited, invited_behind
from partnerships.touchpoints.calendar_entries import address_of
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.organiser import organiser_of
from partnerships.touchpoints.outcome_asking import (
    OUTCOME,
    RECORDED,
    SOON,
    WORTH_ASKING,
    due_at,
    minutes_until_recorded,
)
from partnerships.touchpoints.outcome_links import choices_for
from partnerships.touchpoints.outcome_readers import reader_of, touchpoint_behind

MOST_LINES, MOST_CHARACTERS = 5, 500
NO_LONGER_IN_IT = NotNeeded("The organisation that sends this is no longer in the partnership.")
TOO_LATE = NotNeeded("It could not be sent for two weeks.")


def register() -> None:
    """Make both kinds known to the outbox."""
    for name, label, compose in (
        (OUTCOME, "Question about a touchpoint’s outcome", question),
        (RECORDED, "Outcome of a touchpoint", news),
    ):
        outbox.register(Kind(name, label, compose, address_refused, group=groups.FOLLOW_UPS))


def question(delivery: Delivery) -> EmailMessage | NotNeeded:
    """What became of it? With a link for each answer; useful for two weeks."""
    touchpoint = touchpoint_behind(delivery)
    if touchpoint is None:
        return NO_LONGER_IN_IT
    if touchpoint.state != TouchpointState.SCHEDULED:
        return NotNeeded(f"The touchpoint is {touchpoint.get_state_display().lower()}.")
    if touchpoint.revision != delivery.revision:
        return NotNeeded("The touchpoint was changed; a later e-mail asks.")
    if timezone.now() > due_at(touchpoint, delivery.offset_minutes) + WORTH_ASKING:
        return TOO_LATE
    reader = reader_of(delivery, touchpoint)
    if isinstance(reader, str):
        return NotNeeded(reader)
    if delivery.offset_minutes == SOON and not _organises(delivery, touchpoint):
        return NotNeeded("Somebody else organises this touchpoint.")
    kind = touchpoint.get_kind_display().lower()
    day = weekday_in_words(london_day(touchpoint.starts_at))
    return _letter(
        delivery,
        touchpoint,
        reader.invited,
        f"Did it take place? {kind.capitalize()}, {day}",
        choices=choices_for(delivery),
        soon=delivery.offset_minutes == SOON,
    )


def news(delivery: Delivery) -> EmailMessage | NotNeeded:
    """What the other side recorded: its notes, and when the next one is."""
    touchpoint = touchpoint_behind(delivery)
    if touchpoint is None:
        return NO_LONGER_IN_IT
    if touchpoint.outcome_at is None or (
        minutes_until_recorded(touchpoint) != delivery.offset_minutes
    ):
        return NotNeeded("The outcome was recorded anew; a later e-mail tells.")
    if timezone.now() > touchpoint.outcome_at + WORTH_ASKING:
        return TOO_LATE
    invited = invited_behind(delivery, touchpoint)
    if invited is None:
        return NotNeeded("No longer a contact or invited, or the address has changed.")
    if invited.organisation.suspended_at is not None or invited.organisation.left_at is not None:
        return NotNeeded("The organisation of the contact is suspended or has left.")
    kind = touchpoint.get_kind_display().lower()
    day = weekday_in_words(london_day(touchpoint.starts_at))
    following = Touchpoint.objects.filter(
        replaces=touchpoint, state=TouchpointState.SCHEDULED
    ).first()
    return _letter(
        delivery,
        touchpoint,
        invited,
        f"{_headline(touchpoint)}: {kind}, {day}",
        notes=first_lines(touchpoint.outcome_notes),
        following=moment_in_words(following.starts_at) if following else "",
        recorder_name=_recorded_for(touchpoint),
    )


def first_lines(notes: str) -> list[str]:
    """The beginning of some notes, and dots when there is more."""
    lines = [line.strip() for line in notes.splitlines() if line.strip()]
    shown: list[str] = []
    room = MOST_CHARACTERS
    for line in lines[:MOST_LINES]:
        if len(line) > room:
            return [*shown, f"{line[:room].rstrip()}…"]
        shown.append(line)
        room -= len(line)
    return [*shown, "…"] if len(lines) > MOST_LINES else shown


def _headline(touchpoint: Touchpoint) -> str:
    """Gentle where nobody came: people read their own lapse in it."""
    return {
        TouchpointState.HELD: "What was said",
        TouchpointState.MOVED: "Moved",
        TouchpointState.MISSED: "We did not meet",
        TouchpointState.CANCELLED: "Called off",
    }[TouchpointState(touchpoint.state)]


def _recorded_for(touchpoint: Touchpoint) -> str:
    posting = touchpoint.outcome_posting
    if posting is not None:
        return str(posting.organisation.name)
    assert touchpoint.outcome_organisation is not None
    return str(touchpoint.outcome_organisation.name)


def _organises(delivery: Delivery, touchpoint: Touchpoint) -> bool:
    organiser = organiser_of(touchpoint)
    return organiser is not None and organiser.email.lower() == delivery.recipient.lower()


def _letter(
    delivery: Delivery, touchpoint: Touchpoint, invited: Invited | None, subject: str, **more: Any
) -> EmailMultiAlternatives:
    organiser = organiser_of(touchpoint)
    own = organiser is not None and organiser.email.lower() == delivery.recipient.lower()
    letter = outbox.letter(
        delivery.kind,
        subject=subject,
        to=delivery.recipient,
        context={
            "touchpoint": touchpoint,
            "partnership": touchpoint.partnership.name,
            "organiser": touchpoint.author_organisation.name,
            "taking_part": organisations_taking_part(touchpoint.partnership),
            "when": span_in_words(touchpoint.starts_at, touchpoint.ends_at),
            "address": address_of(touchpoint),
            "invited": invited,
            "function": invited.function if invited else "",
            "organisation": invited.organisation.name if invited else "",
            "recorder": invited.posting.recorder if invited else "",
            "source": invited.posting.source if invited else "",
            "answers": organiser.name if organiser else "",
            "write_to": organiser.email
            if organiser and not own and not outbox.provider().reply_to
            else "",
            "own": own,
            **more,
        },
    )
    if organiser and not own:
        letter.reply_to = [organiser.email]
    return letter
