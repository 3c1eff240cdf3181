"""An agreement as one exact text, and that text's fingerprint: what a signature is of.

Pure. The same content always gives the same text, whatever it was typed on.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from partnerships.agreements.library import BINDING, types

DATES = {"starts_on": "Starts", "review_on": "Review", "expires_on": "Expires"}
FACTS = {"clinical": "Clinical activity", "on_site": "Delivery on a site of a member"}


def tidy(text: str) -> str:
    """One spelling of every letter and line end, no spaces at the ends of lines."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def canonical_text(
    *,
    kind: str,
    title: str,
    dates: Mapping[str, date | None],
    facts: Mapping[str, bool | None],
    clauses: Sequence[Mapping[str, str]],
) -> str:
    """The whole agreement as one text."""
    lines = [title, types()[kind].name, ""]
    lines += [
        f"{DATES[name]}: {day.isoformat() if day else 'not set'}" for name, day in dates.items()
    ]
    lines += [
        f"{FACTS[name]}: {_said(value)}" for name, value in facts.items() if value is not None
    ]
    for number, clause in enumerate(clauses, start=1):
        lines += ["", f"{number}. {clause['name']}"]
        if binding := BINDING[clause["binding"]]:
            lines.append(f"({binding})")
        lines.append(clause["text"])
    return "\n".join(lines) + "\n"


def fingerprint(text: str) -> str:
    """The SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def in_groups(digest: str) -> str:
    """The first part of a fingerprint, as people compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def _said(value: bool | None) -> str:
    return "yes" if value else "no"
