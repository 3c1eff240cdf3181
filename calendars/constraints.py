"""What speaks against a day for one organisation, and how much.

Here: which national points and own periods hold for whom, whether they block a day or are a
caution, and an organisation's calendar as planning needs it. Not here: weekends, bank holidays
and school holidays, which are asked of the day itself (`calendars.clashes`), and reading any of
it from the database (`calendars.selectors`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Protocol

from calendars.models import PeriodKind, Phase, Severity
from calendars.pressure_points import PressurePoint, points_of
from calendars.status import Standing
from calendars.terms import TermSource
from organisations.models import Kind, Sector

# What lasts longer blocks nothing: nobody keeps away from partners from November to March.
LONGEST_BLOCK = 60
ALL, PRIMARY, SECONDARY = (phase.value for phase in Phase)
# A school of which it is not known whether it is primary or secondary, or that is neither.
UNKNOWN, NEITHER = "unknown", "neither"

_SCHOOL_PHASES = {
    "Primary": PRIMARY,
    "Middle deemed primary": PRIMARY,
    "Secondary": SECONDARY,
    # Year 6 and its tests, and no GCSEs: pupils leave at 13.
    "Middle deemed secondary": PRIMARY,
    "16 plus": SECONDARY,
    "All-through": ALL,
    "Nursery": NEITHER,
}
_NATIONAL_SECTORS = {
    Kind.SCHOOL_TRUST: "school",
    Kind.SCHOOL: "school",
    Kind.NHS_TRUST: "nhs",
    Kind.ICB: "nhs",
    Kind.PROVIDER: "nhs",
    Kind.COUNCIL: "local_authority",
}
_WEIGHTS = {Severity.HIGH.value: 0, Severity.MEDIUM.value: 1, Severity.LOW.value: 2}


class Effect(enum.StrEnum):
    """What it means for choosing a day, heaviest first.

    BACKGROUND is what a planner shows and nobody plans around: ten months of a low
    severity, as inspections that may come.
    """

    BLOCKS = "blocks"
    CAUTION = "caution"
    OPPORTUNITY = "opportunity"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Constraint:
    """Days, both included, on which something holds for an organisation or a partnership."""

    name: str
    start: date
    end: date
    kind: str
    effect: Effect
    severity: str
    standing: Standing | None = None
    advice: str = ""
    phase: str = ALL
    # The key of the national point that it is, or stands in for.
    key: str = ""

    def on(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.start <= day <= self.end

    def touches(self, first: date, last: date) -> bool:
        """Whether one of its days lies between two days, both included."""
        return self.start <= last and self.end >= first

    @property
    def is_typical(self) -> bool:
        """Whether it is a pattern of other years, which nobody has published or stated."""
        return self.standing is Standing.TYPICAL

    @property
    def weight(self) -> tuple[int, int, int]:
        """To sort by, heaviest first: effect, severity, and the shorter before the longer."""
        effect = list(Effect).index(self.effect)
        return effect, _WEIGHTS.get(self.severity, 3), (self.end - self.start).days


@dataclass(frozen=True)
class OrganisationCalendar:
    """One organisation's days: what planning with it must know."""

    organisation_id: int
    name: str
    sector: Sector
    kind: str
    # "all", "primary", "secondary", "unknown" or "neither"; "all" for who is no school.
    phase: str = ALL
    # None for who keeps no school terms.
    terms: TermSource | None = None
    inset_days: frozenset[date] = field(default_factory=frozenset)
    constraints: tuple[Constraint, ...] = ()
    # Whose term dates they are, in words; empty without terms.
    terms_from: str = ""

    def between(self, first: date, last: date) -> OrganisationCalendar:
        """The same for fewer days, to ask a few of them many things."""
        near = tuple(each for each in self.constraints if each.touches(first, last))
        return replace(self, constraints=near)


def phase_of_school(phase: str) -> str:
    """How the phase in open data is meant here.

    >>> phase_of_school("16 plus"), phase_of_school("All-through"), phase_of_school("")
    ('secondary', 'all', 'unknown')
    """
    return _SCHOOL_PHASES.get(phase, UNKNOWN)


def _effect(severity: str, days: int) -> Effect | None:
    """What a severity means over so many days; None for what is mere information."""
    if severity == "opportunity":
        return Effect.OPPORTUNITY
    if severity not in _WEIGHTS:
        return None
    if severity == Severity.HIGH and days <= LONGEST_BLOCK:
        return Effect.BLOCKS
    if severity == Severity.LOW and days > LONGEST_BLOCK:
        return Effect.BACKGROUND
    return Effect.CAUTION


def _for_phase(effect: Effect, of: str, *, kind: str, phase: str) -> Effect | None:
    """What remains of an effect for an organisation, when it holds for one phase of schools.

    A trust may have schools of both phases, so it is warned with the phase's name. So is a
    school of which the phase is not known.
    """
    if of == ALL or phase == of:
        return effect
    if phase in (PRIMARY, SECONDARY, NEITHER):
        return None
    if effect is Effect.BLOCKS and (kind != Kind.SCHOOL or phase == UNKNOWN):
        return Effect.CAUTION
    return effect


def _of_point(point: PressurePoint, kind: str, phase: str) -> Constraint | None:
    if point.sector not in ("both", _NATIONAL_SECTORS[Kind(kind)]):
        return None
    effect = _effect(point.severity, (point.end - point.start).days + 1)
    if effect is not None:
        effect = _for_phase(effect, point.phase, kind=kind, phase=phase)
    if effect is None:
        return None
    return Constraint(
        name=point.name,
        start=point.start,
        end=point.end,
        kind=point.kind,
        effect=effect,
        severity=point.severity,
        standing=point.standing,
        advice=point.advice,
        phase=point.phase,
        key=point.key,
    )


@lru_cache(maxsize=512)
def national_constraints(kind: str, phase: str, year: int) -> tuple[Constraint, ...]:
    """What the national points of a year mean for an organisation of that kind and phase."""
    found = (_of_point(point, kind, phase) for point in points_of(year))
    return tuple(each for each in found if each is not None)


class Period(Protocol):
    """An organisation's own period, as a row or as what a selector reads of it."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def phase(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def advice(self) -> str: ...
    @property
    def replaces(self) -> str: ...


def own_constraint(period: Period, *, kind: str, phase: str) -> Constraint | None:
    """What an organisation's own period means for it, or for a school of its; None for none."""
    days = (period.ends_on - period.starts_on).days + 1
    effect = _effect(period.severity, days)
    if period.kind in (PeriodKind.CLOSURE, PeriodKind.BUSY):
        effect = Effect.BLOCKS
    elif effect is Effect.BACKGROUND:
        # Its own people wrote it down, so they mean it.
        effect = Effect.CAUTION
    if effect is not None:
        effect = _for_phase(effect, period.phase, kind=kind, phase=phase)
    if effect is None:
        return None
    return Constraint(
        name=period.name,
        start=period.starts_on,
        end=period.ends_on,
        kind=period.kind,
        effect=effect,
        severity=period.severity,
        advice=period.advice,
        phase=period.phase,
        key=period.replaces,
    )


def quiet_constraint(reason: str, start: date, end: date) -> Constraint:
    """A quiet period that the members of a partnership have agreed."""
    return Constraint(
        name=f"Quiet period: {reason}",
        start=start,
        end=end,
        kind="quiet",
        effect=Effect.BLOCKS,
        severity=Severity.HIGH.value,
        advice="you have agreed not to plan anything",
    )


def constraints_for(
    *,
    kind: str,
    phase: str,
    first: date,
    last: date,
    own: Iterable[Period] = (),
    hidden: Iterable[str] = (),
) -> tuple[Constraint, ...]:
    """Everything that holds for an organisation between two days, both included, in order.

    A national point that it has edited is its own period instead; one that it has hidden, by the
    key of a year or by the stem of all years, is left out.
    """
    periods = list(own)
    gone = set(hidden)
    gone.update(period.replaces for period in periods if period.replaces)
    found = _national_between(kind, phase, first, last)
    if gone:
        found = tuple(each for each in found if not _is_gone(each.key, gone))
    mine = (own_constraint(period, kind=kind, phase=phase) for period in periods)
    held = [each for each in mine if each is not None and each.touches(first, last)]
    return tuple(sorted((*found, *held), key=_in_time)) if held else found


@lru_cache(maxsize=256)
def _national_between(kind: str, phase: str, first: date, last: date) -> tuple[Constraint, ...]:
    """The national part for organisations of a kind: the same for all of them."""
    found = (
        each
        for year in range(first.year - 1, last.year + 1)
        for each in national_constraints(kind, phase, year)
        if each.touches(first, last)
    )
    return tuple(sorted(found, key=_in_time))


def _in_time(constraint: Constraint) -> tuple[date, date, str]:
    return constraint.start, constraint.end, constraint.name


def _is_gone(key: str, gone: set[str]) -> bool:
    stem = key.rpartition("_")[0]
    return key in gone or stem in gone
