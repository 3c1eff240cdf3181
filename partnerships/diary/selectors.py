"""Reading what all members of a partnership must know to choose a day together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from calendars import clashes as reasons
from calendars.clashes import Clash
from calendars.constraints import Constraint, OrganisationCalendar, quiet_constraint
from calendars.selectors import calendars_of
from calendars.slots import LOOK_AHEAD, Slot, next_clear_slots
from organisations.actor import Actor
from partnerships.diary.agreement import agreements, is_asked, with_since
from partnerships.diary.models import QuietPeriod
from partnerships.diary.taken import taken_days
from partnerships.record.models import Member, MemberState, Partnership

_TOGETHER = (MemberState.RECORDED, MemberState.INVITED, MemberState.ACCEPTED)

# How far ahead a diary is read for clear days: a term, and only if that has too few, two years.
REACHES = (timedelta(weeks=16), LOOK_AHEAD)


@dataclass(frozen=True)
class SharedDiary:
    """The calendars of a partnership's members, what holds for all, and the days already taken.

    It knows nothing of what comes after `last`.
    """

    calendars: list[OrganisationCalendar]
    shared: list[Constraint] = field(default_factory=list)
    taken: frozenset[date] = frozenset()
    last: date = date.max

    def clashes_on(self, day: date) -> list[Clash]:
        """What a day clashes with, in words."""
        return reasons.clashes_on(day, self.calendars, self.shared)

    def clear_slots(self, after: date, count: int = 5, until: date | None = None) -> list[Slot]:
        """The next days after one, up to and including `until`, that suit everybody.

        Without `until`, two years ahead, as far as the diary reaches.
        """
        return next_clear_slots(
            after,
            self.calendars,
            shared=self.shared,
            taken=self.taken,
            count=count,
            until=min(until or after + LOOK_AHEAD, self.last),
        )


def diary_of(actor: Actor, partnership: Partnership, first: date, last: date) -> SharedDiary:
    """The diary of a partnership between two days, both included; a fixed number of statements.

    An organisation that has declined or left is not asked; one that has not accepted yet is, since
    it is to take part.
    """
    members = with_since(Member.objects.filter(partnership=partnership, state__in=_TOGETHER))
    together = list(members.order_by("side", "added_at", "pk"))
    ids = [each.organisation_id for each in together]
    calendars = calendars_of(actor, ids, first, last)
    return SharedDiary(
        calendars=list(calendars.values()),
        shared=[
            quiet_constraint(each.reason, each.starts_on, each.ends_on)
            for each in quiet_between(actor, partnership, together, first, last)
        ],
        taken=taken_days(actor, partnership, first, last),
        last=last,
    )


def quiet_between(
    actor: Actor, partnership: Partnership, members: Sequence[Member], first: date, last: date
) -> list[QuietPeriod]:
    """The quiet periods that hold and have a day between two days, both included."""
    periods = QuietPeriod.objects.filter(
        acl__overlap=[actor.key],
        partnership=partnership,
        withdrawn_at=None,
        starts_on__lte=last,
        ends_on__gte=first,
    )
    asked = [each for each in members if is_asked(each)]
    return [each.period for each in agreements(list(periods), asked) if each.holds]


def clashes(actor: Actor, partnership: Partnership, day: date) -> list[Clash]:
    """What a day clashes with for each member, in words."""
    return diary_of(actor, partnership, day, day).clashes_on(day)


def clear_slots(actor: Actor, partnership: Partnership, after: date, count: int = 5) -> list[Slot]:
    """The next days after one, within two years, that suit every member."""
    found: list[Slot] = []
    for reach in REACHES:
        diary = diary_of(actor, partnership, after + timedelta(days=1), after + reach)
        found = diary.clear_slots(after, count)
        if len(found) >= count:
            break
    return found
