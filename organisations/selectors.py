"""Reads of this floor: whom a person speaks for, and what waits for an operator.

Memberships and requests are the person's own or an operator's, by row security; every
selector says so itself as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from organisations.actor import Actor
from organisations.models import JoiningRequest, Membership, Organisation, User
from organisations.models.joining import JoiningState
from organisations.tenancy.scope import Scope, acting


def memberships_of(actor: Actor) -> list[Membership]:
    """The organisations a person belongs to now, by name, with their role in each."""
    return list(
        Membership.objects.filter(user_id=actor.user_id, ended_at=None)
        .select_related("organisation")
        .order_by("organisation__name")
    )


def unmet_requests_of(actor: Actor) -> list[JoiningRequest]:
    """A person's last request for each organisation, unless approved; the latest first."""
    last = (
        JoiningRequest.objects.filter(user_id=actor.user_id)
        .order_by("organisation_id", "-created_at")
        .distinct("organisation_id")
    )
    return list(
        JoiningRequest.objects.filter(pk__in=last.values("pk"), user_id=actor.user_id)
        .exclude(state=JoiningState.APPROVED)
        .select_related("organisation")
        .order_by("-created_at")
    )


def open_request(actor: Actor, organisation: Organisation) -> JoiningRequest | None:
    """The person's request for an organisation that waits for a decision, if there is one."""
    return JoiningRequest.objects.filter(
        user_id=actor.user_id, organisation=organisation, state=JoiningState.PENDING
    ).first()


def speaks_for(actor: Actor, organisation: Organisation) -> bool:
    """Whether the person belongs to the organisation now."""
    return Membership.objects.filter(
        user_id=actor.user_id, organisation=organisation, ended_at=None
    ).exists()


def works_at(user: User, organisation_id: int) -> bool:
    """Whether somebody still acts for an organisation, in whose scope it is asked: it alone may
    read that. For an e-mail that is about to be asked for or to go."""
    with acting(Scope(organisation_id=organisation_id)):
        here = Membership.objects.filter(user=user, organisation_id=organisation_id, ended_at=None)
        return user.is_active and here.exists()


def operators() -> QuerySet[User]:
    """The people who run the service, for those things that wait for them."""
    return User.objects.filter(is_operator=True, is_active=True).order_by("pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits, with what an operator looks at first."""

    joining: JoiningRequest
    others: int
    people: int


def waiting_requests() -> list[Waiting]:
    """For operators: the requests that wait, oldest first, in one statement.

    `others` counts the other open requests for the same organisation, `people` those who
    speak for it already.
    """
    return [_waiting(joining) for joining in _with_counts().filter(state=JoiningState.PENDING)]


def waiting_request(ref: str) -> Waiting | None:
    """For operators: one request, decided or not."""
    joining = _with_counts().filter(ref=ref).first()
    return _waiting(joining) if joining else None


def _waiting(joining: JoiningRequest) -> Waiting:
    others = joining.open_requests - (joining.state == JoiningState.PENDING)  # type: ignore[attr-defined]
    return Waiting(joining, others, joining.people)  # type: ignore[attr-defined]


def _with_counts() -> QuerySet[JoiningRequest]:
    members = Count(
        "organisation__memberships",
        filter=Q(organisation__memberships__ended_at=None),
        distinct=True,
    )
    requests = Count(
        "organisation__joining_requests",
        filter=Q(organisation__joining_requests__state=JoiningState.PENDING),
        distinct=True,
    )
    return (
        JoiningRequest.objects.select_related(
            "organisation", "user", "invited_by", "decided_by", "trusted_domain"
        )
        .annotate(people=members, open_requests=requests)
        .order_by("created_at", "pk")
    )


def recent_decisions(limit: int = 20) -> list[JoiningRequest]:
    """For operators: what was decided last."""
    return list(
        JoiningRequest.objects.exclude(state=JoiningState.PENDING)
        .select_related("organisation", "user", "decided_by")
        .order_by("-decided_at")[:limit]
    )


def people_of(organisation: Organisation) -> list[Membership]:
    """For operators: who speaks for an organisation now."""
    return list(
        Membership.objects.filter(organisation=organisation, ended_at=None)
        .select_related("user")
        .order_by("began_at")
    )


def other_requests(joining: JoiningRequest) -> list[JoiningRequest]:
    """For operators: what else was asked for the same organisation, or by the same person."""
    return list(
        JoiningRequest.objects.filter(
            Q(organisation_id=joining.organisation_id) | Q(user_id=joining.user_id)
        )
        .exclude(pk=joining.pk)
        .select_related("organisation", "user")
        .order_by("-created_at")[:20]
    )
