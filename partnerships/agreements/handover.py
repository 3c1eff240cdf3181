"""Agreements that somebody who goes is to sign pass to a colleague."""

from __future__ import annotations

from django.db.models import QuerySet

from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor
from organisations.permissions import Permission
from partnerships.agreements.models import OVER, Signatory
from partnerships.agreements.selectors import newest_versions
from partnerships.agreements.signing import name_signatory
from partnerships.record.selectors.partnership import ours

MOST_NAMED = 5


def _to_sign(by: Actor, user: User) -> QuerySet[Signatory]:
    """For which agreements that are not over a person signs in the acting organisation's name."""
    rows = Signatory.objects.filter(
        organisation_id=ours(by),
        user=user,
        ended_at=None,
        partnership__closed_at=None,
        acl__overlap=[by.organisation_id],
    ).exclude(agreement__stage__in=OVER)
    return rows.select_related("agreement__partnership").order_by("pk")


def _count(by: Actor, user: User) -> int:
    return _to_sign(by, user).count()


def _names(by: Actor, user: User) -> list[str]:
    agreements = _to_sign(by, user).values("agreement")
    found = newest_versions(by).filter(agreement__in=agreements)
    return [f"{each.agreement.partnership.name}: {each.title}" for each in found[:MOST_NAMED]]


def _move(by: Actor, user: User, to: Successor) -> int:
    """Make the successor the one who signs, in the same role; they are asked where it is ready."""
    found = list(_to_sign(by, user))
    for each in found:
        name_signatory(by=by, agreement=each.agreement, user=to.user, role=each.role)
    return len(found)


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="signatories",
            label="Agreements to sign",
            count=_count,
            names=_names,
            move=_move,
            # Asked of nobody's agreement in particular, so by what the same editors may anywhere.
            needs=Permission.RECORD_POSTING,
            stays="Stay without anybody who signs for you, until a colleague is named",
            order=24,
        )
    )
