"""Reading sessions and what is told of who came, from the acting organisation's side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from calendars.london import day_starts, london_day, today
from initiatives.plans.models import Initiative
from initiatives.sessions.models import (
    Attendance,
    AttendanceOpening,
    PublishedAttendance,
    Session,
    State,
)
from initiatives.sessions.publisher import term_of
from organisations.actor import Actor
from partnerships.record.models import Partnership

PAGE, MOST_COMING, MOST_OPENINGS = 25, 60, 20
ONE_DAY = timedelta(days=1)
_ENDS_AT = ExpressionWrapper(
    F("starts_at") + F("minutes") * timedelta(minutes=1), output_field=DateTimeField()
)
# What is told of each session, by group.
Told = Mapping[int, Mapping[str, PublishedAttendance]]


@dataclass(frozen=True, slots=True)
class Summary:
    """The sessions of an initiative in short. `totals` are those of its terms, by organisation."""

    coming: int
    held: int
    cancelled: int
    waiting: int
    next: Session | None
    totals: list[PublishedAttendance]


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of a group as it was counted, for whoever may read it."""

    number: int
    recorded_by_id: int


def lacking_of(actor: Actor, initiative: Initiative) -> list[Session]:
    """Those that are over without anybody saying whether they were held, the earliest first."""
    rows = _shown(actor).filter(initiative=initiative)
    return list(_lacking(rows)[:MOST_COMING])


def coming_of(actor: Actor, initiative: Initiative) -> list[Session]:
    """The next sixty that are planned and not over, in order of time."""
    rows = _shown(actor).filter(initiative=initiative, state=State.PLANNED)
    return list(rows.annotate(ends=_ENDS_AT).filter(ends__gt=timezone.now())[:MOST_COMING])


def past_of(actor: Actor, initiative: Initiative, page: Any = 1) -> Page[Any]:
    """One page of 25 of those that were held or cancelled, the latest first."""
    rows = _shown(actor).filter(initiative=initiative).exclude(state=State.PLANNED)
    found: Page[Any] = Paginator(rows.order_by("-starts_at", "-pk"), PAGE).get_page(page)
    return found


def session_of(actor: Actor, initiative: Initiative, ref: str) -> Session:
    """One session of an initiative; raises Http404 unless the actor may see it."""
    found = _shown(actor).filter(ref=ref, initiative=initiative).first()
    if found is None:
        raise Http404("no such session")
    found.initiative, found.partnership = initiative, initiative.partnership
    return found


def told_of(actor: Actor, sessions: Collection[Session]) -> Told:
    """What is told of who came to each; of other organisations' only while data may be shared."""
    rows = PublishedAttendance.objects.filter(
        session__in=[each.pk for each in sessions], acl__overlap=[actor.key]
    )
    found: dict[int, dict[str, PublishedAttendance]] = {}
    for row in rows:
        assert row.session_id is not None
        found.setdefault(row.session_id, {})[row.group] = row
    return found


def totals_of(actor: Actor, initiative: Initiative) -> list[PublishedAttendance]:
    """What is told of whole terms, each by organisation and group, the latest term first."""
    rows = PublishedAttendance.objects.filter(
        initiative=initiative, session=None, acl__overlap=[actor.key]
    )
    return list(rows.select_related("organisation").order_by("-pk"))


def to_add_up(actor: Actor, initiative: Initiative) -> dict[str, Session]:
    """The terms that are over and complete, whose sum is not published yet, of the acting
    organisation: each with its last session. Two statements."""
    if actor.organisation_id is None:
        return {}
    rows = _shown(actor).filter(initiative=initiative, organisation_id=actor.organisation_id)
    last: dict[str, Session] = {}
    not_yet = {term_of(today())}
    for each in rows.exclude(state=State.CANCELLED):
        term = term_of(london_day(each.starts_at))
        if each.state == State.PLANNED:
            not_yet.add(term)
        last[term] = each
    not_yet |= set(
        PublishedAttendance.objects.filter(
            initiative=initiative, organisation_id=actor.organisation_id, session=None
        ).values_list("term", flat=True)
    )
    return {term: session for term, session in last.items() if term not in not_yet}


def counted_at(actor: Actor, session: Session) -> dict[str, Counted]:
    """The numbers as they were counted, by group: those that this very person may read."""
    if session.organisation_id != actor.organisation_id:
        return {}
    rows = Attendance.objects.filter(session=session, superseded_at=None)
    return {row.group: Counted(row.number, row.recorded_by_id) for row in rows}


def openings_of(actor: Actor, session: Session) -> list[AttendanceOpening]:
    """Which managers opened the numbers of colleagues, and why, for people of that organisation."""
    if session.organisation_id != actor.organisation_id:
        return []
    rows = AttendanceOpening.objects.filter(session=session).select_related("opened_by")
    return list(rows.order_by("-opened_at")[:MOST_OPENINGS])


def summary_of(actor: Actor, initiative: Initiative) -> Summary:
    """The sessions of an initiative in short; three statements."""
    now = timezone.now()
    rows = list(
        Session.objects.filter(initiative=initiative, acl__overlap=[actor.key]).only(
            "state", "starts_at", "minutes"
        )
    )
    coming = coming_of(actor, initiative)[:1]
    return Summary(
        coming=sum(each.state == State.PLANNED and each.ends_at > now for each in rows),
        held=sum(each.state == State.HELD for each in rows),
        cancelled=sum(each.state == State.CANCELLED for each in rows),
        waiting=sum(each.lacks_numbers(now) for each in rows),
        next=coming[0] if coming else None,
        totals=totals_of(actor, initiative),
    )


def lacking_numbers(actor: Actor, limit: int) -> list[Session]:
    """Those of the acting organisation that are over and lack their numbers, the oldest first."""
    if actor.organisation_id is None:
        return []
    rows = _shown(actor).filter(
        organisation_id=actor.organisation_id,
        initiative__withdrawn_at=None,
        partnership__closed_at=None,
    )
    return list(_lacking(rows)[:limit])


def taken_days(actor: Actor, partnership: Partnership, first: date, last: date) -> Collection[date]:
    """The days on which a session of this partnership is planned or was held."""
    rows = Session.objects.filter(
        Q(initiative__withdrawn_at=None),
        partnership=partnership,
        acl__overlap=[actor.key],
        starts_at__gte=day_starts(first),
        starts_at__lt=day_starts(last + ONE_DAY),
    ).exclude(state=State.CANCELLED)
    return {london_day(moment) for moment in rows.values_list("starts_at", flat=True)}


def _lacking(rows: QuerySet[Session]) -> QuerySet[Session]:
    waiting = rows.filter(state=State.PLANNED, starts_at__lt=timezone.now())
    return waiting.annotate(ends=_ENDS_AT).filter(ends__lte=timezone.now())


def _shown(actor: Actor) -> QuerySet[Session]:
    rows = Session.objects.filter(acl__overlap=[actor.key]).order_by("starts_at", "pk")
    rows = rows.select_related("organisation", "school", "initiative")
    # Somebody with a personal grant does not read the partnership.
    return rows if actor.organisation is None else rows.select_related("partnership")
