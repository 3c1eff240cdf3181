"""The e-mails about a touchpoint: written, and checked once more, just before each is sent.

They are asked for in `announcements`. Nothing goes to somebody who is no longer invited, or no
longer at work for an organisation in the partnership, and nothing about a plan that has been
replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils import timezone

from calendars.entries import Method
from calendars.london import (
    in_london,
    london_day,
    moment_in_words,
    span_in_words,
    time_in_words,
)
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from organisations.outbox.preferences.selectors import reminder_offsets_of
from partnerships.record.recipients import organisations_taking_part
from partnerships.touchpoints import answer_links
from partnerships.touchpoints.announcements import (
    CANCELLED,
    INVITATION,
    MOVED,
    REMINDER,
    TAKEN_OFF,
)
from partnerships.touchpoints.attendees import (
    Invited,
    TakenOff,
    invited_behind,
    taken_off_behind,
)
from partnerships.touchpoints.calendar_entries import (
    Attendee as Guest,
)
from partnerships.touchpoints.calendar_entries import (
    address_of,
    calendar_entry,
    live_papers,
)
from partnerships.touchpoints.entry_links import address_for
from partnerships.touchpoints.models import Answer, Attendee, Touchpoint, TouchpointState
from partnerships.touchpoints.organiser import organiser_of

ANSWERABLE = (INVITATION, MOVED, REMINDER)


def register() -> None:
    """Make the kinds known to the outbox."""
    for name, label, compose, group in (
        (INVITATION, "Invitation to a touchpoint", invitation, groups.TOUCHPOINTS),
        (REMINDER, "Reminder of a touchpoint", reminder, groups.REMINDERS),
        (MOVED, "Change to a touchpoint", change, groups.TOUCHPOINTS),
        (CANCELLED, "Cancellation of a touchpoint", cancellation, groups.CANCELLATIONS),
        (TAKEN_OFF, "No longer invited to a touchpoint", taking_off, groups.CANCELLATIONS),
    ):
        outbox.register(
            Kind(
                name=name,
                label=label,
                compose=compose,
                on_dead=address_refused,
                after_leaving=name == CANCELLED,
                group=group,
                pointless_from=begins_at,
                outlasts_suspension=name == REMINDER,
            )
        )


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an e-mail is about, and to whom it goes."""

    delivery: Delivery
    touchpoint: Touchpoint
    invited: Invited | TakenOff

    @property
    def kind(self) -> str:
        """The sort of touchpoint, as it stands inside a sentence."""
        return self.touchpoint.get_kind_display().lower()

    @property
    def brings_an_entry(self) -> bool:
        """Whether it changes the reader's calendar."""
        return self.delivery.kind != REMINDER


def invitation(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The first that somebody hears of a touchpoint, with an entry for their calendar."""
    about = _occasion(delivery)
    if isinstance(about, NotNeeded):
        return about
    subject = f"Invitation: {about.kind}, {moment_in_words(about.touchpoint.starts_at)}"
    return _with_entry(_letter(about, subject), about, Method.REQUEST)


def reminder(delivery: Delivery) -> EmailMessage | NotNeeded:
    """As long before as was chosen; says "today" when it was held up until the day."""
    about = _occasion(delivery)
    if isinstance(about, NotNeeded):
        return about
    own = reminder_offsets_of([delivery.recipient])[delivery.recipient] or ()
    if delivery.offset_minutes not in {*about.touchpoint.reminder_minutes, *own}:
        return NotNeeded("This reminder is no longer wanted.")
    return _letter(about, f"{_soon(about.touchpoint.starts_at)}: {about.kind}")


def change(delivery: Delivery) -> EmailMessage | NotNeeded:
    """A new time or new details, which replace the entry in the calendar."""
    about = _occasion(delivery)
    if isinstance(about, NotNeeded):
        return about
    was = datetime.fromisoformat(delivery.payload["was"])
    moved = was != about.touchpoint.starts_at
    subject = (
        f"{'New time' if moved else 'New details'}: {about.kind}, "
        f"{moment_in_words(about.touchpoint.starts_at)}"
    )
    letter = _letter(about, subject, was=moment_in_words(was) if moved else "")
    return _with_entry(letter, about, Method.REQUEST)


def cancellation(delivery: Delivery) -> EmailMessage | NotNeeded:
    """It will not take place: takes the entry out of the calendar."""
    about = _occasion(delivery, state=TouchpointState.CANCELLED)
    if isinstance(about, NotNeeded):
        return about
    subject = f"Cancelled: {about.kind}, {moment_in_words(about.touchpoint.starts_at)}"
    return _with_entry(_letter(about, subject), about, Method.CANCEL)


def taking_off(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Somebody need not come: takes the entry out of their calendar, whatever becomes of it."""
    about = _occasion(delivery, state=None, find=taken_off_behind)
    if isinstance(about, NotNeeded):
        return about
    known = _known(delivery, about.touchpoint)
    # In this copy alone: as they were told. Where, and what about, is no longer for them.
    about.touchpoint.starts_at, about.touchpoint.venue, about.touchpoint.agenda = known, "", ""
    when = moment_in_words(known)
    letter = _letter(about, f"You need not come: {about.kind}, {when}", when=when)
    return _with_entry(letter, about, Method.CANCEL)


def begins_at(delivery: Delivery) -> datetime | None:
    """When it begins that an e-mail is about: nothing of it is worth telling after that."""
    touchpoint = Touchpoint.objects.filter(ref=delivery.subject).first()
    return _known(delivery, touchpoint) if touchpoint else None


def _known(delivery: Delivery, touchpoint: Touchpoint) -> datetime:
    """When the reader believes that it is: of a taking-off, when they were told to come."""
    known = delivery.payload.get("known")
    return datetime.fromisoformat(known) if known else touchpoint.starts_at


def _occasion(
    delivery: Delivery,
    *,
    state: TouchpointState | None = TouchpointState.SCHEDULED,
    find: Callable[[Delivery, Touchpoint], Invited | TakenOff | None] = invited_behind,
) -> Occasion | NotNeeded:
    """Read everything anew, as the sending organisation sees it now; `state`: if it must be so."""
    touchpoint = (
        Touchpoint.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("partnership", "author", "author_organisation")
        .first()
    )
    if touchpoint is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if state is not None and touchpoint.state != state:
        return NotNeeded(f"The touchpoint is {touchpoint.get_state_display().lower()}.")
    if state is not None and touchpoint.revision != delivery.revision:
        return NotNeeded("The touchpoint was changed; a later e-mail tells how.")
    if _known(delivery, touchpoint) <= timezone.now():
        return NotNeeded("The touchpoint began before this could be sent.")
    invited = find(delivery, touchpoint)
    if invited is None:
        return NotNeeded("No longer a contact or invited, or the address has changed.")
    if invited.organisation.suspended_at is not None:
        return NotNeeded("The organisation of the contact is suspended.")
    if invited.organisation.left_at is not None and state != TouchpointState.CANCELLED:
        return NotNeeded("The organisation of the contact has left.")
    return Occasion(delivery, touchpoint, invited)


def _letter(about: Occasion, subject: str, **more: Any) -> EmailMultiAlternatives:
    touchpoint = about.touchpoint
    answers = organiser_of(touchpoint)
    carried = outbox.provider()
    letter = outbox.letter(
        about.delivery.kind,
        subject=subject,
        to=about.delivery.recipient,
        context={
            "touchpoint": touchpoint,
            "kind": about.kind,
            "partnership": touchpoint.partnership.name,
            "organiser": touchpoint.author_organisation.name,
            "taking_part": organisations_taking_part(touchpoint.partnership),
            "when": span_in_words(touchpoint.starts_at, touchpoint.ends_at),
            "address": address_of(touchpoint),
            "function": about.invited.function,
            "organisation": about.invited.organisation.name,
            "recorder": about.invited.posting.recorder if about.invited.posting else "",
            "source": about.invited.posting.source if about.invited.posting else "",
            "answers": answers.name if answers else "",
            "write_to": answers.email if answers and not carried.reply_to else "",
            **_to_answer(about),
            "papers": live_papers(touchpoint),
            "entry_link": (
                address_for(about.delivery)
                if about.brings_an_entry and not carried.calendar_parts
                else ""
            ),
            "own": answers is not None and answers.email == about.delivery.recipient,
            **more,
        },
    )
    if answers and answers.email != about.delivery.recipient:
        letter.reply_to = [answers.email]
    return letter


def _to_answer(about: Occasion) -> dict[str, str]:
    """The link by which the reader says whether they come, and what they said already."""
    row = Attendee.objects.filter(
        touchpoint=about.touchpoint, posting=about.delivery.posting_id, removed_at=None
    ).first()
    if row is None or about.delivery.kind not in ANSWERABLE:
        return {"answer_link": "", "said": ""}
    said = "" if row.answer == Answer.NEEDS_ACTION else Answer(row.answer).label
    return {"answer_link": answer_links.address_for(about.delivery), "said": said}


def _with_entry(
    letter: EmailMultiAlternatives, about: Occasion, method: Method
) -> EmailMultiAlternatives:
    """Add the calendar entry twice, as Google does: Outlook and Gmail read the alternative,
    other programs open the attached file. Where neither can be carried, the text has a link."""
    if not outbox.provider().calendar_parts:
        return letter
    attendee = Guest(about.invited.name, about.delivery.recipient)
    entry = calendar_entry(
        about.touchpoint,
        method=method,
        papers=() if about.delivery.kind == TAKEN_OFF else live_papers(about.touchpoint),
        attendee=attendee,
        posting_id=about.delivery.posting_id,
    )
    letter.attach_alternative(entry.decode(), f"text/calendar; method={method}")
    letter.attach("invite.ics", entry, "application/ics")
    return letter


def _soon(starts_at: datetime) -> str:
    """`Tomorrow at 3:30pm`, or the day in full when it is further off."""
    days = (london_day(starts_at) - london_day(timezone.now())).days
    day = {0: "Today", 1: "Tomorrow"}.get(days)
    if day is None:
        return moment_in_words(starts_at)
    return f"{day} at {time_in_words(in_london(starts_at).time())}"
