"""What the planned days of a page clash with, for each side of their partnerships."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from calendars.clashes import Clash, clashes_on
from calendars.constraints import Constraint, Effect, OrganisationCalendar
from overview.planner.items import Item
from partnerships.record.models import Member, MemberState

Clashes = Mapping[tuple[int, date], list[Clash]]
_TOGETHER = (MemberState.RECORDED, MemberState.INVITED, MemberState.ACCEPTED)


def members_of(items: Iterable[Item]) -> Mapping[int, list[int]]:
    """The organisations in the partnerships of some items, by partnership; one statement."""
    wanted = {item.partnership_id for item in items if item.partnership_id}
    found: dict[int, list[int]] = defaultdict(list)
    if wanted:
        rows = Member.objects.filter(partnership__in=wanted, state__in=_TOGETHER)
        for partnership, organisation in rows.values_list("partnership_id", "organisation_id"):
            found[partnership].append(organisation)
    return found


def clashes_of(
    items: Iterable[Item],
    calendars: Callable[[int], Sequence[OrganisationCalendar]],
    shared: Mapping[int, Sequence[Constraint]],
) -> Clashes:
    """For each partnership and day of the items, what speaks against it.

    `calendars` says whose calendars hold for a partnership, `shared` what its members agreed.
    """
    wanted = {(item.partnership_id, item.first) for item in items if item.partnership_id}
    return {
        (partnership, day): [
            clash
            for clash in clashes_on(day, calendars(partnership), shared.get(partnership, ()))
            if clash.effect in (Effect.BLOCKS, Effect.CAUTION)
        ]
        for partnership, day in wanted
    }
