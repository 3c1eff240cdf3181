"""What an organisation brings to a partnership: its schools, and the side on which it works."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Kind, Sector
from organisations.permissions import Permission
from partnerships.record.models import Member
from partnerships.record.selectors.schools import schools_of
from partnerships.record.services.members import locked_member

CHANGED_MEANWHILE = "changed_meanwhile"
# They work with both sectors; of every other kind the side is plain.
ON_EITHER_SIDE = (Kind.COUNCIL, Kind.PROVIDER)


@transaction.atomic
def choose_schools(
    *, by: Actor, member: Member, schools: Collection[int] | None, based_on: int | None = None
) -> Member:
    """Say which of a trust's schools a partnership is about: all of them (None), or some.

    `schools` are ids of their organisations, `based_on` the `described` that the person saw. The
    member says it itself; whoever opened the partnership, for one that has not accepted yet.
    Raises ValidationError, keyed by field, for none at all and for a school that is not the
    trust's, and (CHANGED_MEANWHILE) when somebody else has said otherwise since.
    """
    current = _held(by, member)
    wanted = [] if schools is None else sorted(set(schools))
    if schools is not None:
        if not wanted:
            raise ValidationError({"schools": "Choose at least one school"})
        if not set(wanted) <= {each.pk for each in schools_of(current.organisation)}:
            raise ValidationError({"schools": "Choose schools of the trust from the list"})
    before = (current.all_schools, current.schools)
    if before == (schools is None, wanted):
        return current
    _require_unchanged(current, based_on)
    current.all_schools, current.schools = schools is None, wanted
    current.described += 1
    current.save(update_fields=["all_schools", "schools", "described"])
    audit.record(
        "schools chosen",
        by=by,
        obj=current,
        changes={"schools": [_said(*before), _said(schools is None, wanted)]},
    )
    return current


@transaction.atomic
def choose_side(*, by: Actor, member: Member, side: str, based_on: int | None = None) -> Member:
    """Say on which side a council or a provider works in a partnership.

    As `choose_schools` in who may and when it changed meanwhile. Raises ValidationError for an
    organisation whose kind has one side.
    """
    current = _held(by, member)
    if side not in Sector.values:
        raise ValidationError({"side": "Choose the side on which it works"})
    if side == current.side:
        return current
    if current.organisation.kind not in ON_EITHER_SIDE:
        raise ValidationError({"side": f"{current.organisation.name} works on one side only"})
    _require_unchanged(current, based_on)
    before, current.side = current.side, side
    current.described += 1
    current.save(update_fields=["side", "described"])
    audit.record("side chosen", by=by, obj=current, changes={"side": [before, side]})
    return current


def _held(by: Actor, member: Member) -> Member:
    permissions.require(by, Permission.DESCRIBE_MEMBER, member)
    current = locked_member(member.partnership, member.organisation)
    # Again once it is held: the organisation may have accepted in between.
    permissions.require(by, Permission.DESCRIBE_MEMBER, current)
    return current


def _require_unchanged(current: Member, based_on: int | None) -> None:
    if based_on is not None and based_on != current.described:
        raise ValidationError(
            "Somebody else changed this while you were choosing. Check what is saved now against "
            "your choice, and save again.",
            code=CHANGED_MEANWHILE,
        )


def _said(every: bool, schools: list[int]) -> str | list[int]:
    return "all" if every else schools
