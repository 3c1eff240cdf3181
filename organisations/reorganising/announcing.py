"""Operators record changes that are announced, put them right, confirm them, or drop them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import (
    AHEAD,
    AnnouncedChange,
    ChangeState,
    Confidence,
    Organisation,
    Succession,
)
from organisations.permissions import Permission
from organisations.reorganising.successions import record_successions


@transaction.atomic
def announce_change(
    *,
    by: Actor,
    organisation: Organisation,
    expected_on: date,
    into: str,
    confidence: str,
    source: str,
) -> AnnouncedChange:
    """Record that an organisation is expected to merge or end. Everyone sees it as not certain.

    Raises ValidationError, keyed by field, for what is missing, for a day before it began, and
    while another change of it is ahead.
    """
    permissions.require(by, Permission.ANNOUNCE_CHANGE)
    words = _checked(organisation, expected_on, into, confidence, source)
    made = AnnouncedChange(
        organisation=organisation,
        expected_on=expected_on,
        **words,
        recorded_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(
            f"A change of {organisation.name} is announced already. Correct that one, or drop it."
        ) from None
    audit.record(
        "change announced",
        by=by,
        obj=made,
        changes={"organisation": [None, organisation.pk], "expected_on": [None, str(expected_on)]},
    )
    return made


@transaction.atomic
def correct_change(
    *,
    by: Actor,
    change: AnnouncedChange,
    expected_on: date,
    into: str,
    confidence: str,
    source: str,
) -> AnnouncedChange:
    """Give an announced change another day, other words or another source.

    Raises ValidationError as `announce_change`, and for one that was dropped, confirmed or done.
    """
    current = _held(by, change, (ChangeState.ANNOUNCED,))
    words = _checked(current.organisation, expected_on, into, confidence, source)
    _decide(by, current, expected_on=expected_on, **words)
    audit.record(
        "announced change corrected",
        by=by,
        obj=current,
        changes={"expected_on": [str(current.expected_on), str(expected_on)]},
    )
    return AnnouncedChange.objects.select_related("organisation").get(pk=current.pk)


@transaction.atomic
def confirm_change(
    *,
    by: Actor,
    change: AnnouncedChange,
    successors: Sequence[Organisation],
    happened_on: date,
    nature: str,
) -> list[Succession]:
    """Say that an announced change is certain: who takes over, and on which day.

    Raises ValidationError as `record_successions`, and for one that is not ahead any more.
    """
    current = _held(by, change, (ChangeState.ANNOUNCED,))
    made = record_successions(
        by=by,
        predecessor=current.organisation,
        successors=successors,
        happened_on=happened_on,
        nature=nature,
    )
    _decide(by, current, state=ChangeState.CONFIRMED, expected_on=happened_on)
    audit.record("announced change confirmed", by=by, obj=current)
    return made


@transaction.atomic
def drop_change(*, by: Actor, change: AnnouncedChange, note: str) -> None:
    """Say that an announced change will not come, and why. Successors on record stay.

    Raises ValidationError without a reason, and for one that is not ahead any more.
    """
    current = _held(by, change, AHEAD)
    if not note.strip():
        raise ValidationError({"note": "Say why it will not come"})
    _decide(by, current, state=ChangeState.DROPPED, note=note.strip())
    audit.record("announced change dropped", by=by, obj=current)


def _checked(
    organisation: Organisation, expected_on: date, into: str, confidence: str, source: str
) -> dict[str, str]:
    into, source = " ".join(into.split()), " ".join(source.split())
    problems = {}
    if not into:
        problems["into"] = "Say with whom it merges, or what becomes of it"
    if not source:
        problems["source"] = "Say where this comes from"
    if confidence not in Confidence.values:
        problems["confidence"] = "Say how sure it is"
    if organisation.opened_on is not None and expected_on < organisation.opened_on:
        problems["expected_on"] = f"{organisation.name} had not begun by then. Enter a later date"
    if problems:
        raise ValidationError(problems)
    return {"into": into, "source": source, "confidence": confidence}


def _held(by: Actor, change: AnnouncedChange, states: Sequence[str]) -> AnnouncedChange:
    permissions.require(by, Permission.ANNOUNCE_CHANGE)
    rows = AnnouncedChange.objects.select_for_update(of=("self",)).select_related("organisation")
    current = rows.filter(pk=change.pk).first()
    if current is None or current.state not in states:
        raise ValidationError("Somebody has decided about this change meanwhile.")
    return current


def _decide(by: Actor, change: AnnouncedChange, **values: object) -> None:
    """Write what was decided, in the name of whoever decides."""
    decided = AnnouncedChange(
        **{field.attname: getattr(change, field.attname) for field in change._meta.concrete_fields}
    )
    for name, value in {
        **values,
        "decided_by_id": by.user_id,
        "decided_at": timezone.now(),
    }.items():
        setattr(decided, name, value)
    try:
        with transaction.atomic():
            decided.save(update_fields=[*values, "decided_by", "decided_at"])
    except IntegrityError:
        raise ValidationError(
            {"expected_on": "A change on this day is on record already. Enter another date"}
        ) from None
