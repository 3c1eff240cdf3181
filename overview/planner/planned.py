"""What is planned in partnerships: touchpoints, and items for gateways with their two days.

Each is counted by day in the database, so that the number of them costs nothing; only those
that a page shows are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DateField, F, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from calendars.london import LONDON, day_starts, in_london, time_in_words, today
from frontend.wording import counted
from organisations.addresses import page_of
from overview.planner.items import Item
from overview.planner.sources import Asked, Days, Source
from overview.planner.windows import ONE_DAY
from partnerships.agenda.models import AgendaItem, ItemState
from partnerships.touchpoints.models import Touchpoint, TouchpointKind, TouchpointState

TOUCHPOINTS, GATEWAYS = "touchpoints", "gateways"
PAPER, MEETING = "a paper", "b meeting"

_OUTCOMES = {
    TouchpointState.HELD: ("Held", "green"),
    TouchpointState.MOVED: ("Moved", "purple"),
    TouchpointState.MISSED: ("Missed", "red"),
}
_STEPS = {
    ItemState.SENT: ("Paper sent", "aqua-green"),
    ItemState.HEARD: ("Heard", "purple"),
    ItemState.DECIDED: ("Decided", "green"),
}


def _touchpoints(asked: Asked, days: Days) -> QuerySet[Touchpoint]:
    """Those between two days that were not cancelled."""
    found = Touchpoint.objects.filter(
        acl__overlap=[asked.actor.key],
        starts_at__gte=day_starts(days[0]),
        starts_at__lt=day_starts(days[1] + ONE_DAY),
    ).exclude(state=TouchpointState.CANCELLED)
    if asked.partnership_id is not None:
        found = found.filter(partnership_id=asked.partnership_id)
    return found


def touchpoint_days(asked: Asked) -> Mapping[date, int]:
    """How many touchpoints each day of the window has; one statement."""
    found = _touchpoints(asked, (asked.window.first, asked.window.last))
    rows = found.order_by().values_list(TruncDate("starts_at", tzinfo=LONDON))
    return dict(rows.annotate(Count("id")))


def take_touchpoints(asked: Asked, days: Days, first: int, many: int) -> list[Item]:
    """Some of them, in order of time; one statement."""
    rows = (
        _touchpoints(asked, days)
        .order_by("starts_at", "id")
        .values_list(
            "ref",
            "kind",
            "starts_at",
            "minutes",
            "venue",
            "state",
            "partnership_id",
            "partnership__ref",
            "partnership__name",
        )
    )
    now = timezone.now()
    return [_touchpoint(asked, now, *row) for row in rows[first : first + many]]


def _touchpoint(
    asked: Asked,
    now: datetime,
    ref: str,
    kind: str,
    starts_at: datetime,
    minutes: int,
    venue: str,
    state: str,
    partnership_id: int,
    partnership_ref: str,
    partnership: str,
) -> Item:
    shown = in_london(starts_at)
    over = starts_at + timedelta(minutes=minutes) <= now
    waiting = ("Outcome needed", "yellow") if over else ("Scheduled", "blue")
    status, colour = _OUTCOMES.get(TouchpointState(state), waiting)
    name = str(TouchpointKind(kind).label)
    day = shown.date()
    return Item(
        kind=TOUCHPOINTS,
        name=name,
        first=day,
        last=day,
        what=partnership,
        row=TOUCHPOINTS,
        short=f"{day.day} {day:%b} {name}",
        href=page_of(asked.actor, "touchpoint", ref=partnership_ref, touchpoint=ref),
        time=time_in_words(shown.time()),
        detail=venue,
        status=status,
        colour=colour,
        partnership_id=partnership_id,
        rank=8,
    )


def _agenda(asked: Asked, days: Days) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Items by their papers' day and by their meetings' day, as far as known: each `day`."""
    items = AgendaItem.objects.filter(acl__overlap=[asked.actor.key]).exclude(
        state=ItemState.WITHDRAWN
    )
    if asked.partnership_id is not None:
        items = items.filter(partnership_id=asked.partnership_id)
    standing = items.filter(meeting__cancelled_at=None).order_by()
    due = Coalesce("own_due_on", "meeting__papers_due_on", output_field=DateField())
    papers = standing.annotate(day=due, which=Value(PAPER, CharField()))
    meetings = standing.annotate(day=F("meeting__meets_on"), which=Value(MEETING, CharField()))
    return papers.filter(day__range=days), meetings.filter(day__range=days)


def agenda_days(asked: Asked) -> Mapping[date, int]:
    """How many papers and meetings each day of the window has; one statement."""
    papers, meetings = (
        each.values_list("day").annotate(n=Count("id"))
        for each in _agenda(asked, (asked.window.first, asked.window.last))
    )
    found: Counter[date] = Counter()
    for day, number in papers.union(meetings, all=True):
        found[day] += number
    return found


def take_agenda(asked: Asked, days: Days, first: int, many: int) -> list[Item]:
    """Some of them, in order of their days; one statement."""
    papers, meetings = (
        each.values_list(
            "day",
            "which",
            "ref",
            "title",
            "state",
            "partnership_id",
            "partnership__ref",
            "partnership__name",
            "gateway__name",
            "gateway__type__name",
        )
        for each in _agenda(asked, days)
    )
    rows = papers.union(meetings, all=True).order_by("day", "which", "ref")
    return [_agenda_item(asked, *row) for row in rows[first : first + many]]


def _agenda_item(
    asked: Asked,
    day: date,
    which: str,
    ref: str,
    title: str,
    state: str,
    partnership_id: int,
    partnership_ref: str,
    partnership: str,
    gateway: str,
    gateway_type: str,
) -> Item:
    paper = which == PAPER
    overdue = paper and state == ItemState.PLANNED and day < today()
    waiting = ("Paper overdue", "red") if overdue else ("Planned", "blue")
    status, colour = _STEPS.get(ItemState(state), waiting)
    board = gateway or gateway_type
    short = "Paper due" if paper else board
    return Item(
        kind=GATEWAYS,
        name=f"Paper due: {title}" if paper else f"{board}: {title}",
        first=day,
        last=day,
        what=partnership,
        row=GATEWAYS,
        short=f"{day.day} {day:%b} {short}",
        href=page_of(asked.actor, "agenda-item", ref=partnership_ref, item=ref),
        detail=f"For {board}" if paper else "",
        status=status,
        colour=colour,
        partnership_id=partnership_id,
        rank=7,
    )


SOURCES = [
    Source(
        TOUCHPOINTS,
        "Touchpoints",
        touchpoint_days,
        take_touchpoints,
        lambda number: counted(number, "touchpoint"),
        order=80,
    ),
    Source(
        GATEWAYS,
        "Papers and meetings",
        agenda_days,
        take_agenda,
        lambda number: counted(number, "paper or meeting", "papers and meetings"),
        order=90,
        scarce=True,
    ),
]
