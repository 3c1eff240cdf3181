"""Taking in who comes: on the page, by the link in an e-mail, from a calendar program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.permissions import Permission
from organisations.tenancy.scope import Scope, acting
from partnerships.touchpoints import announcements
from partnerships.touchpoints.attendees import is_oneself
from partnerships.touchpoints.models import Answer, Attendee, Touchpoint, TouchpointState, Way
from partnerships.touchpoints.organiser import organiser_of

GIVEN = (Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED)
ASKED_ANEW = "asked_anew"
ANSWER = ("answer", "answered_at", "answered_by", "answered_way", "answered_revision")


class Noted(Enum):
    """What became of an answer that came from a calendar program."""

    TAKEN = "it counts"
    UNCHANGED = "it says what is known already"
    OLDER = "a newer answer is there, or the time has changed since"
    OVER = "the touchpoint is over or cancelled"
    UNKNOWN = "nobody with that address is invited"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it is to be kept."""

    answer: Answer
    way: Way
    stamp: datetime
    user_id: int | None = None


@transaction.atomic
def answer(
    *, by: Actor, attendee: Attendee, answer: str, seen_revision: int | None = None
) -> Attendee:
    """Say whether somebody of the acting organisation comes; whoever answers last, holds.

    `seen_revision` is the plan that the person saw. Raises ValidationError for another one,
    an unknown answer, and once the touchpoint has begun or is no longer scheduled.
    """
    permissions.require(by, permission_to_answer(by, attendee), attendee)
    row = _locked(attendee.pk)
    _require_answerable(row, answer, seen_revision)
    _keep(row, Given(Answer(answer), Way.PAGE, timezone.now(), by.user_id), by)
    return row


def permission_to_answer(actor: Actor, attendee: Attendee) -> Permission:
    """What is asked of somebody who answers for somebody invited."""
    if is_oneself(actor, attendee):
        return Permission.ANSWER_FOR_ONESELF
    return Permission.ANSWER_FOR_COLLEAGUE


@transaction.atomic
def answer_by_link(
    *, touchpoint: Touchpoint, posting_id: int, answer: str, seen_revision: int | None = None
) -> Attendee:
    """The same by the link in somebody's e-mail, which shows that they are who was invited.

    Raises Attendee.DoesNotExist for somebody who is no longer invited.
    """
    organisation = touchpoint.author_organisation_id
    with acting(Scope(organisation_id=organisation)):
        row = _locked(
            Attendee.objects.get(touchpoint=touchpoint, posting=posting_id, removed_at=None).pk
        )
        _require_answerable(row, answer, seen_revision)
        given = Given(Answer(answer), Way.LINK, timezone.now())
        _keep(row, given, None)
    return row


@transaction.atomic
def note_reply(
    *,
    touchpoint_ref: str,
    posting_id: int,
    answer: str,
    sequence: int,
    stamp: datetime,
    address: str,
) -> Noted:
    """Take in what a calendar program says about an entry that we sent it.

    `sequence` is the revision of the entry that was answered, `stamp` when (DTSTAMP), `address`
    who answers: somebody to whom the invitation was forwarded is not who was invited. Called
    for nobody; may be called again with the same.
    """
    organisation = organisation_behind(touchpoint_ref)
    if organisation is None or answer not in GIVEN:
        return Noted.UNKNOWN
    with acting(Scope(organisation_id=organisation)):
        row = Attendee.objects.filter(
            touchpoint__ref=touchpoint_ref, posting=posting_id, removed_at=None
        ).first()
        if row is None or not is_theirs(touchpoint_ref, row, address):
            return Noted.UNKNOWN
        row = _locked(row.pk)
        if row.touchpoint.state != TouchpointState.SCHEDULED or row.touchpoint.has_begun:
            return Noted.OVER
        # A calendar whose clock is fast does not outrun the answers that follow.
        at = min(stamp, timezone.now())
        if sequence < row.asked_revision or (row.stamp is not None and at < row.stamp):
            return Noted.OLDER
        given = Given(Answer(answer), Way.CALENDAR, at)
        changed = _keep(row, given, None, sequence)
        return Noted.TAKEN if changed else Noted.UNCHANGED


def organisation_behind(touchpoint_ref: str) -> int | None:
    """Which organisation takes in the answers to a touchpoint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.touchpoint_organiser(%s)", [touchpoint_ref])
        found: int | None = cursor.fetchone()[0]
    return found


def is_theirs(touchpoint_ref: str, row: Attendee, address: str) -> bool:
    """Whether an address is one to which we sent this person something about the touchpoint."""
    return Delivery.objects.filter(
        subject=touchpoint_ref, posting_id=row.posting_id, recipient__iexact=address.strip()
    ).exists()


def _locked(attendee_id: int) -> Attendee:
    return (
        Attendee.objects.select_for_update(of=("self",))
        .select_related("touchpoint__author", "touchpoint__author_organisation")
        .select_related("touchpoint__partnership")
        .get(pk=attendee_id)
    )


def _require_answerable(row: Attendee, answer: str, seen_revision: int | None) -> None:
    if answer not in GIVEN:
        raise ValidationError("Choose whether you come")
    if row.removed_at is not None:
        raise ValidationError("They are no longer invited. Nothing was changed.")
    touchpoint = row.touchpoint
    if touchpoint.state != TouchpointState.SCHEDULED:
        state = touchpoint.get_state_display().lower()
        raise ValidationError(f"This touchpoint is {state}. Nothing was changed.")
    if touchpoint.has_begun:
        raise ValidationError("This touchpoint has begun. Nothing was changed.")
    if seen_revision is not None and seen_revision < row.asked_revision:
        raise ValidationError(
            "The time has changed since you opened this page. Look at it and answer again.",
            code=ASKED_ANEW,
        )


def _keep(row: Attendee, given: Given, by: Actor | None, revision: int | None = None) -> bool:
    """Keep an answer and put it on record; says whether it was news."""
    answered = row.touchpoint.revision if revision is None else revision
    before = row.answer
    row.stamp = given.stamp
    if before == given.answer and row.answered_revision == answered:
        row.save(update_fields=["stamp"])
        return False
    row.answer = given.answer
    row.answered_at = timezone.now()
    row.answered_by_id = given.user_id
    row.answered_way = given.way
    row.answered_revision = answered
    row.said_before = ""
    row.save(update_fields=["stamp", "said_before", *ANSWER])
    audit.record(
        "touchpoint answered",
        by=by,
        obj=row,
        changes={"answer": [before, str(given.answer)], "way": [None, str(given.way)]},
    )
    if given.answer == Answer.DECLINED and before != Answer.DECLINED:
        _tell_organiser(row, given.user_id)
    return True


def _tell_organiser(row: Attendee, user_id: int | None) -> None:
    """Tell whoever organises it that somebody has cancelled, unless they know.

    On behalf of their own organisation: nobody else sees who works there.
    """
    organisation = row.touchpoint.author_organisation_id
    with acting(Scope(organisation_id=organisation)):
        to = organiser_of(row.touchpoint)
        if to is None or to.posting_id == row.posting_id or (user_id and to.user_id == user_id):
            return
        announcements.announce_decline(
            by=on_behalf_of(organisation),
            touchpoint=row.touchpoint,
            attendee_id=row.pk,
            to=to.email,
        )
