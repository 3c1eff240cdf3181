"""Writing an organisation's term dates and staff training days, and those of its schools.

An organisation gives its own dates; a school trust also those of each of its schools. Row security
says the same. Whoever saves says which `revision` they have seen, so that nobody's dates are
overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.given_terms import kept_as, spans_of
from calendars.models import GivenBy, TermDates
from calendars.selectors import term_dates_of
from calendars.status import Standing
from calendars.term_rows import (
    LONGEST_NAME,
    MOST_INSET_DAYS,
    MOST_ROWS,
    Row,
    TermRow,
    in_order,
    problem_of_inset_day,
    problems_of,
)
from calendars.terms import HalfTerm, typical_terms
from calendars.years import AcademicYear
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.guard_rail import refuse_identifiers
from organisations.models import Kind, Organisation, School
from organisations.permissions import Permission

CHANGED_MEANWHILE = "changed_meanwhile"
STANDINGS = (Standing.PUBLISHED, Standing.PROVISIONAL)
LONGEST_SOURCE = 300
# A council's dates are those of schools in its area that have none of their own.
KEEPS_TERMS = frozenset({Kind.SCHOOL_TRUST, Kind.SCHOOL, Kind.COUNCIL})


@transaction.atomic
def give_term_dates(
    *,
    by: Actor,
    organisation: Organisation,
    year: AcademicYear,
    half_terms: Iterable[Row],
    based_on: int,
    inset_days: Collection[date] | None = None,
    standing: str = Standing.PUBLISHED,
    given_by: str = GivenBy.TYPED,
    source: str = "",
) -> TermDates:
    """Keep the half terms of one academic year, in place of those kept so far.

    `inset_days` None leaves the staff training days as they are. `based_on` is the revision that
    the person saw, 0 where nothing was kept. Raises ValidationError for half terms that cannot be,
    or when somebody else has saved meanwhile (code CHANGED_MEANWHILE).
    """
    _may_change(by, organisation)
    rows = _checked(half_terms, year)
    _checked_words(rows, standing=standing, given_by=given_by, source=source)
    row = _held(by, organisation, year, based_on)
    days = row.inset_days if inset_days is None else _checked_days(inset_days, rows, year)
    names, spans = kept_as(HalfTerm(each.start, each.end, each.name) for each in rows)
    wanted = {
        "names": names,
        "spans": spans,
        "inset_days": days,
        "standing": str(standing),
        "given_by": str(given_by),
        "source": source.strip(),
    }
    return _kept(by, row, wanted, "term dates given")


@transaction.atomic
def give_inset_days(
    *,
    by: Actor,
    organisation: Organisation,
    year: AcademicYear,
    days: Collection[date],
    based_on: int,
) -> TermDates:
    """Keep the staff training days of one year; none means that they are inherited again.

    Each must be a weekday in or next to the terms that hold. Otherwise as `give_term_dates`.
    """
    _may_change(by, organisation)
    row = _held(by, organisation, year, based_on)
    checked = _checked_days(days, _terms_that_hold(by, organisation, year), year)
    return _kept(by, row, {"inset_days": checked}, "staff training days given")


@transaction.atomic
def inherit_term_dates(
    *, by: Actor, organisation: Organisation, year: AcademicYear, based_on: int
) -> TermDates:
    """Give up an organisation's own half terms, so that those it inherits hold again."""
    _may_change(by, organisation)
    row = _held(by, organisation, year, based_on)
    wanted: dict[str, Any] = {
        "names": [],
        "spans": [],
        "standing": Standing.PUBLISHED.value,
        "given_by": GivenBy.TYPED.value,
        "source": "",
    }
    return _kept(by, row, wanted, "own term dates given up")


@transaction.atomic
def copy_term_dates(
    *,
    by: Actor,
    dates: TermDates,
    schools: Sequence[Organisation],
    seen: Mapping[int, int],
    with_inset_days: bool,
) -> int:
    """Give several schools of the acting trust the half terms of `dates`; how many changed.

    `seen` holds the revisions that the person saw, by school; 0 where nothing was kept.
    Raises ValidationError, naming the schools, when somebody else has saved theirs meanwhile.
    """
    for school in schools:
        _may_change(by, school)
    if not schools:
        raise ValidationError("Choose at least one school")
    year = AcademicYear(dates.starts_in)
    rows = _rows_for(by, schools, year)
    stale = [row for row in rows if row.revision != seen.get(row.organisation_id, 0)]
    if stale:
        names = ", ".join(sorted(row.organisation.name for row in stale))
        raise ValidationError(
            f"Someone else changed the dates of {names} while this page was open. Nothing has "
            "been copied. Check them and copy again.",
            code=CHANGED_MEANWHILE,
        )
    copied = ["names", "spans", "standing", "given_by", "source"]
    copied += ["inset_days"] if with_inset_days else []
    return sum(_copied(by, row, dates, copied) for row in rows)


def _copied(by: Actor, row: TermDates, dates: TermDates, fields: Sequence[str]) -> bool:
    before = row.revision
    wanted = {name: getattr(dates, name) for name in fields}
    return _kept(by, row, wanted, "term dates copied").revision != before


def _may_change(by: Actor, organisation: Organisation) -> None:
    """One's own, or a school of one's own trust; raises PermissionDenied."""
    permissions.require(by, Permission.CHANGE_CALENDAR)
    if organisation.kind not in KEEPS_TERMS:
        raise ValidationError(f"{organisation.name} keeps no school terms.")
    own = organisation.pk == by.organisation_id
    if not own and not School.objects.filter(
        organisation_id=organisation.pk, trust_id=by.organisation_id
    ):
        raise PermissionDenied("You may not change the dates of an organisation that is not yours.")


def _held(by: Actor, organisation: Organisation, year: AcademicYear, based_on: int) -> TermDates:
    """The row of a year, locked; an empty one where there was none."""
    (row,) = _rows_for(by, [organisation], year)
    if row.revision != based_on:
        raise ValidationError(
            "Someone else changed these dates while you were writing. What you entered is still "
            "below. Check it against theirs and save again.",
            code=CHANGED_MEANWHILE,
        )
    return row


def _rows_for(
    by: Actor, organisations: Sequence[Organisation], year: AcademicYear
) -> list[TermDates]:
    """Rows to write to, locked in the order of their ids; whoever saves second waits here."""
    assert by.organisation_id is not None
    TermDates.objects.bulk_create(
        [
            TermDates(
                organisation=each,
                starts_in=year.starts_in,
                changed_by_id=by.user_id,
                changed_for_id=by.organisation_id,
            )
            for each in sorted(organisations, key=lambda each: each.pk)
        ],
        ignore_conflicts=True,
    )
    return list(
        TermDates.objects.select_for_update(of=("self",))
        .filter(organisation__in=organisations, starts_in=year.starts_in)
        .select_related("organisation")
        .order_by("organisation_id")
    )


def _kept(by: Actor, row: TermDates, wanted: Mapping[str, Any], action: str) -> TermDates:
    """Save what differs, and say on record which fields."""
    changed = sorted(name for name in wanted if getattr(row, name) != wanted[name])
    if not changed:
        return row
    for name in changed:
        setattr(row, name, wanted[name])
    row.revision += 1
    row.changed_at = timezone.now()
    row.changed_by_id = by.user_id
    row.changed_for_id = by.organisation_id  # type: ignore[assignment]
    stamps = ["revision", "changed_at", "changed_by", "changed_for"]
    row.save(update_fields=[*changed, *stamps])
    about = {"organisation": [None, row.organisation_id], "year": [None, row.starts_in]}
    audit.record(action, by=by, obj=row, changes={**about, "fields": changed})
    return row


def _checked(half_terms: Iterable[Row], year: AcademicYear) -> list[TermRow]:
    rows = in_order(half_terms)
    if not rows:
        raise ValidationError(f"Enter at least one half term of {year}")
    if len(rows) > MOST_ROWS:
        raise ValidationError(f"A school year has at most {MOST_ROWS} half terms")
    if any(not row.name or len(row.name) > LONGEST_NAME for row in rows):
        raise ValidationError(f"Give each half term a name of up to {LONGEST_NAME} characters")
    problems = [problem.words for problem in problems_of(rows, year)]
    if problems:
        raise ValidationError(problems)
    return rows


def _checked_words(rows: Sequence[TermRow], *, standing: str, given_by: str, source: str) -> None:
    if standing not in STANDINGS:
        raise ValidationError({"standing": "Choose whether the dates are published or provisional"})
    if given_by not in GivenBy.values:
        raise ValueError(f"nothing is given by {given_by!r}")
    if len(source.strip()) > LONGEST_SOURCE:
        words = f"Where they are published must be {LONGEST_SOURCE} characters or fewer"
        raise ValidationError({"source": words})
    refuse_identifiers(names=" · ".join(row.name for row in rows))


def _checked_days(
    days: Collection[date], half_terms: Sequence[HalfTerm | TermRow], year: AcademicYear
) -> list[date]:
    found = sorted(set(days))
    problems = [words for day in found if (words := problem_of_inset_day(day, half_terms, year))]
    if len(found) > MOST_INSET_DAYS:
        problems.append(f"A year has at most {MOST_INSET_DAYS} staff training days")
    if problems:
        raise ValidationError({"inset_days": problems})
    return found


def _terms_that_hold(
    by: Actor, organisation: Organisation, year: AcademicYear
) -> Sequence[HalfTerm]:
    """Its own half terms, or those it inherits; a council's own or the typical ones."""
    given = term_dates_of(by, organisation, year)
    if given is not None:
        return given.school_year.half_terms
    own = TermDates.objects.filter(organisation=organisation, starts_in=year.starts_in).first()
    return spans_of(own) if own and own.spans else typical_terms(year).half_terms
