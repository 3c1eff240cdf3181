"""Opening a review, answering it, closing it: every write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calendars.london import today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.reviews import announcements
from partnerships.reviews.models import AnswerSet, Kind, Review
from partnerships.reviews.questions import keys_of, scale
from partnerships.reviews.rounds import round_on
from partnerships.reviews.selectors import own_answers, turnout_of

SHORTEST, LONGEST = timedelta(days=5), timedelta(days=60)
USUAL = timedelta(weeks=3)
IS_CLOSED = "This review is closed. What you answered before counts; nothing was changed."


@transaction.atomic
def open_review(*, by: Actor, partnership: Partnership, kind: str, closes_on: date) -> Review:
    """Open the review of this term, or of this school year, and ask every member's contact.

    Raises ValidationError, keyed by field, for a kind or a day that cannot be, and where this
    round has been opened.
    """
    permissions.require(by, Permission.OPEN_REVIEW, partnership)
    assert by.organisation_id is not None
    if kind not in Kind.values:
        raise ValidationError({"kind": "Choose which review you want"})
    if not today() + SHORTEST <= closes_on <= today() + LONGEST:
        raise ValidationError(
            {"closes_on": "Give people at least 5 days to answer, and at most 60"}
        )
    this = round_on(kind, today())
    try:
        with transaction.atomic():
            review = Review.objects.create(
                partnership=partnership,
                author_organisation_id=by.organisation_id,
                author_id=by.user_id,
                kind=kind,
                year=this.year,
                term=this.term,
                closes_on=closes_on,
            )
    except IntegrityError:
        words = f"There is one for this already: {this.label}"
        raise ValidationError({"kind": words}) from None
    audit.record("review opened", by=by, obj=review, changes={"kind": kind})
    announcements.ask(by=by, review=review)
    return review


@transaction.atomic
def answer_review(*, by: Actor, review: Review, answers: Mapping[str, str]) -> AnswerSet:
    """Answer in one's own name, or answer anew while the review is open.

    `answers` holds each question by its key. The same again does nothing. Raises ValidationError,
    keyed by question, for what is missing; for a closed review; and for somebody who has
    answered for another organisation.
    """
    permissions.require(by, Permission.ANSWER_REVIEW, review)
    assert by.organisation_id is not None
    current = _locked(review)
    if not current.is_open:
        raise ValidationError(IS_CLOSED)
    given = _complete(current.kind, answers)
    before = own_answers(by, current)
    if before is not None:
        if before.answers == given:
            return before
        before.answers, before.answered_at = given, timezone.now()
        before.save(update_fields=["answers", "answered_at"])
        audit.record("review answered again", by=by, obj=current)
        return before
    place = Member.objects.get(
        partnership_id=current.partnership_id,
        organisation_id=by.organisation_id,
        state=MemberState.ACCEPTED,
    )
    try:
        with transaction.atomic():
            made = AnswerSet.objects.create(
                review=current,
                partnership_id=current.partnership_id,
                organisation_id=by.organisation_id,
                side=place.side,
                user_id=by.user_id,
                answers=given,
            )
    except IntegrityError:
        raise ValidationError(
            "You have answered this review already, perhaps for another of your organisations. "
            "Each person answers once."
        ) from None
    audit.record("review answered", by=by, obj=current)
    return made


@transaction.atomic
def close_review(*, by: Actor, review: Review) -> Review:
    """Close it before its last day, so that both sides see where they differ.

    Closing it twice is once. Raises ValidationError while a side has not answered.
    """
    permissions.require(by, Permission.CLOSE_REVIEW, review)
    current = _locked(review)
    if not current.is_open:
        return current
    if not turnout_of([current])[current.pk].both:
        raise ValidationError(
            "One side has not answered yet. It can be closed once somebody of each side has."
        )
    current.closed_at, current.closed_by_id = timezone.now(), by.user_id
    current.save(update_fields=["closed_at", "closed_by"])
    announcements.tell_results(by=by, review=current)
    audit.record("review closed", by=by, obj=current)
    return current


def _locked(review: Review) -> Review:
    """The review as it is saved now; who closes it waits for who answers, and the other way."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("partnership")
    return rows.get(pk=review.pk)


def _complete(kind: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Every question with one of the answers, in order."""
    choices = {value for value, _ in scale()}
    wrong = {
        key: "Choose an answer, or “Can’t say”"
        for key in keys_of(kind)
        if answers.get(key) not in choices
    }
    if wrong:
        raise ValidationError(wrong)
    return {key: answers[key] for key in keys_of(kind)}
