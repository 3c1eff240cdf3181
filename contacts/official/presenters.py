"""How changes by official files, and differences from them, are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from contacts.models import OfficialChange, OfficialConflict, OfficialImport
from contacts.official import selectors

NO_TRUST = "No trust"
# What the fields of an organisation are called, in the order in which they are told.
FIELDS = {
    "name": "name",
    "opened_on": "opened",
    "closed_on": "closed",
    "trust_id": "trust",
    "council_id": "council",
    "icb_id": "integrated care board",
    "establishment_type": "type",
    "phase": "phase",
    "age_low": "youngest age",
    "age_high": "oldest age",
    "pupils": "pupils",
    "town": "town",
    "area": "area",
    "postcode": "postcode",
    "website": "website",
    "other_code": "other number",
}
LINKED = ("trust_id", "council_id", "icb_id")


def differences(
    made: OfficialImport, changes: Sequence[OfficialChange]
) -> Mapping[int, Sequence[str]]:
    """What is different about each organisation, in words, by the change's id.

    Nothing of one that is new. Two statements, however many there are.
    """
    ids = {
        said[field]
        for each in changes
        for said in (each.before, each.after)
        if said
        for field in LINKED
        if said.get(field)
    }
    names = selectors.names_by_id(made, ids) if ids else {}
    return {each.pk: list(_differences(each, names)) for each in changes}


def _differences(change: OfficialChange, names: Mapping[int, str]) -> Iterable[str]:
    if change.successor:
        yield f"By {change.successor}, on {_said((change.after or {}).get('happened_on'))}"
        return
    if not change.before or not change.after:
        return
    for field, label in FIELDS.items():
        was, now = change.before.get(field), change.after.get(field)
        if was == now:
            continue
        if field in LINKED:
            was, now = names.get(was, was), names.get(now, now)
        yield f"{label.capitalize()}: {_said(was)} → {_said(now)}"


def _said(value: Any) -> str:
    if value in (None, ""):
        return "none"
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except (TypeError, ValueError):
        return f"{value:,}" if isinstance(value, int) else str(value)


def trusts_of(conflicts: Sequence[OfficialConflict]) -> Mapping[int, tuple[str, str]]:
    """The trust as reported and as the register says, by the difference's id; one statement."""
    codes = {code for each in conflicts for code in (each.ours, each.official) if code}
    names = selectors.names_of_trusts(codes) if codes else {}

    def name(code: str) -> str:
        return names.get(code, f"Group {code}") if code else NO_TRUST

    return {each.pk: (name(each.ours), name(each.official)) for each in conflicts}
