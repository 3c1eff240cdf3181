"""Reads about support sessions: the organisation's, an operator's, and the pages they saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from organisations.actor import Actor
from organisations.audit_trail.selectors import ours
from organisations.models import AuditEvent, Organisation, SupportSession
from organisations.support.on_record import VIEWED

MOST_SESSIONS = 50
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Seen:
    """A session with the pages that were asked for in it, the first one first."""

    session: SupportSession
    pages: list[Any]


def sessions_of(actor: Actor) -> list[Seen]:
    """The acting organisation's sessions, the latest first, in two statements."""
    assert actor.organisation_id is not None
    sessions = list(
        SupportSession.objects.filter(organisation_id=actor.organisation_id)
        .select_related("operator", "ended_by", "organisation")
        .order_by("-started_at")[:MOST_SESSIONS]
    )
    pages: dict[str, list[Any]] = {each.ref: [] for each in sessions}
    rows = AuditEvent.objects.filter(
        acl__overlap=[actor.organisation_id],
        organisation_id=actor.organisation_id,
        action=VIEWED,
        changes__support_session__in=list(pages),
    ).order_by("-at", "-id")[:MOST_PAGES]
    for row in reversed(rows):
        pages[row.changes["support_session"]].append(row)
    return [Seen(each, pages[each.ref]) for each in sessions]


def session_of(actor: Actor, ref: str) -> SupportSession | None:
    """One session of the acting organisation."""
    return (
        SupportSession.objects.filter(organisation_id=ours(actor), ref=ref)
        .select_related("organisation", "operator")
        .first()
    )


def own_session(actor: Actor, ref: str) -> SupportSession | None:
    """For operators: one session of their own."""
    return (
        SupportSession.objects.filter(operator_id=actor.user_id, ref=ref)
        .select_related("organisation", "operator")
        .first()
    )


def sessions_with(organisation: Organisation) -> list[SupportSession]:
    """For operators: the sessions in one organisation, the latest first."""
    return list(
        SupportSession.objects.filter(organisation=organisation)
        .select_related("operator")
        .order_by("-started_at")[:MOST_SESSIONS]
    )


def running_sessions(actor: Actor) -> list[SupportSession]:
    """For operators: their own sessions that run now."""
    return list(
        SupportSession.objects.filter(
            operator_id=actor.user_id, ended_at=None, ends_at__gt=timezone.now()
        ).select_related("organisation")
    )
