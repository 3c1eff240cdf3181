"""Operators record who took over from whom, and correct or take back what they recorded.

One organisation may be followed by several (a split), several by one (a merger). The database
refuses a chain that leads back to where it began. Once records have followed, nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation, Reorganisation, ReorganisationRow, Succession
from organisations.permissions import Permission
from organisations.reorganising.kinds import Nature, may_follow

LOOP = "succession_never_loops"
FROM_OPEN_DATA = (
    "This comes from open data. It changes when a newer file says otherwise, and not by hand."
)


@transaction.atomic
def record_successions(
    *,
    by: Actor,
    predecessor: Organisation,
    successors: Sequence[Organisation],
    happened_on: date,
    nature: str,
) -> list[Succession]:
    """Record who took over from an organisation on a day, past or to come.

    Raises ValidationError, keyed by field, for an organisation that cannot have taken over, for a
    day that cannot be, and for a chain that would lead back to where it began.
    """
    permissions.require(by, Permission.RECORD_SUCCESSION)
    if nature not in Nature.values:
        raise ValidationError({"nature": "Say what happened"})
    if not successors:
        raise ValidationError({"successors": "Enter at least one organisation that took over"})
    if nature == Nature.SPLIT and len(successors) < 2 and not _successors_of(predecessor):
        raise ValidationError(
            {"successors": "A split has at least two organisations that took over. Enter them all"}
        )
    if nature != Nature.SPLIT and len(successors) > 1:
        raise ValidationError({"nature": "Several organisations took over: this is a split"})
    for each in successors:
        _refuse_successor(predecessor, each)
        _refuse_day(predecessor, each, happened_on)
    return [_recorded(by, predecessor, each, happened_on, nature) for each in successors]


@transaction.atomic
def correct_succession(
    *, by: Actor, succession: Succession, happened_on: date, nature: str
) -> Succession:
    """Put right the day and what happened, while no record has followed.

    Raises ValidationError for what open data say, for a day that cannot be, and once records have
    followed.
    """
    current = _held(by, succession)
    if nature not in Nature.values:
        raise ValidationError({"nature": "Say what happened"})
    _refuse_day(current.predecessor, current.successor, happened_on)
    changes = {
        "happened_on": [current.happened_on.isoformat(), happened_on.isoformat()],
        "nature": [current.nature, nature],
    }
    Succession.objects.filter(pk=current.pk).update(happened_on=happened_on, nature=nature)
    current.happened_on, current.nature = happened_on, nature
    audit.record("succession corrected", by=by, obj=current, changes=changes)
    return current


@transaction.atomic
def remove_succession(*, by: Actor, succession: Succession) -> None:
    """Take back what was recorded wrongly, while no record has followed.

    Raises ValidationError for what open data say, and once records have followed.
    """
    current = _held(by, succession)
    if Reorganisation.objects.filter(
        predecessor=current.predecessor_id, state__in=["open", "approved"]
    ).exists():
        raise ValidationError(
            f"A reorganisation of {current.predecessor.name} rests on this. Call it off first."
        )
    audit.record(
        "succession removed",
        by=by,
        obj=current,
        changes={"organisation": [current.successor_id, None]},
    )
    Succession.objects.filter(pk=current.pk).delete()


def _recorded(
    by: Actor, predecessor: Organisation, successor: Organisation, happened_on: date, nature: str
) -> Succession:
    made = Succession(
        predecessor=predecessor,
        successor=successor,
        happened_on=happened_on,
        nature=nature,
        recorded_by_id=by.user_id,
        recorded_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as problem:
        raise _refusal(problem, predecessor, successor) from None
    audit.record(
        "succession recorded",
        by=by,
        obj=made,
        changes={"organisation": [predecessor.pk, successor.pk]},
    )
    return made


def _refusal(
    problem: IntegrityError, predecessor: Organisation, successor: Organisation
) -> ValidationError:
    if LOOP in _constraint(problem):
        return ValidationError(
            {
                "successors": f"{predecessor.name} took over from {successor.name} itself, "
                "directly or by way of others. A chain of successors cannot lead back"
            }
        )
    return ValidationError(
        {"successors": f"It is recorded already that {successor.name} took over"}
    )


def _constraint(problem: IntegrityError) -> str:
    diagnostics = getattr(problem.__cause__, "diag", None)
    return str(getattr(diagnostics, "constraint_name", "") or "")


def _successors_of(predecessor: Organisation) -> bool:
    return Succession.objects.filter(predecessor=predecessor).exists()


def _refuse_successor(predecessor: Organisation, successor: Organisation) -> None:
    if successor.pk == predecessor.pk:
        raise ValidationError({"successors": f"{predecessor.name} cannot take over from itself"})
    if not may_follow(predecessor.kind, successor.kind):
        former, later = predecessor.get_kind_display(), successor.get_kind_display()
        raise ValidationError(
            {
                "successors": f"{successor.name} is of another kind ({later}) and cannot take over "
                f"from {predecessor.name} ({former})"
            }
        )


def _refuse_day(predecessor: Organisation, successor: Organisation, day: date) -> None:
    if predecessor.opened_on is not None and day < predecessor.opened_on:
        raise ValidationError(
            {"happened_on": f"{predecessor.name} had not begun by then. Enter a later date"}
        )
    if successor.closed_on is not None and day >= successor.closed_on:
        raise ValidationError(
            {"happened_on": f"{successor.name} had ended by then. Enter an earlier date"}
        )


def _held(by: Actor, succession: Succession) -> Succession:
    """The succession as it is now, which may be changed. Raises ValidationError otherwise."""
    permissions.require(by, Permission.RECORD_SUCCESSION)
    current = (
        Succession.objects.select_related("predecessor", "successor")
        .filter(pk=succession.pk)
        .first()
    )
    if current is None:
        raise ValidationError("It has been taken back already.")
    if current.recorded_by_id is None:
        raise ValidationError(FROM_OPEN_DATA)
    if ReorganisationRow.objects.filter(
        reorganisation__predecessor=current.predecessor_id, done_at__isnull=False
    ).exists():
        raise ValidationError(
            f"Records of {current.predecessor.name} have followed already: this stays as it is."
        )
    return current
