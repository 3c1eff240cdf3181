"""How far the contact details of a posting are open to whoever reads its page, and who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.http import Http404
from django.utils import timezone

from contacts.directory.services import STAYS_OPEN
from contacts.models import (
    DetailsOpened,
    DetailsRequest,
    Posting,
    Region,
    Visibility,
    WorkDetails,
)
from organisations.actor import Actor


class State(StrEnum):
    """How it stands."""

    # The organisation's own, or known from a record it shares.
    OURS = "ours"
    # Opened by this person within the hour.
    OPENED = "opened"
    # To be opened by pressing a button.
    TO_OPEN = "to open"
    TO_ASK = "to ask"
    ASKED = "asked"
    # To organisations of another region only.
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reach:
    """How the details stand, and what there is to show of them."""

    state: State
    details: WorkDetails | None = None
    opened_at: datetime | None = None
    request: DetailsRequest | None = None


def reach_of(actor: Actor, posting: Posting) -> Reach:
    """How far the details of a posting in the directory are open; at most two statements."""
    own = actor.organisation_id
    assert own is not None
    details = WorkDetails.objects.filter(posting=posting).first()
    if details is not None:
        if own in details.acl or posting.organisation_id == own:
            return Reach(State.OURS, details)
        opened = (
            DetailsOpened.objects.filter(
                posting=posting,
                organisation_id=own,
                user_id=actor.user_id,
                at__gt=timezone.now() - STAYS_OPEN,
            )
            .order_by("at")
            .first()
        )
        if opened is not None:
            return Reach(State.OPENED, details, opened.at)
        return Reach(State.TO_OPEN)
    if posting.visibility != Visibility.REQUEST:
        return Reach(State.CLOSED)
    request = (
        DetailsRequest.objects.filter(posting=posting, organisation_id=own)
        .order_by("-asked_at")
        .first()
    )
    waiting = request is not None and request.approved is None
    return Reach(State.ASKED if waiting else State.TO_ASK, request=request)


def requests_in(region: Region) -> list[DetailsRequest]:
    """The requests about a region's directory: undecided ones first, then the latest."""
    found = (
        DetailsRequest.objects.filter(posting__region=region)
        .select_related("posting__person", "posting__organisation", "organisation", "asked_by")
        .order_by("-asked_at")[:100]
    )
    return sorted(found, key=lambda each: each.approved is not None)


def number_waiting(region: Region) -> int:
    """How many requests wait for a decision."""
    return DetailsRequest.objects.filter(posting__region=region, approved=None).count()


def request_of(region: Region, ref: str) -> DetailsRequest:
    """One request about a region's directory; raises Http404 for any other."""
    found = (
        DetailsRequest.objects.filter(posting__region=region, ref=ref)
        .select_related(
            "posting__person",
            "posting__organisation",
            "posting__region",
            "organisation",
            "asked_by",
            "decided_by",
        )
        .first()
    )
    if found is None:
        raise Http404("no such request in this region")
    return found
