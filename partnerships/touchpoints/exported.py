"""What an organisation's export holds of touchpoints: plans, outcomes, who comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from contacts.models import Posting
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.touchpoints.models import Attendee, Paper, Proposal, Touchpoint, TouchpointSeries

COLUMNS = (
    "ref",
    "partnership",
    "kind",
    "starts_at",
    "minutes",
    "venue",
    "agenda",
    "state",
    "outcome_notes",
    "outcome_at",
    "scheduled_for",
    "series",
    "replaces",
    "recorded_for",
    "recorded_by",
    "reminder_minutes",
)


def _touchpoints(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Touchpoint.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "author_organisation", "series", "replaces")
        .select_related("outcome_organisation", "outcome_posting__organisation")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.partnership.ref,
            e.kind,
            e.starts_at,
            e.minutes,
            e.venue,
            e.agenda,
            e.state,
            e.outcome_notes,
            e.outcome_at,
            e.author_organisation.name,
            e.series.ref if e.series else "",
            e.replaces.ref if e.replaces else "",
            *_recorded(e),
            _minutes(e.reminder_minutes),
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _recorded(touchpoint: Touchpoint) -> tuple[str, str]:
    """For which organisation its outcome was recorded, and by whom there: nobody by name."""
    if touchpoint.outcome_at is None:
        return "", ""
    if touchpoint.outcome_by_id is None:
        # Whom a member no longer sees, it does not learn from its export either.
        posting = touchpoint.outcome_posting
        return posting.organisation.name if posting else "", "somebody invited, by a link"
    assert touchpoint.outcome_organisation is not None
    return touchpoint.outcome_organisation.name, "a member, signed in"


def _minutes(reminders: Iterable[int]) -> str:
    return " ".join(str(each) for each in reminders)


COMING = ("touchpoint", "person", "for", "answer", "answered_at", "how", "came", "removed_at")
PROPOSED = (
    "ref",
    "touchpoint",
    "by",
    "starts_at",
    "minutes",
    "words",
    "state",
    "answered_at",
    "answer_words",
)
PAPERS = ("touchpoint", "title", "url", "by", "added_at", "removed_at")


def _coming(by: Actor) -> Iterable[tuple[Any, ...]]:
    # Asked beside the row, not joined: who is not known any more was invited all the same.
    person = Posting.objects.filter(pk=OuterRef("posting_id")).values("person__name")
    rows = (
        Attendee.objects.filter(acl__overlap=[by.organisation_id])
        .order_by("pk")
        .annotate(person=Coalesce(Subquery(person), Value("")))
        .values_list(
            "touchpoint__ref",
            "person",
            "organisation__name",
            "answer",
            "answered_at",
            "answered_way",
            "came",
            "removed_at",
        )
    )
    return rows.iterator(chunk_size=CHUNK)


def _proposed(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Proposal.objects.filter(acl__overlap=[by.organisation_id])
        .order_by("pk")
        .values_list(
            "ref",
            "touchpoint__ref",
            "organisation__name",
            "starts_at",
            "minutes",
            "words",
            "state",
            "answered_at",
            "answer_words",
        )
    )
    return rows.iterator(chunk_size=CHUNK)


def _papers(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Paper.objects.filter(acl__overlap=[by.organisation_id])
        .order_by("pk")
        .values_list(
            "touchpoint__ref", "title", "url", "organisation__name", "added_at", "removed_at"
        )
    )
    return rows.iterator(chunk_size=CHUNK)


SERIES_COLUMNS = (
    "ref", "partnership", "kind", "every", "rrule", "weekday", "first_on", "last_on", "at",
    "minutes", "venue", "agenda", "on_clash", "reminder_minutes", "ended_at", "scheduled_for",
)  # fmt: skip


def _series(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        TouchpointSeries.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "author_organisation")
        .order_by("pk")
    )
    own = SERIES_COLUMNS[2:-3]
    return (
        (
            e.ref,
            e.partnership.ref,
            *(getattr(e, name) for name in own),
            _minutes(e.reminder_minutes),
            e.ended_at,
            e.author_organisation.name,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Touchpoints, planned and past."
    add_section(Section("touchpoints", COLUMNS, _touchpoints, about, order=60))
    for name, columns, rows, words in (
        ("touchpoint_series", SERIES_COLUMNS, _series, "Series of touchpoints: their rules."),
        ("touchpoint_attendees", COMING, _coming, "Who was invited, and what they answered."),
        ("touchpoint_proposals", PROPOSED, _proposed, "Other times proposed for touchpoints."),
        ("touchpoint_papers", PAPERS, _papers, "Papers of touchpoints: where they are."),
    ):
        add_section(Section(name, columns, rows, words, order=61))
