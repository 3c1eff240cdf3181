"""An official file that was brought in, for tests of pages."""

from __future__ import annotations

from django.utils import timezone

from contacts.models import CameBy, OfficialChange, OfficialConflict, OfficialImport, OfficialState
from organisations.models import Kind, Organisation


def brought_in() -> OfficialImport:
    """An import that renamed a school, opened another and met what somebody had reported."""
    made: OfficialImport = OfficialImport.objects.using("owner").create(
        publisher="gias",
        state=OfficialState.APPLIED,
        applied_at=timezone.now(),
        kinds=[Kind.SCHOOL, Kind.SCHOOL_TRUST],
        files=[{"name": "edubasealldata20261120.csv", "rows": 52_000, "sha256": "ab" * 32}],
        counts={"opened": 1, "renamed": 1, "conflicts": 1},
        notes=["edubasealldata20261120.csv, row 8, column Postcode: 'X' is not a postcode"],
    )
    changed = (("100000", "The Aldgate Academy", "renamed"), ("900001", "A New School", "opened"))
    for code, name, sort in changed:
        before = {"name": "The Aldgate School"} if sort == "renamed" else None
        OfficialChange.objects.using("owner").create(
            official_import=made, kind=Kind.SCHOOL, code=code, name=name, sorts=[sort],
            before=before, after={"name": name},
        )  # fmt: skip
    school = Organisation.objects.using("owner").get(kind=Kind.SCHOOL, code="100000")
    OfficialConflict.objects.using("owner").create(
        official_import=made, organisation=school, field="trust", ours="5361", official=""
    )
    return made


def looked_at() -> OfficialImport:
    """An import that an operator has not decided about: it would rename a school."""
    made: OfficialImport = OfficialImport.objects.using("owner").create(
        publisher="gias",
        kinds=[Kind.SCHOOL, Kind.SCHOOL_TRUST],
        state=OfficialState.CHECKED,
        came_by=CameBy.UPLOAD,
        files=[{"name": "edubasealldata20261121.csv", "rows": 52_000, "sha256": "cd" * 32}],
        counts={"renamed": 1},
    )
    name = {"name": "The Aldgate Primary Academy"}
    OfficialChange.objects.using("owner").create(
        official_import=made, kind=Kind.SCHOOL, code="100000", name=name["name"],
        sorts=["renamed"], before={"name": "The Aldgate School"}, after=name,
    )  # fmt: skip
    return made
