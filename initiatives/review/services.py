"""Asking for a review, saying that it arrived, commenting and answering: every write to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calendars.london import today
from initiatives.plans.models import Initiative, InitiativeGrant
from initiatives.review import announcements
from initiatives.review.access import end_grant, give_access, person_at
from initiatives.review.models import (
    LONGEST_COMMENT,
    LONGEST_MESSAGE,
    LONGEST_WORDS,
    RequestState,
    ReviewComment,
    ReviewRequest,
    Section,
    SeenVersion,
    Verdict,
    VerdictKind,
)
from initiatives.review.withdrawing import withdraw
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.record.models import Member, MemberState, Partnership

CHANGED_MEANWHILE = "changed_meanwhile"
# A day further off is a slip of the pen.
FURTHEST = timedelta(days=366)


@transaction.atomic
def ask_organisation(
    *, by: Actor, initiative: Initiative, organisation: Organisation, due_on: date, message: str
) -> ReviewRequest:
    """Ask another member to review an initiative; its contact gets an e-mail.

    Raises ValidationError, keyed by field, for one that has not accepted or was asked already, a
    day that is over or more than a year away, and a message that is too long.
    """
    permissions.require(by, Permission.ASK_FOR_REVIEW, initiative)
    said = _checked(due_on, message)
    if organisation.pk not in {each.pk for each in who_can_be_asked(by, initiative.partnership)}:
        raise ValidationError({"organisation": "Choose another member of the partnership"})
    return _ask(by, initiative, field="organisation", to_organisation=organisation, **said)


@transaction.atomic
def ask_person(
    *,
    by: Actor,
    initiative: Initiative,
    email: str,
    last_day: date,
    due_on: date,
    message: str,
) -> ReviewRequest:
    """Ask the person who confirmed `email`, who sees this initiative alone up to `last_day`.

    Raises ValidationError, keyed by field, as `ask_organisation`, for an address that nobody
    confirmed, for somebody who may have no access or has been asked, and for an access that ends
    before the answer is due.
    """
    permissions.require(by, Permission.ASK_FOR_REVIEW, initiative)
    permissions.require(by, Permission.SHOW_INITIATIVE, initiative)
    said = _checked(due_on, message)
    if last_day < due_on:
        raise ValidationError({"last_day": "Their access must last until the answer is due"})
    if last_day > today() + FURTHEST:
        raise ValidationError({"last_day": "Their access may last a year at most"})
    user = person_at(by, email)
    give_access(by=by, initiative=initiative, user=user, last_day=last_day)
    return _ask(by, initiative, field="email", to_user=user, **said)


def who_can_be_asked(actor: Actor, partnership: Partnership) -> list[Organisation]:
    """The other members that have accepted and are here, by name."""
    assert actor.organisation_id is not None
    members = Member.objects.filter(
        partnership=partnership,
        acl__overlap=[actor.organisation_id],
        state=MemberState.ACCEPTED,
        organisation__left_at=None,
        organisation__suspended_at=None,
    ).exclude(organisation_id=actor.organisation_id)
    rows = members.select_related("organisation").order_by("organisation__name")
    return [each.organisation for each in rows]


@transaction.atomic
def withdraw_request(*, by: Actor, request: ReviewRequest) -> ReviewRequest:
    """Take a request back that nobody has answered; a person asked loses their access with it.

    Raises ValidationError when it is over already.
    """
    initiative = request.initiative
    permissions.require(by, Permission.ASK_FOR_REVIEW, initiative)
    if request.to_user_id is not None:
        permissions.require(by, Permission.SHOW_INITIATIVE, initiative)
    current = _held(request)
    grants = InitiativeGrant.objects.filter(content_object=initiative, user_id=request.to_user_id)
    for grant in grants.select_related("user"):
        grant.content_object = initiative
        end_grant(by, grant)
        current.refresh_from_db()
    if current.is_open:
        withdraw(by, current)
    return current


@transaction.atomic
def acknowledge_requests(*, by: Actor, requests: Collection[ReviewRequest]) -> int:
    """Say of several requests that they have arrived, and tell whoever asked; says of how many.

    One that was acknowledged or is over is left as it is. Whoever asked for several gets one
    e-mail.
    """
    for request in requests:
        permissions.require(by, Permission.REVIEW_INITIATIVE, request)
    held = ReviewRequest.objects.select_for_update(of=("self",)).filter(
        pk__in=[each.pk for each in requests], state=RequestState.OPEN, acknowledged_at=None
    )
    rows = list(held.order_by("pk").select_related("author", "author_organisation"))
    now = timezone.now()
    ReviewRequest.objects.filter(pk__in=[each.pk for each in rows]).update(
        acknowledged_at=now, acknowledged_by_id=by.user_id
    )
    for each in rows:
        audit.record("review acknowledged", by=by, obj=each)
    announcements.say_arrived(rows)
    return len(rows)


@transaction.atomic
def comment_on_initiative(
    *, by: Actor, initiative: Initiative, section: str, text: str, revision: int
) -> ReviewComment:
    """Say something about one section, as it was at the `revision` on the page.

    Everybody who sees the initiative reads it. Raises ValidationError, keyed by field.
    """
    permissions.require(by, Permission.COMMENT_ON_INITIATIVE, initiative)
    text = text.replace("\r\n", "\n").strip()
    problems: dict[str, str] = {}
    if section not in Section.values:
        problems["section"] = "Choose what your comment is about"
    if not says_something(text):
        problems["text"] = "Enter a comment"
    elif len(text) > LONGEST_COMMENT:
        problems["text"] = f"A comment must be {LONGEST_COMMENT:,} characters or fewer"
    if problems:
        raise ValidationError(problems)
    made = ReviewComment.objects.create(
        initiative=initiative,
        partnership_id=initiative.partnership_id,
        organisation_id=by.organisation_id,
        author_id=by.user_id,
        section=section,
        text=text,
        revision=min(max(revision, 1), initiative.revision),
    )
    audit.record("initiative commented on", by=by, obj=initiative, changes={"comment": made.pk})
    return made


@transaction.atomic
def answer_request(
    *, by: Actor, request: ReviewRequest, kind: str, words: str, revision: int
) -> Verdict:
    """Endorse the version that was read, or request changes; whoever asked gets an e-mail.

    Raises ValidationError, keyed by field, for no choice, changes without words, words that are
    too long; with code `changed_meanwhile` for a version that has changed since.
    """
    permissions.require(by, Permission.REVIEW_INITIATIVE, request)
    words = words.replace("\r\n", "\n").strip()
    problems: dict[str, str] = {}
    if kind not in VerdictKind.values:
        problems["kind"] = "Choose whether you endorse it"
    if kind == VerdictKind.CHANGES and not says_something(words):
        problems["words"] = "Enter what should change"
    elif len(words) > LONGEST_WORDS:
        problems["words"] = f"Your answer must be {LONGEST_WORDS:,} characters or fewer"
    if problems:
        raise ValidationError(problems)
    current = _held(request)
    now = Initiative.objects.values_list("revision", flat=True).get(pk=request.initiative_id)
    if revision != now:
        raise ValidationError(
            "The initiative was changed after you opened this page, so nothing was sent. Read what "
            "changed, and answer again.",
            code=CHANGED_MEANWHILE,
        )
    made = Verdict.objects.create(
        request=current,
        initiative_id=current.initiative_id,
        partnership_id=current.partnership_id,
        organisation_id=by.organisation_id,
        author_id=by.user_id,
        kind=kind,
        words=words,
        revision=revision,
    )
    columns: dict[str, Any] = {"state": RequestState.ANSWERED}
    if current.acknowledged_at is None:
        columns |= {"acknowledged_at": timezone.now(), "acknowledged_by_id": by.user_id}
    ReviewRequest.objects.filter(pk=current.pk).update(**columns)
    audit.record("review answered", by=by, obj=made, changes={"kind": [None, kind]})
    announcements.say_answered(current, made)
    return made


def note_seen(*, by: Actor, initiative: Initiative, snapshot: Mapping[str, Any]) -> None:
    """Keep what a person sees of this revision; the same revision again is nothing new.

    Nothing is kept of somebody who reads in a support session.
    """
    if by.support is not None:
        return
    known = SeenVersion.objects.filter(
        user_id=by.user_id, initiative=initiative, revision=initiative.revision
    )
    if known.exists():
        return
    row = SeenVersion(
        user_id=by.user_id,
        initiative=initiative,
        revision=initiative.revision,
        snapshot=dict(snapshot),
    )
    SeenVersion.objects.bulk_create([row], ignore_conflicts=True)


def _ask(by: Actor, initiative: Initiative, field: str, **columns: Any) -> ReviewRequest:
    assert by.organisation_id is not None
    try:
        with transaction.atomic():
            request = ReviewRequest.objects.create(
                initiative=initiative,
                partnership_id=initiative.partnership_id,
                author_organisation_id=by.organisation_id,
                author_id=by.user_id,
                **columns,
            )
    except IntegrityError:
        raise ValidationError(
            {field: "They have been asked already, and have not answered yet"}, code="asked"
        ) from None
    request.initiative = initiative
    audit.record("review asked for", by=by, obj=request)
    announcements.ask(by=by, request=request)
    return request


def _held(request: ReviewRequest) -> ReviewRequest:
    """The request as it is saved now; whoever else changes it waits for us."""
    current = ReviewRequest.objects.select_for_update().get(pk=request.pk)
    if not current.is_open:
        raise ValidationError(f"This request has been {current.state} already.")
    current.initiative = request.initiative
    return current


def _checked(due_on: date, message: str) -> dict[str, Any]:
    words = " ".join(message.split())
    problems: dict[str, str] = {}
    if due_on < today():
        problems["due_on"] = "The day must be today or later"
    elif due_on > today() + FURTHEST:
        problems["due_on"] = "The day must be within a year"
    if len(words) > LONGEST_MESSAGE:
        problems["message"] = f"Your message must be {LONGEST_MESSAGE} characters or fewer"
    if problems:
        raise ValidationError(problems)
    return {"due_on": due_on, "message": words}
