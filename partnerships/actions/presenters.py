"""How actions are put into words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from calendars.london import day_in_words, today, weekday_in_words
from frontend.components import Component, link, table, tag
from frontend.wording import counted, date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from partnerships.actions.announcements import DONE, DUE, GIVEN, OVERDUE
from partnerships.actions.models import Action, ActionState
from partnerships.actions.plans import AHEAD

MESSAGES = {
    GIVEN: "What to do",
    DUE: "Reminder",
    OVERDUE: "Overdue",
    DONE: "Closed",
}
COLOURS = {ActionState.DONE: "green", ActionState.DROPPED: "grey"}
# What the first letter of an origin stands for.
ORIGINS = {"t": "A touchpoint", "p": "This partnership"}


def state_tag(action: Action, day: date | None = None) -> Component:
    """What became of it; says when it is overdue, or due soon."""
    day = day or today()
    if not action.is_open:
        state = ActionState(action.state)
        return tag(state.label, COLOURS[state])
    if action.is_overdue(day):
        return tag("Overdue", "red")
    if action.due_on is not None and action.due_on <= day + AHEAD:
        return tag("Due soon", "yellow")
    return tag("Open", "blue")


def due_words(action: Action) -> str:
    """By when, and by how much it is late; empty without a day."""
    if action.due_on is None:
        return ""
    late = lateness(action)
    return f"{weekday_in_words(action.due_on)}{f', {late}' if late else ''}"


def lateness(action: Action) -> str:
    """`overdue by 3 days`; empty while it is not."""
    day = today()
    if not action.is_overdue(day):
        return ""
    assert action.due_on is not None
    return f"overdue by {counted((day - action.due_on).days, 'day')}"


def owner_words(action: Action) -> str:
    """Who is to do it, as far as the reader knows them, and where they work."""
    name = action.owner_organisation.name
    gone = " (has left Tandem)" if action.owner_organisation.left_at is not None else ""
    if action.owner_user is not None:
        return f"{action.owner_user}, {name}{gone}"
    posting = action.owner_posting
    if posting is None:
        return f"Someone at {name}{gone}"
    if posting.ended_on is not None and posting.ended_on < today():
        return f"Someone at {name} (was {posting.person.name}){gone}"
    return f"{posting.person.name}, {name}{gone}"


def added_words(action: Action) -> str:
    """Who added it, for whom, and when."""
    return f"{_who_added(action)} on {date_words(action.created_at)}"


def closed_words(action: Action) -> str:
    """Who closed it, for whom, and when; empty while it is open."""
    if action.closed_organisation is None:
        return ""
    posting = action.closed_posting
    names = [str(action.closed_by) if action.closed_by else posting.person.name if posting else ""]
    names.append(action.closed_organisation.name)
    how = "" if action.closed_by else ", with the link in an email"
    return f"{', '.join(filter(None, names))} on {date_words(action.closed_at)}{how}"


def origin_words(action: Action) -> tuple[str, str] | None:
    """What it arose from, and its neutral address."""
    words = ORIGINS.get(action.origin[:1]) if action.origin[1:2] == "-" else None
    return (words, f"/r/{action.origin}/") if words else None


def address(actor: Actor, action: Action) -> str:
    """The page of an action."""
    return page_of(actor, "action", ref=action.partnership.ref, action=action.ref)


def actions_table(actions: Sequence[Action], actor: Actor | None = None) -> Component:
    """Actions with a link to each; without an actor they lead nowhere."""
    return table(["Action", "Who", "By when", "Status"], rows(actions, actor))


def rows(actions: Sequence[Action], actor: Actor | None = None) -> list[list[object]]:
    """The cells of a table of actions; without an actor they lead nowhere."""
    return [
        [
            link(each.title, address(actor, each)) if actor else each.title,
            owner_words(each),
            _short_due(each),
            state_tag(each),
        ]
        for each in actions
    ]


def _short_due(action: Action) -> str:
    if action.due_on is None:
        return "No day set"
    late = lateness(action)
    return f"{day_in_words(action.due_on)}{f', {late}' if late else ''}"


def _who_added(action: Action) -> str:
    organisation = action.author_organisation.name
    if action.author is not None:
        return f"{action.author}, {organisation}"
    posting = action.author_posting
    if posting is None:
        return f"With the link in an email from {organisation}"
    return f"{posting.person.name}, {posting.organisation.name}, with the link in an email"
