"""Whose dates a page is about: the acting organisation's, or those of a school of its trust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.http import Http404

from calendars.given_terms import OWN_DATES, GivenYear, Giver, given_year
from calendars.models import TermDates
from calendars.selectors import term_dates_of
from calendars.services.term_dates import KEEPS_TERMS
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Kind, Organisation, School


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school of the trust in one year: what it has, and where its dates come from."""

    school: School
    given: GivenYear
    own: TermDates | None

    @property
    def has_own_terms(self) -> bool:
        """Whether its half terms are its own."""
        return self.own is not None and bool(self.own.spans)


def keeps_terms(actor: Actor) -> bool:
    """Whether the acting organisation has term dates at all."""
    return actor.organisation is not None and actor.organisation.kind in KEEPS_TERMS


def subject_of(actor: Actor, school: str | None) -> Organisation:
    """The acting organisation, or the school of its trust with that address; else Http404."""
    if school is None:
        if not keeps_terms(actor):
            raise Http404("an organisation without school terms")
        own: Organisation = Organisation.objects.get(pk=actor.key)
        return own
    found = schools_of(actor).filter(organisation__slug=school).first()
    if found is None:
        raise Http404("no such school in this trust")
    return found.organisation


def schools_of(actor: Actor, words: str = "") -> models.QuerySet[School]:
    """The open schools of the acting school trust, by name."""
    found = School.objects.filter(
        trust_id=actor.organisation_id, organisation__closed_on=None
    ).select_related("organisation", "trust", "council")
    for word in words.split():
        found = found.filter(
            models.Q(organisation__name__icontains=word)
            | models.Q(organisation__town__icontains=word)
            | models.Q(organisation__code__iexact=word)
        )
    return found.order_by("organisation__name", "pk")


def has_schools(actor: Actor) -> bool:
    """Whether it is a school trust: only those have schools of their own."""
    return actor.organisation is not None and actor.organisation.kind == Kind.SCHOOL_TRUST


def year_of(actor: Actor, subject: Organisation, year: AcademicYear) -> GivenYear:
    """What holds for it in a year and where that comes from; a council's own dates, too."""
    given = term_dates_of(actor, subject, year)
    if given is not None:
        return given
    own = own_row(subject, year)
    rows = {} if own is None else {(subject.pk, year.starts_in): own}
    return given_year([Giver(subject.pk, OWN_DATES)], rows, year)


def own_row(subject: Organisation, year: AcademicYear) -> TermDates | None:
    """What is kept of its own for a year."""
    return (
        TermDates.objects.filter(organisation=subject, starts_in=year.starts_in)
        .select_related("organisation", "changed_by", "changed_for")
        .first()
    )


def school_lines(schools: Sequence[School], year: AcademicYear) -> list[SchoolLine]:
    """Schools with what holds for each in a year; one statement, however many."""
    givers = {
        pk
        for school in schools
        for pk in (school.pk, school.trust_id, school.council_id)
        if pk is not None
    }
    found = TermDates.objects.filter(organisation_id__in=givers, starts_in=year.starts_in)
    rows = {(row.organisation_id, row.starts_in): row for row in found}
    return [
        SchoolLine(
            school, given_year(_givers(school), rows, year), rows.get((school.pk, year.starts_in))
        )
        for school in schools
    ]


def _givers(school: School) -> list[Giver]:
    above = [each for each in (school.trust, school.council) if each is not None]
    return [
        Giver(school.pk, OWN_DATES),
        *(Giver(each.pk, f"Dates of {each.name}") for each in above),
    ]
