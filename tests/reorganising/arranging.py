"""Organisations that end and those that take over, beside the cast."""

from __future__ import annotations

from datetime import date
from typing import Any

from organisations.models import AnnouncedChange, Kind, Organisation, Succession
from organisations.reorganising.announcing import announce_change
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
