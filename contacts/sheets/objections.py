"""Rows about people who asked not to be in a directory: refused, and again when applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from contacts.models import ImportRow, Outcome
from contacts.objections import REFUSED, objected_among
from contacts.sheets.checking import Verdict

WRITTEN = (Outcome.NEW, Outcome.CHANGED)


def refuse(verdicts: Iterable[Verdict], matching: Mapping[str, int]) -> None:
    """Note it of each row that would put such an address into the directory."""
    given = [(each, email) for each in verdicts if (email := _address(each))]
    objected = objected_among(email for _, email in given)
    for verdict, email in given:
        if email in objected:
            verdict.is_wrong(REFUSED, "email", matching.get("email"))


def kept_out(rows: Sequence[ImportRow]) -> list[int]:
    """The numbers of rows whose person has asked so since they were checked."""
    given = [(row.number, email) for row in rows if (email := _address(row))]
    objected = objected_among(email for _, email in given)
    return [number for number, email in given if email in objected]


def _address(row: Verdict | ImportRow) -> str:
    """The address that a row brings in; nothing where the contact has it already."""
    if row.outcome not in WRITTEN:
        return ""
    email = str((row.after or {}).get("email") or "")
    return "" if email == (row.before or {}).get("email") else email
