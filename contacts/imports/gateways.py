"""The framework's gateway types: where joint work begins or is steered, and what to ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contacts.imports.files import BadFile, read_yaml
from contacts.imports.rows import GatewayTypeRow

LEVELS = frozenset({"national", "region", "system", "place", "neighbourhood", "organisation"})
LONGEST = {
    "key": 40,
    "name": 120,
    "level": 20,
    "host": 120,
    "source_in_framework": 20,
    "durability": 20,
    "typical_meetings": 200,
    "start_here_when": 300,
    "ask_for": 300,
    "notes": 400,
}
MAY_BE_ABSENT = frozenset({"notes"})


def gateway_types(file: Path) -> Iterator[GatewayTypeRow]:
    """Read the kinds of gateway. Raises BadFile."""
    content = read_yaml(file)
    if not isinstance(content, list):
        raise BadFile(file, "has no list of gateways")
    for number, each in enumerate(content, start=1):
        if not isinstance(each, dict):
            raise BadFile(file, f"gateway {number}: is not a table of its fields")
        yield _gateway_type(file, number, each)


def _gateway_type(file: Path, number: int, given: Mapping[str, Any]) -> GatewayTypeRow:
    texts = {}
    for name, longest in LONGEST.items():
        value = given.get(name, "" if name in MAY_BE_ABSENT else None)
        missing = not value and name not in MAY_BE_ABSENT
        if not isinstance(value, str) or missing or len(value) > longest:
            reason = f"gateway {number}: is not a text of 1 to {longest} characters"
            raise BadFile(file, reason, column=name)
        texts[name] = value
    if texts["level"] not in LEVELS:
        raise BadFile(file, f"gateway {number}: is not a known level", column="level")
    days = given.get("check_every_days")
    if not isinstance(days, int) or not 1 <= days <= 3650:
        reason = f"gateway {number}: is not a number of days from 1 to 3650"
        raise BadFile(file, reason, column="check_every_days")
    return GatewayTypeRow(**texts, statutory=given.get("statutory") is True, check_every_days=days)
