"""How events are shown: a table that a phone stacks."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from frontend.components import Column, Component, link, table, tag
from frontend.wording import short_date, time_words
from organisations.actor import Actor
from organisations.audit_trail.names import Names, names_in
from organisations.audit_trail.words import action_words, change_lines, was_refused
from organisations.models import AuditEvent

LINE = Markup("<br>")
MUTED = Markup('<span class="app-muted app-as-typed">{}</span>')


def events_table(actor: Actor, events: Sequence[AuditEvent]) -> Component:
    """Who did what, acting for whom, when and from where."""
    names = names_in(actor, events)
    columns: list[Column | str] = [
        Column("When", nowrap=True),
        "Who",
        "What was done",
        Column("From", wide_only=True),
    ]
    return table(columns, [_row(event, names) for event in events])


def _row(event: AuditEvent, names: Names) -> list[object]:
    when = Markup("{}<br>{}").format(short_date(event.at), MUTED.format(time_words(event.at)))
    who = Markup("{}").format(names.who(event))
    organisation = names.organisation(event.organisation_id)
    if organisation:
        who = who + LINE + MUTED.format(organisation)
    return [when, who, _what(event, names), _where(event, names)]


def _where(event: AuditEvent, names: Names) -> object:
    """From which address; partners' addresses are theirs."""
    if not names.shows_address(event):
        return MUTED.format("Not shown")
    return event.address or MUTED.format("Not recorded")


def _what(event: AuditEvent, names: Names) -> Markup:
    what = Markup("{}").format(action_words(event))
    if was_refused(event):
        what = Markup("{} {}").format(tag("Refused", "red"), what)
    about = names.record(event.object_table, event.object_id)
    if about is not None:
        what = what + LINE + (link(about.words, about.href) if about.href else about.words)
    for line in change_lines(event, names):
        what = what + LINE + MUTED.format(line)
    return what
