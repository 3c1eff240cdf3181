"""Operators prepare a reorganisation: opened, looked at, decided row by row, approved, called off.

Nothing of an organisation's records changes here. What was approved is done on its day, by
`applying`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import (
    Organisation,
    Proposal,
    Reorganisation,
    ReorganisationRow,
    ReorganisationState,
    Succession,
)
from organisations.permissions import Permission
from organisations.reorganising import registry
from organisations.reorganising.selectors import UNDECIDED

# A kind's name is a word of ours: the registry takes no other.
GATHER = "SELECT tandem.gather_{}(%s)"


@transaction.atomic
def open_reorganisation(*, by: Actor, predecessor: Organisation) -> Reorganisation:
    """Begin to prepare what becomes of everything that an organisation has a part in.

    Its day is that of its latest succession. Raises ValidationError where nobody is on record to
    take over, while another reorganisation of it is prepared, and once one has been done.
    """
    permissions.require(by, Permission.REORGANISE)
    latest = Succession.objects.filter(predecessor=predecessor).order_by("-happened_on").first()
    if latest is None:
        raise ValidationError(
            f"Nobody is on record to take over from {predecessor.name}. Record its successor first."
        )
    if Reorganisation.objects.filter(
        predecessor=predecessor, state=ReorganisationState.APPLIED
    ).exists():
        raise ValidationError(f"The records of {predecessor.name} have followed already.")
    made = Reorganisation(
        predecessor=predecessor, happens_on=latest.happened_on, opened_by_id=by.user_id
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(
            f"A reorganisation of {predecessor.name} is being prepared already."
        ) from None
    gather(made)
    audit.record(
        "reorganisation opened",
        by=by,
        obj=made,
        changes={"organisation": [predecessor.pk, latest.successor_id]},
    )
    return made


@transaction.atomic
def decide_rows(
    *,
    by: Actor,
    reorganisation: Reorganisation,
    rows: Sequence[int],
    successor: Organisation | None,
) -> int:
    """Say of rows, by id, that they follow to a successor, or (None) stay as they are.

    Says how many. Raises ValidationError for one that is no successor on record, and when it has
    been done or called off.
    """
    permissions.require(by, Permission.REORGANISE)
    current = _held(reorganisation)
    if (
        successor is not None
        and not Succession.objects.filter(
            predecessor=current.predecessor_id, successor=successor
        ).exists()
    ):
        raise ValidationError({"successor": f"{successor.name} is no successor on record"})
    changed = ReorganisationRow.objects.filter(
        reorganisation=current, pk__in=rows, done_at=None
    ).update(
        proposal=Proposal.STAY if successor is None else Proposal.FOLLOW,
        successor=successor,
        changed_by_id=by.user_id,
    )
    audit.record(
        "reorganisation decided",
        by=by,
        obj=current,
        changes={"organisation": [None, successor.pk if successor else None], "rows": changed},
    )
    return changed


@transaction.atomic
def approve_reorganisation(*, by: Actor, reorganisation: Reorganisation) -> Reorganisation:
    """Have it done on its day, or at once where that day has come.

    What has come to the organisation since it was opened is gathered first. Raises
    ValidationError while a row is undecided, and when it is approved already or over.
    """
    permissions.require(by, Permission.REORGANISE)
    current = _held(reorganisation)
    if current.state != ReorganisationState.OPEN:
        raise ValidationError("It is approved already.")
    gather(current)
    undecided = ReorganisationRow.objects.filter(UNDECIDED, reorganisation=current).count()
    if undecided:
        records = "1 record is" if undecided == 1 else f"{undecided:,} records are"
        raise ValidationError(f"{records} undecided still. Say to whom each of them goes.")
    current.state = ReorganisationState.APPROVED
    current.approved_by_id, current.approved_at = by.user_id, timezone.now()
    current.save(update_fields=["state", "approved_by", "approved_at"])
    audit.record("reorganisation approved", by=by, obj=current)
    return current


@transaction.atomic
def call_off_reorganisation(*, by: Actor, reorganisation: Reorganisation) -> None:
    """End the preparation: nothing changes. Raises ValidationError once a record has followed."""
    permissions.require(by, Permission.REORGANISE)
    current = _held(reorganisation)
    if ReorganisationRow.objects.filter(reorganisation=current, done_at__isnull=False).exists():
        raise ValidationError("Its day has come and records have followed: this is not taken back.")
    current.state = ReorganisationState.CALLED_OFF
    current.save(update_fields=["state"])
    audit.record("reorganisation called off", by=by, obj=current)


def gather(reorganisation: Reorganisation) -> None:
    """Add a row for every record that is affected and has none; a statement for each kind.

    The day is that of the succession still, which may have been corrected meanwhile.
    """
    latest = (
        Succession.objects.filter(predecessor=reorganisation.predecessor_id)
        .order_by("-happened_on")
        .values_list("happened_on", flat=True)
        .first()
    )
    if latest is not None and latest != reorganisation.happens_on:
        Reorganisation.objects.filter(pk=reorganisation.pk).update(happens_on=latest)
        reorganisation.happens_on = latest
    with connection.cursor() as cursor:
        for kind in registry.kinds():
            cursor.execute(GATHER.format(kind.name), [reorganisation.pk])


def _held(reorganisation: Reorganisation) -> Reorganisation:
    """It as it is now, which may still be changed. Raises ValidationError otherwise."""
    rows = Reorganisation.objects.select_for_update(of=("self",)).select_related("predecessor")
    # What is over is held by nobody: row security lets no operator change it any more.
    current = rows.filter(pk=reorganisation.pk).first()
    if current is None or not current.may_change:
        raise ValidationError("It is over: it has been done, or called off.")
    return current
