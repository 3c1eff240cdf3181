"""What people need, and whom to contact for it: the table behind "Who should I contact?"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from contacts.imports.files import BadFile, read_yaml
from contacts.imports.rows import NeedRow

LONGEST = {
    "key": 40,
    "name": 120,
    "first_door": 300,
    "ask_for": 300,
    "not_for": 300,
    "fallback": 300,
    "strategic": 300,
}


def needs(file: Path, *, roles: Collection[str], gateways: Collection[str]) -> Iterator[NeedRow]:
    """Read the needs, in order. Raises BadFile, also for a role or gateway that is not known."""
    content = read_yaml(file)
    if not isinstance(content, list):
        raise BadFile(file, "has no list of needs")
    known = {
        "first_roles": roles,
        "fallback_roles": roles,
        "first_gateways": gateways,
        "strategic_gateways": gateways,
    }
    for number, each in enumerate(content, start=1):
        if not isinstance(each, dict):
            raise BadFile(file, f"need {number}: is not a table of its fields")
        texts: dict[str, Any] = {name: _text(file, number, each, name) for name in LONGEST}
        keys: dict[str, Any] = {
            name: _keys(file, number, each, name, among) for name, among in known.items()
        }
        yield NeedRow(position=number, not_here=each.get("not_here") is True, **texts, **keys)


def _text(file: Path, number: int, given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST[name]:
        reason = f"need {number}: is not a text of 1 to {LONGEST[name]} characters"
        raise BadFile(file, reason, column=name)
    return value


def _keys(
    file: Path, number: int, given: Mapping[str, Any], name: str, among: Collection[str]
) -> list[str]:
    value = given.get(name)
    if not isinstance(value, list) or not all(each in among for each in value):
        raise BadFile(file, f"need {number}: is not a list of known keys", column=name)
    return value
