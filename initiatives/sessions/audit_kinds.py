"""What sessions are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from calendars.london import day_in_words, london_day
from initiatives.sessions.models import AttendanceOpening, Session
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("initiative_sessions_session", "Session", _sessions)
    register("initiative_sessions_attendanceopening", "Numbers opened", _openings)


def _shown(actor: Actor, session: Session) -> Shown:
    return Shown(
        f"{session} on {day_in_words(london_day(session.starts_at))}",
        page_of(
            actor,
            "session",
            ref=session.partnership.ref,
            initiative=session.initiative.ref,
            session=session.ref,
        ),
    )


def _sessions(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Session.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    rows = found.select_related("partnership", "initiative")
    return {each.pk: _shown(actor, each) for each in rows}


def _openings(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = AttendanceOpening.objects.filter(
        pk__in=ids, organisation_id=actor.organisation_id or 0, session__acl__overlap=[actor.key]
    )
    rows = found.select_related("session__partnership", "session__initiative")
    return {each.pk: _shown(actor, each.session) for each in rows}
