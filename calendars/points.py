"""The national pressure points as one organisation has them: shown, hidden, changed.

Here: which points hold for it in a span of days, what it did with each, and the points it added.
Not here: which of them block a day (`calendars.constraints`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import models

from calendars.constraints import ALL, national_constraints, phase_of_school
from calendars.models import HiddenPoint, OwnPeriod
from calendars.pressure_points import PressurePoint, points_of
from organisations.actor import Actor
from organisations.models import Kind, School


@dataclass(frozen=True, slots=True)
class Shown:
    """A pressure point on an organisation's page: the national one, its own, or both.

    With both, its own stands in for the national one.
    """

    point: PressurePoint | None
    own: OwnPeriod | None
    # Hidden for its year, or for all years.
    hidden: bool = False
    every_year: bool = False

    @property
    def start(self) -> date:
        """The first day."""
        return self.own.starts_on if self.own else self._point.start

    @property
    def end(self) -> date:
        """The last day, included."""
        return self.own.ends_on if self.own else self._point.end

    @property
    def name(self) -> str:
        """What it is called here."""
        return self.own.name if self.own else self._point.name

    @property
    def severity(self) -> str:
        """How much it weighs: as a `Severity`, or "opportunity"."""
        return self.own.severity if self.own else self._point.severity

    @property
    def phase(self) -> str:
        """For which schools it holds."""
        return self.own.phase if self.own else self._point.phase

    @property
    def _point(self) -> PressurePoint:
        assert self.point is not None
        return self.point


def point_with_key(key: str) -> PressurePoint | None:
    """The national point with that key, in any year."""
    _, _, written = key.rpartition("_")
    digits = written[:4]
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4):
        return None
    if not 2000 <= int(digits) <= 2100:
        return None
    return next((point for point in points_of(int(digits)) if point.key == key), None)


def phase_of(actor: Actor) -> str:
    """For which schools points hold: a school's own phase, all for anybody else."""
    assert actor.organisation is not None
    if actor.organisation.kind != Kind.SCHOOL:
        return ALL
    found = School.objects.filter(organisation_id=actor.key).values_list("phase")
    return phase_of_school("".join(phase for (phase,) in found))


def points_between(
    actor: Actor, first: date, last: date
) -> tuple[list[Shown], list[Shown], list[Shown]]:
    """National points that are shown, hidden ones, and the organisation's own; three statements.

    Each in order of time. A changed one is among the shown, on its own days.
    """
    own = list(
        OwnPeriod.objects.filter(organisation_id=actor.key, removed_at=None).filter(
            starts_on__lte=last, ends_on__gte=first
        )
    )
    changed = {period.replaces: period for period in changed_points(actor)}
    hidden = hidden_keys(actor)
    national = _national(actor, first, last)
    moved_in = [
        point
        for key, period in changed.items()
        if period in own and (point := point_with_key(key)) and point not in national
    ]
    shown: list[Shown] = []
    gone: list[Shown] = []
    for point in [*national, *moved_in]:
        every_year = point.stem in hidden
        is_hidden = (every_year or point.key in hidden) and point.key not in changed
        it = Shown(point, changed.get(point.key), is_hidden, every_year)
        if it.start <= last and it.end >= first:
            (gone if is_hidden else shown).append(it)
    added = [Shown(None, period) for period in own if not period.replaces]
    return _in_time(shown), _in_time(gone), _in_time(added)


def changed_points(actor: Actor) -> models.QuerySet[OwnPeriod]:
    """The own periods that stand in for national points."""
    return OwnPeriod.objects.filter(organisation_id=actor.key, removed_at=None).exclude(replaces="")


def hidden_keys(actor: Actor) -> Collection[str]:
    """The keys, of one year or of all, that the organisation has hidden."""
    return set(
        HiddenPoint.objects.filter(organisation_id=actor.key, shown_again_at=None).values_list(
            "key", flat=True
        )
    )


def one_point(actor: Actor, point: PressurePoint) -> Shown:
    """One national point as the organisation has it."""
    hidden = hidden_keys(actor)
    own = changed_points(actor).filter(replaces=point.key).first()
    every_year = point.stem in hidden
    return Shown(point, own, (every_year or point.key in hidden) and own is None, every_year)


def _national(actor: Actor, first: date, last: date) -> list[PressurePoint]:
    """The points that concern it; quarters and the like are left to the planner."""
    assert actor.organisation is not None
    phase = phase_of(actor)
    keys = {
        each.key
        for year in range(first.year - 1, last.year + 1)
        for each in national_constraints(actor.organisation.kind, phase, year)
    }
    return [
        point
        for year in range(first.year - 1, last.year + 1)
        for point in points_of(year)
        if point.key in keys and point.touches(first, last)
    ]


def _in_time(found: list[Shown]) -> list[Shown]:
    return sorted(found, key=lambda each: (each.start, each.end, each.name))
