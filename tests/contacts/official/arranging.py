"""An official file that was brought in, for tests of pages."""

from __future__ import annotations

from contacts.models import OfficialChange, OfficialConflict, OfficialImport
from organisations.models import Kind, Organisation


def brought_in() -> OfficialImport:
    """An import that renamed a school, opened another and met what somebody had reported."""
    made: OfficialImport = OfficialImport.objects.using("owner").create(
        publisher="gias",
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
