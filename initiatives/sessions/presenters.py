"""How sessions, and what is told of who came, are put into words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from markupsafe import Markup

from calendars.london import span_in_words
from frontend.components import Column, Component, link, table, tag
from frontend.wording import counted
from initiatives.plans.models import Initiative
from initiatives.sessions.models import Group, PublishedAttendance, Session, State, Status
from initiatives.sessions.selectors import Summary, Told
from initiatives.small_numbers.presenters import masked_words
from initiatives.suppression.rules import rule_of
from organisations.actor import Actor
from organisations.addresses import page_of

NOT_TOLD = "Not shown"
NOTHING_TOLD: Mapping[str, PublishedAttendance] = {}


def address(actor: Actor, session: Session, page: str = "session") -> str:
    """Its page, or another page about it."""
    return page_of(
        actor,
        page,
        ref=session.partnership.ref,
        initiative=session.initiative.ref,
        session=session.ref,
    )


def list_address(actor: Actor, initiative: Initiative) -> str:
    """The sessions of an initiative."""
    this = {"ref": initiative.partnership.ref, "initiative": initiative.ref}
    return page_of(actor, "initiative-sessions", **this)


def told_words(told: PublishedAttendance) -> str:
    """What everybody else may know of a number."""
    rule = rule_of(told.rule)
    if told.status == Status.MASKED:
        return masked_words(rule)
    if told.status == Status.WITHHELD:
        return "not shown"
    about = "about " if rule.round_to else ""
    return f"{about}{told.shown}" if told.shown else "none"


def others_see(told: Mapping[str, PublishedAttendance]) -> list[tuple[str, str]]:
    """What others may know of each group of a session, in the order of the groups."""
    return [(group.label, told_words(told[group])) for group in Group if group in told]


def came_words(session: Session, told: Mapping[str, PublishedAttendance]) -> str:
    """Who came, in one line, as everybody may know it."""
    if session.state != State.HELD:
        return ""
    words = [f"{name.lower()}: {number}" for name, number in others_see(told)]
    return "; ".join(words).capitalize() if words else NOT_TOLD


def where_words(session: Session) -> str:
    """The school and the place in it, or the place."""
    return ", ".join(filter(None, [session.school.name if session.school else "", session.place]))


def when_words(session: Session) -> str:
    """From when until when, on London clocks."""
    return span_in_words(session.starts_at, session.ends_at)


def state_tag(session: Session, now: datetime | None = None) -> Component:
    """What became of it; says when its numbers are missing."""
    if session.lacks_numbers(now or timezone.now()):
        return tag("Numbers needed", "yellow")
    colours = {State.PLANNED: "blue", State.HELD: "green", State.CANCELLED: "grey"}
    state = State(session.state)
    return tag(state.label, colours[state])


def sessions_table(actor: Actor, rows: Sequence[Session], told: Told | None = None) -> Component:
    """A table of sessions; with `told` who came to each."""
    columns: list[str | Column] = ["Session", "When", Column("Where", wide_only=True)]
    columns += ["Who came"] if told is not None else []
    cells = []
    for each in rows:
        row: list[object] = [link(str(each), address(actor, each)), when_words(each)]
        row.append(where_words(each))
        if told is not None:
            row.append(came_words(each, told.get(each.pk, NOTHING_TOLD)) or each.reason)
        cells.append([*row, state_tag(each)])
    return table([*columns, "State"], cells)


def totals_table(rows: Sequence[PublishedAttendance]) -> Component:
    """What is told of whole terms."""
    return table(
        ["Term", "Counted by", "Group", "Who came"],
        [
            [
                each.term,
                each.organisation.name,
                each.get_group_display(),
                told_words(each).capitalize(),
            ]
            for each in rows
        ],
    )


def in_short(summary: Summary) -> Markup | None:
    """The sessions of an initiative in a sentence, with the sums of its terms; None before any."""
    if not (summary.held or summary.coming or summary.waiting):
        return None
    words = f"{counted(summary.held, 'session')} held, {summary.coming} to come"
    if summary.waiting:
        words += f", {summary.waiting} over and without numbers"
    words += "."
    if summary.next:
        words += f" Next: {summary.next}, {when_words(summary.next)}."
    totals = totals_table(summary.totals) if summary.totals else ""
    return Markup("<p>{}</p>{}").format(words, totals)
