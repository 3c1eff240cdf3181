"""Writes of those who use the directory: opening how to reach somebody, asking for it.

Opening is on record and limited, so that nobody can copy the directory out: the database counts,
one organisation at a time, so that the limits hold across processes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from contacts.directory import mail
from contacts.models import (
    DetailsOpened,
    DetailsRequest,
    Listing,
    Need,
    Posting,
    Visibility,
    WorkDetails,
)
from frontend.wording import datetime_words
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# How many people's details somebody opens within an hour, and their organisation within a day.
MOST_AN_HOUR = 30
MOST_A_DAY = 100
# For so long they stay open to whoever opened them, and count once.
STAYS_OPEN = HOUR
# The first number of the advisory locks under which an organisation's openings are counted.
LOCK = 7411


@transaction.atomic
def open_details(*, by: Actor, posting: Posting) -> WorkDetails:
    """Open how to reach somebody in the directory; on record, and counted once an hour.

    Raises PermissionDenied where the posting's own setting keeps them closed, ValidationError
    with the time when more can be opened once enough were.
    """
    permissions.require(by, Permission.OPEN_DETAILS)
    details = WorkDetails.objects.filter(posting=posting).first()
    if details is None:
        raise PermissionDenied("These contact details are not open to your organisation.")
    assert by.organisation_id is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, by.organisation_id])
    now = timezone.now()
    ours = DetailsOpened.objects.filter(organisation_id=by.organisation_id)
    own = ours.filter(user_id=by.user_id)
    if own.filter(posting=posting, at__gt=now - STAYS_OPEN).exists():
        return details
    for theirs, most, within, who in (
        (own, MOST_AN_HOUR, HOUR, "You have"),
        (ours, MOST_A_DAY, DAY, "Your organisation has"),
    ):
        if again := _again_at(theirs, most, within, now):
            raise ValidationError(
                f"{who} opened the contact details of {most} people, which is as many as can be "
                f"opened within {'an hour' if within == HOUR else 'a day'}. You can open more "
                f"from {datetime_words(again)}",
                code="too many",
            )
    opened = DetailsOpened.objects.create(
        posting=posting, organisation_id=by.organisation_id, user_id=by.user_id
    )
    audit.record(
        "contact details opened", by=by, obj=opened, changes={"posting": [None, posting.pk]}
    )
    return details


def _again_at(
    opened: QuerySet[DetailsOpened], most: int, within: timedelta, now: datetime
) -> datetime | None:
    """When another can be opened; None where that is now."""
    times = list(
        opened.filter(at__gt=now - within).order_by("-at").values_list("at", flat=True)[:most]
    )
    return times[-1] + within if len(times) == most else None


@transaction.atomic
def ask_for_details(*, by: Actor, posting: Posting, reason: str) -> DetailsRequest:
    """Ask the admin of a posting's region for contact details that are given on request only.

    The admins are told by e-mail. Raises ValidationError without a reason, where the details
    are open or not given on request, or where the organisation has asked already.
    """
    permissions.require(by, Permission.ASK_FOR_DETAILS)
    assert by.organisation_id is not None
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Say what you want to speak to them about"})
    if posting.listing != Listing.LISTED or posting.visibility != Visibility.REQUEST:
        raise ValidationError("These contact details are not given on request")
    asked = DetailsRequest.objects.filter(
        posting=posting, organisation_id=by.organisation_id
    ).exclude(approved=False)
    if asked.exists():
        raise ValidationError("Your organisation has asked for these details already")
    request = DetailsRequest.objects.create(
        posting=posting,
        organisation_id=by.organisation_id,
        asked_by_id=by.user_id,
        reason=reason,
    )
    audit.record(
        "contact details asked for", by=by, obj=request, changes={"posting": [None, posting.pk]}
    )
    mail.say_asked(request)
    return request


@transaction.atomic
def decide_request(
    *, by: Actor, request: DetailsRequest, approve: bool, answer: str = ""
) -> DetailsRequest:
    """Open a posting's contact details to the organisation that asked, or refuse.

    By the admin of its region. Whoever asked is told by e-mail. Raises ValidationError when it
    is refused without a reason, or has been decided already.
    """
    permissions.require(by, Permission.MANAGE_REGION, request.posting.region)
    answer = answer.strip()
    if not approve and not answer:
        raise ValidationError({"answer": "Say why, so that they know what to do instead"})
    decided = DetailsRequest.objects.filter(pk=request.pk, approved=None).update(
        approved=approve, answer=answer, decided_by_id=by.user_id, decided_at=timezone.now()
    )
    if not decided:
        raise ValidationError("This request has been decided already")
    request.refresh_from_db()
    audit.record(
        "contact details given" if approve else "contact details refused",
        by=by,
        obj=request,
        changes={"posting": [None, request.posting_id]},
    )
    mail.say_decided(request)
    return request


WORDS_OF_NEED = ("name", "first_door", "ask_for", "not_for", "fallback", "strategic")


@transaction.atomic
def change_need(*, by: Actor, need: Need, **words: str) -> Need:
    """Reword whom to contact for a need: any of WORDS_OF_NEED. It is the operator's from then on.

    Raises ValidationError, keyed by field, for words that are missing; TypeError for others.
    """
    permissions.require(by, Permission.CHANGE_NEEDS)
    if unknown := set(words) - set(WORDS_OF_NEED):
        raise TypeError(f"a need has no {sorted(unknown)}")
    given = {name: " ".join(text.split()) for name, text in words.items()}
    if missing := {name: "Enter some words" for name, text in given.items() if not text}:
        raise ValidationError(missing)
    changed = [name for name, text in given.items() if getattr(need, name) != text]
    if changed:
        for name in changed:
            setattr(need, name, given[name])
        need.edited_at = timezone.now()
        need.save(update_fields=[*changed, "edited_at"])
        audit.record("need reworded", by=by, obj=need, changes={"fields": changed})
    return need
