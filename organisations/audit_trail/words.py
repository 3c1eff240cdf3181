"""One event in words: what was done, and what changed from what to what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from frontend.wording import date_words, datetime_words
from organisations.audit_trail.names import Names
from organisations.audit_trail.registry import PERSON, refers_to
from organisations.audit_trail.selectors import REFUSED
from organisations.models import AuditEvent

FIELDS = {
    "to_organisation": "organisation",
    "invited_by": "invited by",
    "user": "person",
    "held_on": "date",
    "starts_at": "time",
    "job_title": "job title",
    "role_type": "kind of job",
    "outcome_notes": "outcome notes",
    "sending": "times sent",
    "posting": "contact",
    "moved": "handed over",
    "successor": "taken over by",
    "rows": "rows in the file",
    "named_contacts": "contacts and deputies",
    "withdrawn": "emails not sent",
    "ended": "what ended",
    "partners": "partners told",
    "partner_invitations": "invitations of partners",
    "touchpoints_cancelled": "touchpoints cancelled",
    "touchpoints_kept": "touchpoints for others to take over",
    "agenda_items_withdrawn": "items for gateways withdrawn",
    "own_due_on": "paper due",
    "ask": "what to ask for",
    "ends_at": "end",
    "times": "times within an hour",
}
VALUES = {"True": "yes", "False": "no", "None": "none", "": "none"}


def was_refused(event: AuditEvent) -> bool:
    """Whether it was tried and not allowed."""
    return event.action.startswith(REFUSED)


def action_words(event: AuditEvent) -> str:
    """What was done, beginning with a capital; without the mark of a refusal."""
    said = event.action.removeprefix(REFUSED).strip()
    return said[:1].upper() + said[1:]


def change_lines(event: AuditEvent, names: Names) -> list[str]:
    """What changed, a line each: `Role: Editor, now Manager`."""
    lines = []
    for name, value in event.changes.items():
        label = _label(name)
        label = label[:1].upper() + label[1:]
        if name == "fields" and isinstance(value, list):
            changed = ", ".join(_label(str(each)) for each in value)
            lines.append(f"Changed: {changed}")
        elif isinstance(value, list) and len(value) == 2:
            lines.append(f"{label}: {_from_to(name, value[0], value[1], names)}")
        elif isinstance(value, dict):
            parts = [f"{_label(each)} {count}" for each, count in value.items() if count]
            if parts:
                lines.append(f"{label}: {', '.join(parts)}")
        elif value == "changed":
            lines.append(f"{label} changed")
        elif value is not None:
            lines.append(f"{label}: {_value(name, value, names)}")
    return lines


def _label(name: str) -> str:
    return FIELDS.get(name, name.replace("_", " "))


def _from_to(name: str, old: Any, new: Any, names: Names) -> str:
    if old in (None, ""):
        return _value(name, new, names)
    return f"{_value(name, old, names)}, now {_value(name, new, names)}"


def _value(name: str, value: Any, names: Names) -> str:
    table = refers_to(name)
    if table and isinstance(value, int) and not isinstance(value, bool):
        if table == PERSON:
            return names.person(value)
        shown = names.record(table, value)
        return shown.words if shown else str(value)
    text = str(value)
    if text in VALUES:
        return VALUES[text]
    return _moment(text) or text.replace("_", " ")


def _moment(text: str) -> str:
    """A day or a time in words; empty for anything else."""
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        return ""
    if day is not None:
        return date_words(day)
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        return datetime_words(moment)
    return ""
