"""The e-mails to whoever organises a touchpoint about those who are to come.

Written, and checked once more, just before each is sent.
"""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.utils import timezone

from calendars.london import moment_in_words
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.touchpoints.announcements import DECLINED
from partnerships.touchpoints.attendees import sides_without_anybody
from partnerships.touchpoints.calendar_entries import address_of
from partnerships.touchpoints.models import Answer, Attendee, Touchpoint, TouchpointState
from partnerships.touchpoints.organiser import organiser_of


def register() -> None:
    """Make the kinds known to the outbox."""
    outbox.register(Kind(DECLINED, "Somebody does not come", declined, group=groups.FOLLOW_UPS))


def declined(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who cannot come, and whether anybody of their side still does."""
    row = (
        Attendee.objects.filter(
            pk=delivery.payload["attendee"], acl__overlap=[delivery.organisation_id]
        )
        .select_related("touchpoint__partnership", "touchpoint__author", "organisation")
        .select_related("touchpoint__author_organisation", "posting__person")
        .first()
    )
    if row is None or row.removed_at is not None:
        return NotNeeded("They are no longer invited.")
    if row.answer != Answer.DECLINED:
        return NotNeeded("They have answered differently since.")
    touchpoint = row.touchpoint
    if reason := not_to_be_told(delivery, touchpoint):
        return NotNeeded(reason)
    name = row.posting.person.name
    return outbox.letter(
        DECLINED,
        subject=f"{name} cannot come: {what_in_words(touchpoint)}",
        to=delivery.recipient,
        context={
            "name": name,
            "organisation": row.organisation.name,
            "when": moment_in_words(touchpoint.starts_at),
            "kind": touchpoint.get_kind_display(),
            "partnership": touchpoint.partnership.name,
            "organiser": touchpoint.author_organisation.name,
            "nobody": row.organisation_id in sides_without_anybody(touchpoint),
            "address": address_of(touchpoint),
        },
    )


def not_to_be_told(delivery: Delivery, touchpoint: Touchpoint) -> str:
    """Why an e-mail to the organiser has lost its point; empty when it has not."""
    if touchpoint.state != TouchpointState.SCHEDULED:
        return f"The touchpoint is {touchpoint.get_state_display().lower()}."
    if touchpoint.has_begun or touchpoint.starts_at <= timezone.now():
        return "The touchpoint began before this could be sent."
    organiser = organiser_of(touchpoint)
    if organiser is None or organiser.email.lower() != delivery.recipient.lower():
        return "No longer the one who organises it."
    return ""


def what_in_words(touchpoint: Touchpoint) -> str:
    """`short update, Thursday 14 January 2027 at 3:30pm`."""
    return f"{touchpoint.get_kind_display().lower()}, {moment_in_words(touchpoint.starts_at)}"
