"""Reading organisations' calendars: any number of them with a fixed number of queries.

Whose own periods an actor reads, row security says again: its own organisation's, and those that
its partners share.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from calendars.constraints import OrganisationCalendar, constraints_for
from calendars.gathering import Read, Whose, gather
from calendars.given_terms import GivenYear, given_year, said_of, source_of
from calendars.models import TermDates
from calendars.terms import TermSource
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Kind, Organisation

# The summer holiday of a day lies between two school years, of which one may be the next.
_SUMMER = timedelta(days=62)


def calendars_of(
    actor: Actor, organisation_ids: Sequence[int], first: date, last: date
) -> dict[int, OrganisationCalendar]:
    """The calendars of organisations from `first` to `last`, both included, by their ids.

    One statement, however many organisations. They are in the order asked for; an id that nobody
    has is left out.
    """
    years = AcademicYear.between(first - _SUMMER, last + _SUMMER)
    found = gather(actor, organisation_ids, years, first, last)
    return {
        each.id: _calendar(
            each,
            [given_year(each.givers, found.rows, year) for year in years]
            if each.keeps_terms
            else [],
            [period for pk in each.with_trust for period in found.periods.get(pk, ())],
            found.hidden if each.id == actor.organisation_id else frozenset(),
            (first, last),
        )
        for each in (found.whose[pk] for pk in dict.fromkeys(organisation_ids) if pk in found.whose)
    }


def _calendar(
    whose: Whose,
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


def term_dates_of(actor: Actor, organisation: Organisation, year: AcademicYear) -> GivenYear | None:
    """The dates that hold for a school or a school trust in a year, and where each part comes from.

    None for who keeps no school terms. Everyone signed in may ask: schools publish their terms.
    """
    whose = gather(actor, [organisation.pk], [year], year.start, year.start).whose[organisation.pk]
    if not whose.keeps_terms:
        return None
    rows = TermDates.objects.filter(
        organisation_id__in=[giver.organisation_id for giver in whose.givers],
        starts_in=year.starts_in,
    )
    by_giver = {(row.organisation_id, row.starts_in): row for row in rows}
    return given_year(whose.givers, by_giver, year)


def term_sources_of(
    actor: Actor, organisation_ids: Collection[int], first: date, last: date
) -> dict[int, TermSource]:
    """By whose terms a day is named, for the schools and school trusts among organisations.

    One statement, however many.
    """
    years = AcademicYear.between(first - _SUMMER, last + _SUMMER)
    found = gather(actor, organisation_ids, years, first, last)
    return {
        each.id: source_of([given_year(each.givers, found.rows, year) for year in years])
        for each in found.whose.values()
        if each.keeps_terms
    }
