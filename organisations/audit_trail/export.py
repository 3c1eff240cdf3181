"""The trail as a file for a spreadsheet. Taking it out is itself put on record."""

from __future__ import annotations

import csv
import io

from django.db import transaction

from frontend.wording import london
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.audit_trail import selectors
from organisations.audit_trail.names import Names, names_in
from organisations.audit_trail.words import action_words, change_lines, was_refused
from organisations.models import AuditEvent
from organisations.permissions import Permission

MOST = 50_000
HEADINGS = (
    "When (London)",
    "Who",
    "Acting for",
    "Refused",
    "What was done",
    "About",
    "What changed",
    "From address",
    "Request",
)
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@transaction.atomic
def export_trail(*, by: Actor, filters: selectors.Filters, most: int = MOST) -> str:
    """The trail as comma-separated text, the newest `most` events; says so when there are more."""
    permissions.require(by, Permission.SEE_AUDIT)
    events = list(selectors.trail(by, filters)[: most + 1])
    more, events = len(events) > most, events[:most]
    names = names_in(by, events)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([harmless(cell) for cell in _cells(event, names)] for event in events)
    if more:
        writer.writerow([f"This file ends after the newest {most:,} events. Narrow the dates."])
    audit.record("audit trail exported", by=by, changes={"rows": len(events)})
    return out.getvalue()


def harmless(cell: str) -> str:
    """The same words, never a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _cells(event: AuditEvent, names: Names) -> list[str]:
    about = names.record(event.object_table, event.object_id)
    return [
        f"{london(event.at):%Y-%m-%d %H:%M:%S}",
        names.who(event),
        names.organisation(event.organisation_id),
        "yes" if was_refused(event) else "",
        action_words(event),
        about.words if about else "",
        "; ".join(change_lines(event, names)),
        str(event.address) if event.address and names.shows_address(event) else "",
        event.request_id if names.shows_address(event) else "",
    ]
