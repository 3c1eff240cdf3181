"""Reading what an organisation brought in from calendars elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from calendars.elsewhere.services import WITH_TERMS
from calendars.given_terms import spans_of
from calendars.ics.found import terms_back
from calendars.ics.terms_from_events import FoundTerms
from calendars.london import today
from calendars.models import CalendarFile, OwnPeriod, Purpose, Subscription, TermDates
from calendars.terms import HalfTerm
from organisations.actor import Actor
from organisations.models import Kind, Organisation, School

_SHOWN = 100
_FILES_SHOWN = 20
_THERE = Count("periods", filter=Q(periods__removed_at=None))


def _own(actor: Actor) -> int:
    assert actor.organisation_id is not None
    return actor.organisation_id


def addresses_of(actor: Actor) -> QuerySet[Subscription]:
    """The addresses that are read for the acting organisation, the newest first."""
    return (
        Subscription.objects.filter(organisation_id=_own(actor), ended_at=None)
        .select_related("subject", "created_by", "organisation")
        .annotate(there=_THERE)
        .order_by("-created_at", "-pk")
    )


def address_of(actor: Actor, ref: str) -> Subscription:
    """One of them, also when it is read no more; else Http404."""
    found = (
        Subscription.objects.filter(organisation_id=_own(actor), ref=ref)
        .select_related("subject", "created_by", "organisation")
        .annotate(there=_THERE)
        .first()
    )
    if found is None:
        raise Http404("no such calendar")
    return found


def files_of(actor: Actor) -> QuerySet[CalendarFile]:
    """The newest files of the acting organisation."""
    return (
        CalendarFile.objects.filter(organisation_id=_own(actor))
        .select_related("subject", "created_by")
        .annotate(there=_THERE)
        .order_by("-created_at", "-pk")[:_FILES_SHOWN]
    )


def file_of(actor: Actor, ref: str) -> CalendarFile:
    """One of them; else Http404."""
    found = (
        CalendarFile.objects.filter(organisation_id=_own(actor), ref=ref)
        .select_related("subject", "created_by")
        .annotate(there=_THERE)
        .first()
    )
    if found is None:
        raise Http404("no such file")
    return found


def periods_of(source: Subscription | CalendarFile) -> Sequence[OwnPeriod]:
    """The periods in the calendar that came from there, those to come first."""
    return list(
        source.periods.filter(removed_at=None, ends_on__gte=today()).order_by("starts_on", "pk")[
            :_SHOWN
        ]
    )


def keeps_terms(actor: Actor) -> bool:
    """Whether the acting organisation has school terms."""
    return actor.organisation is not None and actor.organisation.kind in WITH_TERMS


def subjects_of(actor: Actor, purpose: Purpose) -> list[Organisation]:
    """Whose dates a calendar may hold: one's own first; for terms, schools of one's trust too."""
    own: Organisation = Organisation.objects.get(pk=_own(actor))
    if purpose != Purpose.TERMS or own.kind != Kind.SCHOOL_TRUST:
        return [own]
    schools = School.objects.filter(trust_id=own.pk, organisation__closed_on=None)
    found = schools.select_related("organisation").order_by("organisation__name")
    return [own, *(school.organisation for school in found)]


def found_terms(source: Subscription | CalendarFile) -> list[FoundTerms]:
    """The school years that were found there and have not ended."""
    if source.purpose != Purpose.TERMS or source.found is None:
        return []
    return [each for each in terms_back(source.found) if each.year.end >= today()]


def kept_already(source: Subscription | CalendarFile, found: Sequence[FoundTerms]) -> set[int]:
    """The years whose half terms are kept just so; by the year in which each starts."""
    rows = TermDates.objects.filter(
        organisation_id=source.subject_id, starts_in__in=[each.year.starts_in for each in found]
    )
    kept = {row.starts_in: _days(spans_of(row)) for row in rows if row.spans}
    return {
        each.year.starts_in
        for each in found
        if kept.get(each.year.starts_in) == _days(each.half_terms)
    }


def _days(half_terms: Sequence[HalfTerm]) -> list[tuple[date, date]]:
    return [(half.start, half.end) for half in half_terms]


def waits_to_be_checked(subscription: Subscription) -> bool:
    """Whether term dates were found there that nobody has looked at and that are not kept."""
    if subscription.purpose != Purpose.TERMS or not subscription.found:
        return False
    found = found_terms(subscription)
    if not found or subscription.found.get("checked"):
        return False
    return len(kept_already(subscription, found)) < len(found)
