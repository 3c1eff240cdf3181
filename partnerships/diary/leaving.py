"""What becomes of quiet periods when an organisation leaves Tandem, or one partnership.

What it proposed and is not over is withdrawn. What others proposed no longer waits for its answer.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from calendars.london import today
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.joining.registry import foretold, on_leaving
from partnerships.diary.models import QuietPeriod
from partnerships.diary.services import withdraw_quiet_period
from partnerships.record.models import Partnership
from partnerships.record.parting import foretold_parting, on_parting

# Before its partnerships are left, without which they could not be read.
FIRST = 12


def withdraw_periods(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Withdraw what it proposed; says how many."""
    periods = list(_standing(by, partnership))
    for period in periods:
        owner = period.partnership.owner_id
        withdraw_quiet_period(
            by=by,
            period=period,
            # Of others' partnerships the leaver itself will see nothing when it is written.
            announced_by=None if owner == by.organisation_id else on_behalf_of(owner),
        )
    return {"quiet_periods_withdrawn": len(periods)}


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    count = _standing(by, partnership).count()
    if not count:
        return []
    periods = "1 quiet period" if count == 1 else f"{count} quiet periods"
    return [f"{periods} that it proposed {'is' if count == 1 else 'are'} withdrawn"]


def _standing(by: Actor, partnership: Partnership | None) -> QuerySet[QuietPeriod]:
    """Those of one partnership, or of all."""
    return QuietPeriod.objects.filter(
        Q(partnership=partnership) if partnership else Q(),
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        ends_on__gte=today(),
        withdrawn_at=None,
    ).select_related("partnership")


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(withdraw_periods, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(withdraw_periods, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
