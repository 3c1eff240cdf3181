"""The e-mails to whoever organises a touchpoint about those who are to come, and what they
answer to another time proposed.

Written, and checked once more, just before each is sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone

from calendars.london import moment_in_words, span_in_words
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from organisations.selectors import works_at
from partnerships.touchpoints.announcements import DECLINED
from partnerships.touchpoints.attendees import sides_without_anybody
from partnerships.touchpoints.calendar_entries import address_of
from partnerships.touchpoints.models import (
    Answer,
    Attendee,
    Proposal,
    ProposalState,
    Touchpoint,
    TouchpointState,
)
from partnerships.touchpoints.organiser import organiser_of
from partnerships.touchpoints.proposing import DECLINED as NOT_TAKEN
from partnerships.touchpoints.proposing import PROPOSED, address_of_proposer, name_of_proposer


def register() -> None:
    """Make the kinds known to the outbox."""
    for name, label, compose, pointless_from in (
        (DECLINED, "Somebody does not come", declined, touchpoint_begins),
        (PROPOSED, "Another time proposed", proposed, first_of_both),
        (NOT_TAKEN, "Proposed time not taken", not_taken, planned_time),
    ):
        outbox.register(
            Kind(
                name,
                label,
                compose,
                on_dead=address_refused,
                group=groups.FOLLOW_UPS,
                pointless_from=pointless_from,
            )
        )


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


def proposed(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Which other time is proposed, by whom and why."""
    proposal = _proposal(delivery)
    if proposal is None or proposal.state != ProposalState.OPEN:
        return NotNeeded("The proposal has been answered or withdrawn.")
    if proposal.starts_at <= timezone.now():
        return NotNeeded("The proposed time has passed.")
    touchpoint = proposal.touchpoint
    if reason := not_to_be_told(delivery, touchpoint):
        return NotNeeded(reason)
    return outbox.letter(
        PROPOSED,
        subject=f"Another time? {what_in_words(touchpoint)}",
        to=delivery.recipient,
        context=_about(proposal),
    )


def not_taken(delivery: Delivery) -> EmailMessage | NotNeeded:
    """That the time stays as it is, in the words of whoever organises it."""
    proposal = _proposal(delivery)
    if proposal is None or proposal.state != ProposalState.DECLINED:
        return NotNeeded("The proposal was not declined.")
    touchpoint = proposal.touchpoint
    if touchpoint.state != TouchpointState.SCHEDULED or touchpoint.has_begun:
        return NotNeeded("The touchpoint is over or cancelled.")
    if proposal.organisation_id not in touchpoint.acl and proposal.proposed_by_id is not None:
        return NotNeeded("Their organisation is no longer in the partnership.")
    side = proposal.organisation
    if side.suspended_at is not None or side.left_at is not None:
        return NotNeeded("Their organisation is suspended or has left.")
    # Somebody invited who is not signed in is asked by their address, below.
    if proposal.proposed_by and not works_at(proposal.proposed_by, side.pk):
        return NotNeeded("They have left their organisation.")
    if address_of_proposer(proposal).lower() != delivery.recipient.lower():
        return NotNeeded("Their address has changed, or they have left.")
    return outbox.letter(
        NOT_TAKEN,
        subject=f"The time stays: {what_in_words(touchpoint)}",
        to=delivery.recipient,
        context=_about(proposal),
    )


def touchpoint_begins(delivery: Delivery) -> datetime | None:
    """When that begins to which somebody cannot come."""
    row = Attendee.objects.filter(pk=delivery.payload["attendee"])
    return row.values_list("touchpoint__starts_at", flat=True).first()


def planned_time(delivery: Delivery) -> datetime | None:
    """When that begins for which another time was proposed."""
    times = _times(delivery)
    return times[0] if times else None


def first_of_both(delivery: Delivery) -> datetime | None:
    """When the planned time, or the proposed one, has come: then there is nothing to answer."""
    times = _times(delivery)
    return min(times) if times else None


def _times(delivery: Delivery) -> tuple[datetime, datetime] | None:
    rows = Proposal.objects.filter(ref=delivery.subject)
    return rows.values_list("touchpoint__starts_at", "starts_at").first()


def _proposal(delivery: Delivery) -> Proposal | None:
    return (
        Proposal.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("touchpoint__partnership", "touchpoint__author", "organisation")
        .select_related("touchpoint__author_organisation", "proposed_by", "posting__person")
        .first()
    )


def _about(proposal: Proposal) -> dict[str, Any]:
    touchpoint = proposal.touchpoint
    return {
        "name": name_of_proposer(proposal),
        "organisation": proposal.organisation.name,
        "proposed": span_in_words(proposal.starts_at, proposal.ends_at),
        "planned": span_in_words(touchpoint.starts_at, touchpoint.ends_at),
        "words": proposal.words,
        "answer_words": proposal.answer_words,
        "kind": touchpoint.get_kind_display(),
        "partnership": touchpoint.partnership.name,
        "organiser": touchpoint.author_organisation.name,
        "address": address_of(touchpoint),
    }


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
