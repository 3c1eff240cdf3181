"""The e-mails about a whole series: written, and checked once more, just before each is sent.

They are asked for in `series_announcements`. Nothing goes to somebody who is no longer the contact
of an organisation in the partnership, and nothing about a plan that has been replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils import timezone

from calendars.london import moment_in_words, span_in_words
from contacts.services import address_refused
from frontend.wording import counted
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.record.recipients import contact_behind, organisations_taking_part
from partnerships.touchpoints.attendees import Invited, TakenOff, taken_off_behind
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState
from partnerships.touchpoints.organiser import organiser_of
from partnerships.touchpoints.plans import reminders_in_words
from partnerships.touchpoints.series_announcements import CHANGED, ENDED, INVITED, TAKEN_OFF
from partnerships.touchpoints.series_entries import (
    FILE_NAME,
    SHOWN,
    address_for,
    entries_file,
    to_show,
)
from partnerships.touchpoints.series_plans import series_in_words


def register() -> None:
    """Make the kinds known to the outbox."""
    for name, label, compose, group in (
        (INVITED, "Dates of a series of touchpoints", invitation, groups.TOUCHPOINTS),
        (CHANGED, "Changed dates of a series", change, groups.TOUCHPOINTS),
        (ENDED, "End of a series of touchpoints", end, groups.CANCELLATIONS),
        (TAKEN_OFF, "No longer invited to a series", taking_off, groups.CANCELLATIONS),
    ):
        outbox.register(
            Kind(
                name=name,
                label=label,
                compose=compose,
                on_dead=address_refused,
                after_leaving=name == ENDED,
                group=group,
                pointless_from=next_date_begins,
            )
        )


NOT_SEEN = NotNeeded("The organisation that sends this is no longer in the partnership.")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an e-mail is about, and to whom it goes; `dates` are those to come."""

    delivery: Delivery
    series: TouchpointSeries
    reader: Invited | TakenOff
    dates: list[Touchpoint]

    @property
    def kind(self) -> str:
        """The sort of touchpoint, as it stands inside a sentence."""
        return self.series.get_kind_display().lower()

    @property
    def coming(self) -> list[Touchpoint]:
        """The dates on which people will meet."""
        return [each for each in self.dates if each.state == TouchpointState.SCHEDULED]


@dataclass(frozen=True, slots=True)
class Line:
    """One date in the list of an e-mail, with what changed about it."""

    when: str
    note: str = ""


def invitation(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The dates of a series, to somebody who has not heard of it."""
    about = _occasion(delivery)
    if isinstance(about, NotNeeded):
        return about
    first = moment_in_words(about.coming[0].starts_at)
    subject = f"{counted(len(about.coming), 'date')}: {about.kind}, from {first}"
    return _with_entries(_letter(about, subject), about)


def change(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The dates of a series after it has changed, with what is new about them."""
    about = _occasion(delivery)
    if isinstance(about, NotNeeded):
        return about
    first = moment_in_words(about.coming[0].starts_at)
    subject = f"Changed dates: {about.kind}, next on {first}"
    return _with_entries(_letter(about, subject), about)


def end(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The series is over: none of its dates will take place."""
    about = _occasion(delivery, ended=True)
    if isinstance(about, NotNeeded):
        return about
    return _with_entries(_letter(about, f"Series ended: {about.kind}"), about)


def taking_off(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Somebody need not come to the dates that they were told of; true whatever becomes of them."""
    series = _series_of(delivery)
    if series is None:
        return NOT_SEEN
    dates = _as_told(delivery, series)
    if not dates:
        return NotNeeded("They are invited again, or the last of the dates is past.")
    reader = taken_off_behind(delivery, *dates)
    if reader is None:
        return NotNeeded("They have left, or the address refuses mail.")
    if refusal := _shut(reader, ended=False):
        return refusal
    subject = (
        f"You need not come: {counted(len(dates), 'date')}, {series.get_kind_display().lower()}"
    )
    about = Occasion(delivery, series, reader, dates)
    return _with_entries(_letter(about, subject), about)


def _as_told(delivery: Delivery, series: TouchpointSeries) -> list[Touchpoint]:
    """The dates to come that somebody was told of and is still taken off, as they were told."""
    told = {ref: datetime.fromisoformat(at) for ref, at in delivery.payload["dates"].items()}
    found = series.touchpoints.filter(
        ref__in=told,
        attendees__posting=delivery.posting_id,
        attendees__removed_at__isnull=False,
    ).select_related("partnership", "author_organisation")
    dates = [each for each in found if told[each.ref] > timezone.now()]
    for each in dates:
        each.starts_at, each.state, each.agenda = told[each.ref], TouchpointState.CANCELLED, ""
    return sorted(dates, key=lambda each: each.starts_at)


def next_date_begins(delivery: Delivery) -> datetime | None:
    """When the first of the dates begins that it tells of: who hears later has missed that one."""
    if delivery.kind == TAKEN_OFF:
        told = map(datetime.fromisoformat, delivery.payload["dates"].values())
        return min((at for at in told if at > timezone.now()), default=None)
    coming = Touchpoint.objects.filter(
        series__ref=delivery.subject, state__in=SHOWN, starts_at__gt=timezone.now()
    )
    return coming.order_by("starts_at").values_list("starts_at", flat=True).first()


def _occasion(delivery: Delivery, *, ended: bool = False) -> Occasion | NotNeeded:
    """Read everything anew, as the sending organisation sees it now."""
    series = _series_of(delivery)
    if series is None:
        return NOT_SEEN
    if (series.ended_at is not None) != ended:
        return NotNeeded("The series has ended." if not ended else "The series goes on.")
    if series.revision != delivery.revision:
        return NotNeeded("The series was changed; a later e-mail tells how.")
    contact = contact_behind(delivery, series.partnership)
    if contact is None:
        return NotNeeded("No longer a contact in the partnership, or the address has changed.")
    reader = Invited(contact.posting, contact.organisation, contact.get_function_display().lower())
    if refusal := _shut(reader, ended=ended):
        return refusal
    about = Occasion(delivery, series, reader, to_show(series))
    if not ended and not about.coming:
        return NotNeeded("No date of the series is still to come.")
    if ended and not about.dates:
        return NotNeeded("The last date of the series is past.")
    return about


def _series_of(delivery: Delivery) -> TouchpointSeries | None:
    return (
        TouchpointSeries.objects.filter(
            ref=delivery.subject, acl__overlap=[delivery.organisation_id]
        )
        .select_related("partnership", "author", "author_organisation")
        .first()
    )


def _shut(reader: Invited | TakenOff, *, ended: bool) -> NotNeeded | None:
    if reader.organisation.suspended_at is not None:
        return NotNeeded("The organisation of the contact is suspended.")
    if reader.organisation.left_at is not None and not ended:
        return NotNeeded("The organisation of the contact has left.")
    return None


def _letter(about: Occasion, subject: str) -> EmailMultiAlternatives:
    series, delivery = about.series, about.delivery
    answers = organiser_of(series)
    carried = outbox.provider()
    own = answers is not None and answers.email == delivery.recipient
    was: Mapping[str, str] = delivery.payload.get("was", {})
    letter = outbox.letter(
        delivery.kind,
        subject=subject,
        to=delivery.recipient,
        context={
            "series": series,
            "kind": about.kind,
            "partnership": series.partnership.name,
            "organiser": series.author_organisation.name,
            "taking_part": organisations_taking_part(series.partnership),
            "rule": series_in_words(series),
            "lines": _lines(about, was),
            "gone": _gone(about, was),
            "notes": delivery.payload.get("notes", ""),
            "reminders": reminders_in_words(series.reminder_minutes),
            "address": f"{settings.BASE_URL}/r/t-{about.dates[0].ref}/",
            "function": about.reader.function,
            "organisation": about.reader.organisation.name,
            "recorder": about.reader.posting.recorder if about.reader.posting else "",
            "source": about.reader.posting.source if about.reader.posting else "",
            "answers": answers.name if answers else "",
            "write_to": answers.email if answers and not carried.reply_to else "",
            "entry_link": "" if carried.calendar_parts else address_for(delivery),
            "own": own,
        },
    )
    if answers and not own:
        letter.reply_to = [answers.email]
    return letter


def _lines(about: Occasion, was: Mapping[str, str]) -> list[Line]:
    """The dates on which people will meet; of a change, what is new about each.

    One date that has another place than the rest says so.
    """
    if about.delivery.kind in (ENDED, TAKEN_OFF):
        return []
    return [
        Line(span_in_words(each.starts_at, each.ends_at), _note(about.series, each, was))
        for each in about.coming
    ]


def _note(series: TouchpointSeries, touchpoint: Touchpoint, was: Mapping[str, str]) -> str:
    notes = []
    if before := was.get(touchpoint.ref):
        notes.append(f"was {moment_in_words(datetime.fromisoformat(before))}")
    if touchpoint.venue != series.venue:
        notes.append(f"at {touchpoint.venue}" if touchpoint.venue else "place not said yet")
    return "; ".join(notes)


def _gone(about: Occasion, was: Mapping[str, str]) -> list[str]:
    """The dates that no longer take place: of a change, those that it took away."""
    now = timezone.now()
    return [
        span_in_words(each.starts_at, each.ends_at)
        for each in about.dates
        if each.state == TouchpointState.CANCELLED
        and each.starts_at > now
        and (about.delivery.kind in (ENDED, TAKEN_OFF) or each.ref in was)
    ]


def _with_entries(letter: EmailMultiAlternatives, about: Occasion) -> EmailMultiAlternatives:
    """Attach all dates as one file, to be opened with a calendar. Where none can be carried, the
    text has a link."""
    if outbox.provider().calendar_parts:
        entries = entries_file(about.dates, posting_id=about.delivery.posting_id)
        letter.attach(FILE_NAME, entries, "application/ics")
    return letter
