"""How changes by official files, and differences from them, are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from contacts.models import OfficialAddress, OfficialChange, OfficialConflict, OfficialImport
from contacts.official import selectors
from frontend.wording import datetime_words

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
OF_A_NEW_ONE = ("opened_on", "trust_id", "council_id", "icb_id", "postcode")
LINKED = ("trust_id", "council_id", "icb_id")


def differences(
    made: OfficialImport, changes: Sequence[OfficialChange]
) -> Mapping[int, Sequence[str]]:
    """What is different about each organisation, in words, by the change's id.

    Of one that is new, where it belongs. Two statements, however many there are.
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
    before, after = change.before, change.after or {}
    if change.successor:
        yield f"By {change.successor}, on {_said(after.get('happened_on'))}"
        return
    for field, label in FIELDS.items():
        now = after.get(field)
        was = before.get(field) if before else None
        if was == now or (before is None and field not in OF_A_NEW_ONE):
            continue
        if field in LINKED:
            was, now = names.get(was or 0, was), names.get(now or 0, now)
        if before is None:
            yield f"{label.capitalize()}: {_said(now)}"
        elif field == "name":
            yield f"Was {was}"
        else:
            yield f"{label.capitalize()}: {_said(now)}, was {_said(was)}"


def _said(value: Any) -> str:
    if value in (None, ""):
        return "none"
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except (TypeError, ValueError):
        return f"{value:,}" if isinstance(value, int) else str(value)


def fetching(
    urls: Mapping[str, Sequence[str]], known: Mapping[str, OfficialAddress]
) -> Sequence[tuple[str, str]]:
    """Each address of the settings, and what came of asking it."""
    return [(url, _last(known.get(url))) for of_one in urls.values() for url in of_one]


def _last(address: OfficialAddress | None) -> str:
    if address is None or address.tried_at is None:
        return "Not asked yet"
    asked = f"Asked on {datetime_words(address.tried_at)}"
    if address.failure:
        return f"{asked}: {address.failure}"
    if address.fetched_at is None or address.fetched_at < address.tried_at:
        return f"{asked}: nothing new"
    return f"{asked}: a new file came"


def trusts_of(conflicts: Sequence[OfficialConflict]) -> Mapping[int, tuple[str, str]]:
    """The trust as reported and as the register says, by the difference's id; one statement."""
    codes = {code for each in conflicts for code in (each.ours, each.official) if code}
    names = selectors.names_of_trusts(codes) if codes else {}

    def name(code: str) -> str:
        return names.get(code, f"Group {code}") if code else NO_TRUST

    return {each.pk: (name(each.ours), name(each.official)) for each in conflicts}
