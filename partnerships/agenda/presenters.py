"""How items are put into words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from calendars.london import day_in_words, london_day, today, weekday_in_words
from frontend.components import Component, link, table, tag
from organisations.actor import Actor
from organisations.addresses import page_of
from partnerships.agenda.announcements import MEETING_CHANGED, REMINDER
from partnerships.agenda.models import COURSE, STEPS, AgendaItem, ItemState
from partnerships.agenda.plans import reminders

COLOURS = {
    ItemState.PLANNED: "blue",
    ItemState.SENT: "aqua-green",
    ItemState.HEARD: "purple",
    ItemState.DECIDED: "green",
    ItemState.WITHDRAWN: "grey",
}
MESSAGES = {REMINDER: "Reminder", MEETING_CHANGED: "Change of the meeting"}
STEP_WORDS = {
    ItemState.SENT: ("The paper was sent", "Record that the paper was sent"),
    ItemState.HEARD: ("It was heard", "Record that it was heard"),
    ItemState.DECIDED: ("It was decided", "Record the decision"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A step on record."""

    words: str
    on: str
    by: str


def state_tag(item: AgendaItem) -> Component:
    """How far it got; says when something is overdue."""
    state = ItemState(item.state)
    if item.is_open and item.meeting is not None and not item.meeting_stands:
        return tag("Meeting called off", "red")
    if state == ItemState.PLANNED and item.due_on is not None and item.due_on < today():
        return tag("Paper overdue", "red")
    met = item.meeting is not None and item.meeting.meets_on < today()
    if state in (ItemState.PLANNED, ItemState.SENT) and met:
        return tag("Outcome needed", "yellow")
    return tag(state.label, COLOURS[state])


def items_table(actor: Actor, items: Sequence[AgendaItem]) -> Component:
    """Items with a link to each."""
    return table(
        ["Item", "Gateway", "Meeting", "Paper due", "Status"],
        [
            [
                link(item.title, address(actor, item)),
                str(item.gateway),
                day_in_words(item.meeting.meets_on) if item.meeting else "Not known yet",
                day_in_words(item.due_on) if item.due_on else "Not known yet",
                state_tag(item),
            ]
            for item in items
        ],
    )


def items_of_gateway(actor: Actor, items: Sequence[AgendaItem]) -> Component:
    """The items for one gateway, of several partnerships."""
    return table(
        ["Item", "Partnership", "Meeting", "Status"],
        [
            [
                link(item.title, address(actor, item)),
                item.partnership.name,
                day_in_words(item.meeting.meets_on) if item.meeting else "Not known yet",
                state_tag(item),
            ]
            for item in items
        ],
    )


def address(actor: Actor, item: AgendaItem) -> str:
    """The page of an item."""
    return page_of(actor, "agenda-item", ref=item.partnership.ref, item=item.ref)


def meeting_words(item: AgendaItem) -> str:
    """When it is to be heard."""
    if item.meeting is None:
        return ""
    day = weekday_in_words(item.meeting.meets_on)
    return day if item.meeting_stands else f"{day}: called off by the gateway"


def due_words(item: AgendaItem) -> str:
    """Until when the paper must be there, and who says so."""
    if item.due_on is None:
        return ""
    agreed = " (as agreed)" if item.own_due_on else ""
    return f"{weekday_in_words(item.due_on)}{agreed}"


def taken(item: AgendaItem) -> list[Taken]:
    """The steps on record, the earliest first."""
    found = [(step, _day(item, step)) for step in STEPS]
    return [
        Taken(ItemState(step).label, day_in_words(day), _who(item, step))
        for step, day in found
        if day is not None
    ]


def next_steps(item: AgendaItem) -> list[ItemState]:
    """What may be recorded of it now, the likeliest first."""
    if not item.is_open:
        return []
    return list(COURSE[COURSE.index(ItemState(item.state)) + 1 :])


def reminder_days(item: AgendaItem) -> list[str]:
    """On which days people are reminded of its paper from now on."""
    coming = sorted(reminders(item, timezone.now()), key=lambda each: each.due_at)
    return [day_in_words(london_day(each.due_at)) for each in coming]


def _day(item: AgendaItem, step: ItemState) -> date | None:
    day: date | None = getattr(item, f"{step}_on")
    return day


def _who(item: AgendaItem, step: ItemState) -> str:
    person, organisation = getattr(item, f"{step}_by"), getattr(item, f"{step}_organisation")
    return ", ".join(name for name in (person.name, organisation.name) if name)
