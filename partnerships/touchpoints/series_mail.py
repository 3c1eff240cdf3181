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
from frontend.wording import counted
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.record.models import NamedContact
from partnerships.record.recipients import contact_behind, organisations_taking_part
from partnerships.touchpoints.mail import address_refused
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState
from partnerships.touchpoints.organiser import organiser_of
from partnerships.touchpoints.plans import reminders_in_words
from partnerships.touchpoints.series_announcements import CHANGED, ENDED, INVITED
from partnerships.touchpoints.series_entries import (
    FILE_NAME,
    SHOWN,
    address_for,
    entries_file,
    to_show,
)
from partnerships.touchpoints.series_plans import series_in_words


def register() -> None:
    """Make the three kinds known to the outbox."""
    for name, label, compose, group in (
        (INVITED, "Dates of a series of touchpoints", invitation, groups.TOUCHPOINTS),
        (CHANGED, "Changed dates of a series", change, groups.TOUCHPOINTS),
        (ENDED, "End of a series of touchpoints", end, groups.CANCELLATIONS),
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


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an e-mail is about, and to whom it goes; `dates` are those to come."""

    delivery: Delivery
    series: TouchpointSeries
    contact: NamedContact
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


def next_date_begins(delivery: Delivery) -> datetime | None:
    """When the first of the dates begins that it tells of: who hears later has missed that one."""
    coming = Touchpoint.objects.filter(
        series__ref=delivery.subject, state__in=SHOWN, starts_at__gt=timezone.now()
    )
    return coming.order_by("starts_at").values_list("starts_at", flat=True).first()


def _occasion(delivery: Delivery, *, ended: bool = False) -> Occasion | NotNeeded:
    """Read everything anew, as the sending organisation sees it now."""
    series = (
        TouchpointSeries.objects.filter(
            ref=delivery.subject, acl__overlap=[delivery.organisation_id]
        )
        .select_related("partnership", "author", "author_organisation")
        .first()
    )
    if series is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if (series.ended_at is not None) != ended:
        return NotNeeded("The series has ended." if not ended else "The series goes on.")
    if series.revision != delivery.revision:
        return NotNeeded("The series was changed; a later e-mail tells how.")
    contact = contact_behind(delivery, series.partnership)
    if contact is None:
        return NotNeeded("No longer a contact in the partnership, or the address has changed.")
    if contact.organisation.suspended_at is not None:
        return NotNeeded("The organisation of the contact is suspended.")
    if contact.organisation.left_at is not None and not ended:
        return NotNeeded("The organisation of the contact has left.")
    about = Occasion(delivery, series, contact, to_show(series))
    if not ended and not about.coming:
        return NotNeeded("No date of the series is still to come.")
    if ended and not about.dates:
        return NotNeeded("The last date of the series is past.")
    return about


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
            "function": about.contact.get_function_display().lower(),
            "organisation": about.contact.organisation.name,
            "recorder": about.contact.posting.recorder,
            "source": about.contact.posting.source,
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
    if about.delivery.kind == ENDED:
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
        and (about.delivery.kind == ENDED or each.ref in was)
    ]


def _with_entries(letter: EmailMultiAlternatives, about: Occasion) -> EmailMultiAlternatives:
    """Attach all dates as one file, to be opened with a calendar. Where none can be carried, the
    text has a link."""
    if outbox.provider().calendar_parts:
        entries = entries_file(about.dates, posting_id=about.delivery.posting_id)
        letter.attach(FILE_NAME, entries, "application/ics")
    return letter
