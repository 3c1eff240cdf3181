"""Reading organisations' calendars: any number of them with a fixed number of queries.

Whose own periods an actor reads, row security says again: its own organisation's, and those that
its partners share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from calendars.constraints import ALL, OrganisationCalendar, constraints_for, phase_of_school
from calendars.given_terms import (
    OWN_DATES,
    GivenYear,
    Giver,
    Rows,
    given_year,
    said_of,
    source_of,
)
from calendars.models import HiddenPoint, OwnPeriod, TermDates
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Kind, Organisation, Sector

# The summer holiday of a day lies between two school years, of which one may be the next.
_SUMMER = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class _Whose:
    """An organisation with those whose dates it inherits."""

    id: int
    name: str
    kind: str
    phase: str = ALL
    trust: Giver | None = None
    council: Giver | None = None

    @property
    def keeps_terms(self) -> bool:
        return Kind(self.kind).sector == Sector.SCHOOL

    @property
    def givers(self) -> list[Giver]:
        own = Giver(self.id, OWN_DATES)
        return [each for each in (own, self.trust, self.council) if each is not None]

    @property
    def with_trust(self) -> list[int]:
        """Those whose own periods hold for it."""
        return [self.id] if self.trust is None else [self.id, self.trust.organisation_id]


class Read(NamedTuple):
    """What planning reads of an own period."""

    name: str
    kind: str
    phase: str
    severity: str
    starts_on: date
    ends_on: date
    advice: str
    replaces: str


def _whose(organisation_ids: Collection[int]) -> list[_Whose]:
    rows = Organisation.objects.filter(pk__in=set(organisation_ids)).values_list(
        "pk",
        "name",
        "kind",
        "school__phase",
        "school__trust_id",
        "school__trust__name",
        "school__council_id",
        "school__council__name",
    )
    found = []
    for pk, name, kind, phase, trust, trust_name, council, council_name in rows:
        if kind == Kind.SCHOOL:
            givers = _giver(trust, trust_name), _giver(council, council_name)
            found.append(_Whose(pk, name, kind, phase_of_school(phase or ""), *givers))
        else:
            found.append(_Whose(pk, name, kind))
    return found


def _giver(organisation_id: int | None, name: str | None) -> Giver | None:
    return None if organisation_id is None else Giver(organisation_id, f"Dates of {name}")


def _rows_of(whose: Sequence[_Whose], years: Sequence[AcademicYear]) -> Rows:
    """The term dates that any of them may inherit; one statement."""
    givers = {giver.organisation_id for each in whose if each.keeps_terms for giver in each.givers}
    found = TermDates.objects.filter(
        organisation_id__in=givers,
        starts_in__gte=years[0].starts_in,
        starts_in__lte=years[-1].starts_in,
    )
    return {(row.organisation_id, row.starts_in): row for row in found}


def calendars_of(
    actor: Actor, organisation_ids: Sequence[int], first: date, last: date
) -> dict[int, OrganisationCalendar]:
    """The calendars of organisations from `first` to `last`, both included, by their ids.

    Four statements, however many organisations. They are in the order asked for; an id that
    nobody has is left out.
    """
    by_id = {each.id: each for each in _whose(organisation_ids)}
    whose = [by_id[each] for each in dict.fromkeys(organisation_ids) if each in by_id]
    years = AcademicYear.between(first - _SUMMER, last + _SUMMER)
    rows = _rows_of(whose, years)
    periods = _periods(actor, {pk for each in whose for pk in each.with_trust}, first, last)
    hidden = _hidden(actor, by_id)
    return {
        each.id: _calendar(
            each,
            [given_year(each.givers, rows, year) for year in years] if each.keeps_terms else [],
            [period for pk in each.with_trust for period in periods.get(pk, ())],
            hidden if each.id == actor.organisation_id else frozenset(),
            (first, last),
        )
        for each in whose
    }


def _calendar(
    whose: _Whose,
    given: list[GivenYear],
    own: list[Read],
    hidden: Collection[str],
    span: tuple[date, date],
) -> OrganisationCalendar:
    first, last = span
    touched = [each for each in given if each.school_year.year in AcademicYear.between(first, last)]
    return OrganisationCalendar(
        organisation_id=whose.id,
        name=whose.name,
        sector=Kind(whose.kind).sector,
        kind=whose.kind,
        phase=whose.phase,
        terms=source_of(given) if given else None,
        inset_days=frozenset(day for each in given for day in each.inset_days),
        constraints=constraints_for(
            kind=whose.kind,
            phase=whose.phase,
            first=first,
            last=last,
            own=own,
            hidden=hidden,
        ),
        terms_from=said_of(touched) if touched else "",
    )


def _periods(
    actor: Actor, organisation_ids: Collection[int], first: date, last: date
) -> dict[int, list[Read]]:
    """The own periods that the actor may see, by organisation; one statement."""
    found: dict[int, list[Read]] = defaultdict(list)
    rows = OwnPeriod.objects.filter(
        Q(organisation_id=actor.organisation_id) | Q(shared=True),
        organisation_id__in=organisation_ids,
        removed_at=None,
        starts_on__lte=last,
        ends_on__gte=first,
    )
    # Twelve members may have hundreds: rows of the database, without a model's weight.
    for organisation_id, *columns in rows.order_by().values_list("organisation_id", *Read._fields):
        found[organisation_id].append(Read(*columns))
    return found


def _hidden(actor: Actor, asked: Collection[int]) -> frozenset[str]:
    """The keys of points that the acting organisation has hidden; one statement."""
    if actor.organisation_id is None or actor.organisation_id not in asked:
        return frozenset()
    return frozenset(
        HiddenPoint.objects.filter(
            organisation_id=actor.organisation_id, shown_again_at=None
        ).values_list("key", flat=True)
    )


def term_dates_of(actor: Actor, organisation: Organisation, year: AcademicYear) -> GivenYear | None:
    """The dates that hold for a school or a school trust in a year, and where each part comes from.

    None for who keeps no school terms. Everyone signed in may ask: schools publish their terms.
    """
    (whose,) = _whose([organisation.pk])
    if not whose.keeps_terms:
        return None
    return given_year(whose.givers, _rows_of([whose], [year]), year)
