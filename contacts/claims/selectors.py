"""Reads about a trust's schools, and what it claims."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from contacts.models import OPEN_CLAIMS, Claim, ClaimedSchool, ClaimState
from organisations.actor import Actor
from organisations.models import School


def own_schools(actor: Actor) -> QuerySet[School]:
    """The open schools of the acting trust, by name."""
    found = School.objects.filter(trust_id=actor.organisation_id, organisation__closed_on=None)
    return found.select_related("organisation", "council").order_by("organisation__name", "pk")


def claims(actor: Actor) -> QuerySet[Claim]:
    """What the acting trust has claimed, the last first; with how many schools."""
    assert actor.organisation_id is not None
    return _counted(Claim.objects.filter(organisation_id=actor.organisation_id))


def open_claim(actor: Actor) -> Claim | None:
    """The one that is not decided or taken back."""
    return claims(actor).filter(state__in=OPEN_CLAIMS).first()


def last_decided(actor: Actor) -> Claim | None:
    """The last one that was decided."""
    return claims(actor).filter(state=ClaimState.DECIDED).first()


def to_decide() -> QuerySet[Claim]:
    """Claims that wait for an operator, the oldest first."""
    waiting = _counted(Claim.objects.filter(state=ClaimState.SENT))
    return waiting.select_related("organisation", "asked_by").order_by("sent_at", "pk")


def schools_of(claim: Claim) -> QuerySet[ClaimedSchool]:
    """The schools of a claim, with the trust in which each is shown now."""
    return claim.schools.select_related(
        "school__school__trust", "school__school__council"
    ).order_by("school__name", "pk")


def _counted(found: QuerySet[Claim]) -> QuerySet[Claim]:
    return found.annotate(
        asked=Count("schools"), granted=Count("schools", filter=Q(schools__accepted=True))
    ).order_by("-asked_at", "-pk")
