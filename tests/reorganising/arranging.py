"""Organisations that end and those that take over, beside the cast."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from organisations.actor import ActingOrganisation, Actor
from organisations.models import (
    AnnouncedChange,
    Kind,
    Membership,
    Organisation,
    Reorganisation,
    Role,
    Succession,
)
from organisations.reorganising.announcing import announce_change
from organisations.reorganising.services import approve_reorganisation, open_reorganisation
from organisations.reorganising.successions import record_successions
from tests.cast import ORGANISATIONS, Cast
from tests.record.arranging import acting_as

A_DAY = date(2026, 9, 1)


def trusts(number: int) -> list[Organisation]:
    """School trusts that play no part in the cast."""
    playing = [code for kind, code in ORGANISATIONS.values() if kind == Kind.SCHOOL_TRUST]
    found = Organisation.objects.filter(kind=Kind.SCHOOL_TRUST, closed_on=None)
    return list(found.exclude(code__in=playing).order_by("pk")[:number])


def recorded(cast: Cast, *, day: date = A_DAY) -> Succession:
    """A school trust that became part of another, as an operator recorded it."""
    former, later = trusts(2)
    return followed(cast, former, later, day=day)


def followed(cast: Cast, former: Organisation, later: Organisation, *, day: date) -> Succession:
    """That one organisation took over from another."""
    with acting_as(cast.operator) as by:
        (made,) = record_successions(
            by=by, predecessor=former, successors=[later], happened_on=day, nature="merger"
        )
    return made


def announced(cast: Cast, organisation: Organisation, **said: Any) -> AnnouncedChange:
    """A change of an organisation that an operator announced."""
    with acting_as(cast.operator) as by:
        return announce_change(by=by, organisation=organisation, **said)


def nhs_trusts(number: int) -> list[Organisation]:
    """NHS trusts that play no part in the cast."""
    playing = [code for kind, code in ORGANISATIONS.values() if kind == Kind.NHS_TRUST]
    found = Organisation.objects.filter(kind=Kind.NHS_TRUST, closed_on=None)
    return list(found.exclude(code__in=playing).order_by("pk")[:number])


def prepared(cast: Cast, former: Organisation, later: Organisation) -> Reorganisation:
    """A reorganisation that is open, of a day that has come."""
    followed(cast, former, later, day=A_DAY)
    with acting_as(cast.operator) as by:
        return open_reorganisation(by=by, predecessor=former)


def approved(cast: Cast, former: Organisation, later: Organisation) -> Reorganisation:
    """A reorganisation that only waits for the worker."""
    made = prepared(cast, former, later)
    with acting_as(cast.operator) as by:
        return approve_reorganisation(by=by, reorganisation=made)


def joined(cast: Cast, organisation: Organisation, part: str = "nobody") -> Actor:
    """An organisation that has joined, with a manager."""
    with acting_as(cast.operator):
        Organisation.objects.filter(pk=organisation.pk).update(joined_at=timezone.now())
        Membership.objects.create(
            organisation=organisation, user_id=cast.actors[part].user_id, role=Role.MANAGER
        )
    return for_it(cast, part, organisation)


def for_it(cast: Cast, part: str, organisation: Organisation, role: Role = Role.MANAGER) -> Actor:
    """Somebody of the cast acting for another organisation."""
    return Actor(
        cast.actors[part].user_id,
        ActingOrganisation(
            organisation.pk, organisation.name, organisation.slug, organisation.kind
        ),
        role,
    )


def being_reorganised(cast: Cast) -> Reorganisation:
    """A reorganisation that waits for an operator, with its succession on record already."""
    former = trusts(1)[0]
    with acting_as(cast.operator) as by:
        return open_reorganisation(by=by, predecessor=former)
