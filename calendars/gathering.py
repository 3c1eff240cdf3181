"""What planning reads of many organisations at once: one statement, whatever their number.

Row security holds for each table as everywhere; whose own periods an actor reads, it says again.
The rows come as JSON, since a page that offers a day asks this of every member of a partnership.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from calendars.constraints import ALL, phase_of_school
from calendars.given_terms import OWN_DATES, Giver, Rows
from calendars.models import TermDates
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Kind, Sector

_STATEMENT = """
WITH asked AS MATERIALIZED (
    SELECT o.id, o.name, o.kind, s.phase, s.trust_id, t.name AS trust, s.council_id,
           c.name AS council
    FROM organisations_organisation o
    LEFT JOIN organisations_school s ON s.organisation_id = o.id AND o.kind = 'school'
    LEFT JOIN organisations_organisation t ON t.id = s.trust_id
    LEFT JOIN organisations_organisation c ON c.id = s.council_id
    WHERE o.id = ANY(%(ids)s)
), givers AS (
    SELECT id FROM asked WHERE kind IN ('school', 'school_trust')
    UNION SELECT trust_id FROM asked UNION SELECT council_id FROM asked
)
SELECT
    (SELECT json_agg(json_build_array(
        id, name, kind, phase, trust_id, trust, council_id, council)) FROM asked),
    (SELECT json_agg(json_build_array(
        organisation_id, starts_in, names, spans, inset_days, standing))
     FROM calendars_termdates
     WHERE organisation_id IN (SELECT id FROM givers)
       AND starts_in BETWEEN %(first_year)s AND %(last_year)s),
    (SELECT json_agg(json_build_array(
        organisation_id, name, kind, phase, severity, starts_on, ends_on, advice, replaces))
     FROM calendars_ownperiod
     WHERE organisation_id IN (SELECT id FROM asked UNION SELECT trust_id FROM asked)
       AND (shared OR organisation_id = %(own)s) AND removed_at IS NULL
       AND (replaces <> '' OR starts_on <= %(last)s AND ends_on >= %(first)s)),
    (SELECT json_agg(key) FROM calendars_hiddenpoint
     WHERE organisation_id = %(own)s AND shown_again_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Whose:
    """An organisation with those whose dates it inherits."""

    id: int
    name: str
    kind: str
    phase: str = ALL
    trust: Giver | None = None
    council: Giver | None = None

    @property
    def keeps_terms(self) -> bool:
        """Whether it has school terms."""
        return Kind(self.kind).sector == Sector.SCHOOL

    @property
    def givers(self) -> list[Giver]:
        """Whose term dates it goes by, the nearest first."""
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


@dataclass(frozen=True, slots=True)
class Gathered:
    """Organisations by id, term dates they may inherit, own periods by organisation, and the keys
    of the points that the acting organisation has hidden."""

    whose: dict[int, Whose]
    rows: Rows
    periods: dict[int, list[Read]]
    hidden: frozenset[str]


def gather(
    actor: Actor,
    organisation_ids: Collection[int],
    years: Sequence[AcademicYear],
    first: date,
    last: date,
) -> Gathered:
    """Read it; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "ids": list(organisation_ids),
                "own": actor.organisation_id,
                "first_year": years[0].starts_in,
                "last_year": years[-1].starts_in,
                "first": first,
                "last": last,
            },
        )
        asked, given, held, hidden = (found or [] for found in cursor.fetchone())
    periods: dict[int, list[Read]] = defaultdict(list)
    for organisation_id, *columns in held:
        periods[organisation_id].append(_period(*columns))
    return Gathered(
        whose={each.id: each for each in (_whose(*columns) for columns in asked)},
        rows={(columns[0], columns[1]): _term_dates(*columns) for columns in given},
        periods=periods,
        hidden=frozenset(hidden),
    )


def _whose(pk: int, name: str, kind: str, phase: str | None, *givers: Any) -> Whose:
    if kind != Kind.SCHOOL:
        return Whose(pk, name, kind)
    trust, trust_name, council, council_name = givers
    return Whose(
        pk,
        name,
        kind,
        phase_of_school(phase or ""),
        _giver(trust, trust_name),
        _giver(council, council_name),
    )


def _giver(organisation_id: int | None, name: str) -> Giver | None:
    return None if organisation_id is None else Giver(organisation_id, f"Dates of {name}")


def _term_dates(
    organisation_id: int,
    starts_in: int,
    names: list[str],
    spans: list[str],
    inset_days: list[str],
    standing: str,
) -> TermDates:
    """A row as far as planning needs it, never saved."""
    return TermDates(
        organisation_id=organisation_id,
        starts_in=starts_in,
        names=names,
        spans=[_span(each) for each in spans],
        inset_days=[date.fromisoformat(each) for each in inset_days],
        standing=standing,
    )


def _span(written: str) -> DateRange:
    """PostgreSQL writes every range of days as [2027-09-01,2027-10-23)."""
    lower, _, upper = written[1:-1].partition(",")
    return DateRange(date.fromisoformat(lower), date.fromisoformat(upper), "[)")


def _period(
    name: str,
    kind: str,
    phase: str,
    severity: str,
    starts_on: str,
    ends_on: str,
    *others: str,
) -> Read:
    days = date.fromisoformat(starts_on), date.fromisoformat(ends_on)
    return Read(name, kind, phase, severity, *days, *others)
