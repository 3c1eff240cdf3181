"""The days on which actions are due, as items of a planner; dropped ones are in none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from calendars.london import today
from frontend.wording import counted
from organisations.addresses import page_of
from overview.planner.items import Item, shortened
from overview.planner.sources import Asked, Days, Source
from partnerships.actions.models import Action, ActionState
from partnerships.actions.selectors import due_between

ACTIONS = "actions"


def _actions(asked: Asked, days: Days) -> QuerySet[Action]:
    of_one = asked.partnership_id is not None
    about = Q(partnership_id=asked.partnership_id) if of_one else None
    return due_between(asked.actor, *days, about)


def action_days(asked: Asked) -> Mapping[date, int]:
    """How many actions are due on each day of the window; one statement."""
    rows = _actions(asked, (asked.window.first, asked.window.last)).order_by()
    return dict(rows.values_list("due_on").annotate(Count("id")))


def take_actions(asked: Asked, days: Days, first: int, many: int) -> list[Item]:
    """Some of them, in order of their days; one statement."""
    rows = _actions(asked, days).values_list(
        "due_on",
        "ref",
        "title",
        "state",
        "owner_organisation__name",
        "partnership_id",
        "partnership__ref",
        "partnership__name",
    )
    return [_item(asked, *row) for row in rows[first : first + many]]


def _item(
    asked: Asked,
    day: date | None,
    ref: str,
    title: str,
    state: str,
    owner: str,
    partnership_id: int,
    partnership_ref: str,
    partnership: str,
) -> Item:
    assert day is not None, "between two days there is none without one"
    waiting = ("Overdue", "red") if day < today() else ("Due", "blue")
    status, colour = ("Done", "green") if state == ActionState.DONE else waiting
    return Item(
        kind=ACTIONS,
        name=f"Action due: {title}",
        first=day,
        last=day,
        what=partnership,
        row=ACTIONS,
        short=f"{day.day} {day:%b} {shortened(title)}",
        href=page_of(asked.actor, "action", ref=partnership_ref, action=ref),
        detail=f"For {owner}",
        status=status,
        colour=colour,
        partnership_id=partnership_id,
        rank=7,
    )


SOURCE = Source(
    ACTIONS,
    "Actions due",
    action_days,
    take_actions,
    lambda number: counted(number, "action"),
    order=95,
    scarce=True,
)
