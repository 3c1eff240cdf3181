"""Reading actions, from the acting organisation's side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window

from calendars.london import today
from organisations.actor import Actor
from organisations.permissions import Hidden
from partnerships.actions.models import CLOSED, RELATED, Action, ActionState
from partnerships.record.models import Partnership

PAGE = 25
MOST_OPEN = 5
# So long before its day an action of ours asks for attention on home.
SOON = timedelta(days=7)
OPEN_ONES, CLOSED_ONES = "open", "closed"


def actions_of(actor: Actor, partnership: Partnership, show: str = "", page: Any = 1) -> Page[Any]:
    """One page of 25 of a partnership's actions: what is open first, the most urgent of it on top.

    `show` narrows it to those that are open, or to those that are closed.
    """
    rows = _of(actor, partnership)
    if show == OPEN_ONES:
        rows = rows.filter(state=ActionState.OPEN)
    elif show == CLOSED_ONES:
        rows = rows.filter(state__in=CLOSED)
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    return found


@dataclass(frozen=True, slots=True)
class OpenActions:
    """The most urgent few of the open actions, how many there are, and how many are overdue."""

    first: list[Action]
    number: int = 0
    overdue: int = 0


def open_of(actor: Actor, partnership: Partnership) -> OpenActions:
    """The open actions of a partnership; one statement."""
    rows = _of(actor, partnership).filter(state=ActionState.OPEN)
    late = Count("pk", filter=Q(due_on__lt=today()))
    found: list[Any] = list(
        rows.annotate(number=Window(Count("pk")), overdue=Window(late))[:MOST_OPEN]
    )
    return OpenActions(found, found[0].number, found[0].overdue) if found else OpenActions([])


def arising_from(actor: Actor, partnership: Partnership, origin: str) -> list[Action]:
    """What arose from a conversation or a touchpoint (`Action.origin`), what is open first."""
    return list(_of(actor, partnership).filter(origin=origin))


def waiting_for(actor: Actor, limit: int) -> list[Action]:
    """Open actions that the acting organisation is to do and that are overdue or due soon."""
    rows = _actions(actor).filter(
        owner_organisation_id=actor.organisation_id,
        state=ActionState.OPEN,
        due_on__lte=today() + SOON,
        partnership__closed_at=None,
    )
    return list(rows.order_by("due_on", "pk")[:limit])


def overdue_elsewhere(actor: Actor, limit: int) -> list[Action]:
    """Open actions that the acting organisation gave to others and that are overdue."""
    rows = _actions(actor).filter(
        author_organisation_id=actor.organisation_id,
        state=ActionState.OPEN,
        due_on__lt=today(),
        partnership__closed_at=None,
    )
    others = rows.exclude(owner_organisation_id=actor.organisation_id)
    return list(others.order_by("due_on", "pk")[:limit])


def due_between(actor: Actor, first: date, last: date, about: Q | None = None) -> QuerySet[Action]:
    """Those that are due between two days and were not dropped, in order; `about` narrows them."""
    rows = Action.objects.filter(acl__overlap=[actor.key], due_on__range=(first, last))
    return rows.filter(about or Q()).exclude(state=ActionState.DROPPED).order_by("due_on", "pk")


def action_of(actor: Actor, partnership: Partnership, ref: str) -> Action:
    """One action of a partnership; raises Hidden unless the actor may see it."""
    found = (
        Action.objects.filter(ref=ref, partnership=partnership, acl__overlap=[actor.key])
        .select_related(*RELATED)
        .first()
    )
    if found is None:
        raise Hidden("see an action")
    found.partnership = partnership
    return found


def _of(actor: Actor, partnership: Partnership) -> QuerySet[Action]:
    closed = Case(
        When(state=ActionState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    # What is open by its day; what is closed with the latest on top.
    urgent = Case(When(state=ActionState.OPEN, then=F("due_on")))
    return (
        _actions(actor)
        .filter(partnership=partnership)
        .order_by(closed, urgent.asc(nulls_last=True), "-closed_at", "created_at", "id")
    )


def _actions(actor: Actor) -> QuerySet[Action]:
    return Action.objects.filter(acl__overlap=[actor.key]).select_related(*RELATED)
