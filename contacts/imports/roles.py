"""The framework's role types: whom to approach for what, in both sectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contacts.imports.files import BadFile, read_yaml
from contacts.imports.rows import RoleTypeRow

SECTORS = ("nhs", "local_authority", "school")
LONGEST = {
    "key": 40,
    "name": 120,
    "org_type": 80,
    "level": 20,
    "approach_for": 300,
    "not_for": 300,
}


def role_types(file: Path) -> Iterator[RoleTypeRow]:
    """Read the role types of every sector. Raises BadFile."""
    content = read_yaml(file)
    for sector in SECTORS:
        roles = content.get(sector) if isinstance(content, dict) else None
        if not isinstance(roles, list):
            raise BadFile(file, f"has no list {sector!r}")
        for number, role in enumerate(roles, start=1):
            yield _role_type(file, sector, number, role)


def _role_type(file: Path, sector: str, number: int, role: Mapping[str, Any]) -> RoleTypeRow:
    def text(name: str) -> str:
        value = role.get(name)
        if not isinstance(value, str) or not value or len(value) > LONGEST[name]:
            reason = f"is not a text of 1 to {LONGEST[name]} characters"
            raise BadFile(file, f"role {number} of {sector}: {reason}", column=name)
        return value

    days = role.get("check_every_days")
    if not isinstance(days, int) or not 1 <= days <= 3650:
        reason = f"role {number} of {sector}: is not a number of days from 1 to 3650"
        raise BadFile(file, reason, column="check_every_days")
    return RoleTypeRow(
        key=text("key"),
        name=text("name"),
        sector=sector,
        organisation_type=text("org_type"),
        level=text("level"),
        statutory=role.get("statutory") is True,
        approach_for=text("approach_for"),
        not_for=text("not_for"),
        check_every_days=days,
        single_seat=role.get("single_seat") is True,
    )
