"""Quiet periods of the actor's partnerships, agreed or proposed, as items of a planner."""

from __future__ import annotations

from collections import defaultdict

from calendars.constraints import Constraint, quiet_constraint
from organisations.addresses import page_of
from overview.planner.items import Item
from overview.planner.sources import Asked
from partnerships.diary.agreement import Agreement, Course, agreements
from partnerships.diary.models import QuietPeriod

QUIET = "quiet"
MOST = 200
_COLOURS = {Course.HOLDS: "purple", Course.WAITS: "blue", Course.DECLINED: "grey"}


def quiet_periods(asked: Asked) -> list[Agreement]:
    """Those with a day in the window that were not withdrawn; three statements at most."""
    found = QuietPeriod.objects.filter(
        acl__overlap=[asked.actor.key],
        withdrawn_at=None,
        starts_on__lte=asked.window.last,
        ends_on__gte=asked.window.first,
    ).select_related("partnership")
    if asked.partnership_id is not None:
        found = found.filter(partnership_id=asked.partnership_id)
    periods = list(found[:MOST])
    return agreements(periods) if periods else []


def quiet_items(asked: Asked, found: list[Agreement]) -> list[Item]:
    """Quiet periods as a planner shows them."""
    return [_item(asked, each) for each in found]


def _item(asked: Asked, agreement: Agreement) -> Item:
    period = agreement.period
    holds = agreement.holds
    name = f"Quiet period: {period.reason}"
    waits = agreement.course is Course.WAITS
    short = name if holds else f"{'Proposed' if waits else 'Not agreed'}: {period.reason}"
    return Item(
        kind=QUIET,
        name=name,
        first=period.starts_on,
        last=period.ends_on,
        what=period.partnership.name,
        row=QUIET,
        short=short,
        href=page_of(asked.actor, "quiet-periods", ref=period.partnership.ref),
        severity="agreed" if holds else "proposed",
        status=str(agreement.course),
        colour=_COLOURS.get(agreement.course, "grey"),
        partnership_id=period.partnership_id,
        rank=3,
    )


def quiet_by_partnership(found: list[Agreement]) -> dict[int, list[Constraint]]:
    """What holds for all members of each partnership."""
    shared: dict[int, list[Constraint]] = defaultdict(list)
    for each in found:
        if each.holds:
            period = each.period
            shared[period.partnership_id].append(
                quiet_constraint(period.reason, period.starts_on, period.ends_on)
            )
    return shared
