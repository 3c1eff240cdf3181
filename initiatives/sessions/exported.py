"""What an organisation's export holds of sessions, and of who came: what everybody may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from initiatives.sessions.models import PublishedAttendance, Session
from initiatives.sessions.presenters import told_words
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section

SESSIONS = (
    "ref", "initiative", "run_by", "kind", "title", "starts_at", "minutes", "school", "place",
    "planned", "state", "reason", "note", "created_at",
)  # fmt: skip
ATTENDANCE = ("initiative", "session", "term", "counted_by", "group", "number", "published_at")


def _sessions(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = Session.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    return (
        (
            each.ref,
            each.initiative.ref,
            each.organisation.name,
            each.get_kind_display(),
            each.title,
            each.starts_at,
            each.minutes,
            each.school.name if each.school else "",
            each.place,
            each.planned,
            each.get_state_display(),
            each.reason,
            each.note,
            each.created_at,
        )
        for each in rows.select_related("initiative", "organisation", "school").iterator(
            chunk_size=CHUNK
        )
    )


def _attendance(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = PublishedAttendance.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    return (
        (
            each.initiative.ref,
            each.session.ref if each.session else "",
            each.term,
            each.organisation.name,
            each.get_group_display(),
            told_words(each),
            each.published_at,
        )
        for each in rows.select_related("initiative", "session", "organisation").iterator(
            chunk_size=CHUNK
        )
    )


def register() -> None:
    """Make these part of every export."""
    about = "The sessions of initiatives: planned, held and cancelled."
    add_section(Section("sessions", SESSIONS, _sessions, about, order=74))
    about = "How many came to sessions, as every reader sees it: small numbers are masked."
    add_section(Section("session_attendance", ATTENDANCE, _attendance, about, order=75))
