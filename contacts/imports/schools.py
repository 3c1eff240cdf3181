"""Academy trusts and schools, from extracts of Get Information about Schools."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from contacts.imports import names
from contacts.imports.councils import CouncilList
from contacts.imports.files import lines
from contacts.imports.rows import OrganisationRow, SchoolRow
from organisations.models import Kind

TRUST_COLUMNS = (
    "group_uid",
    "group_id",
    "group_name",
    "incorporated_on__open_date_",
    "group_town",
    "group_postcode",
)
SCHOOL_COLUMNS = (
    "urn",
    "name",
    "la_name",
    "dfe_la_code",
    "phase",
    "type",
    "open_date",
    "town",
    "postcode",
    "lat",
    "lng",
    "trust_uid",
    "pupils_2026",
    "age_low",
    "age_high",
)
OLDEST = 99


def academy_trusts(folder: Path) -> Iterator[OrganisationRow]:
    """Read the open academy trusts."""
    for line in lines(folder / "academy_trusts.csv", TRUST_COLUMNS, key=("group_uid",)):
        yield OrganisationRow(
            kind=Kind.SCHOOL_TRUST,
            code=line.text("group_uid", longest=20, required=True),
            name=names.readable(line.text("group_name", longest=200, required=True)),
            other_code=line.text("group_id", longest=20),
            town=names.place(line.text("group_town", longest=100)),
            postcode=line.postcode("group_postcode"),
            opened_on=line.day("incorporated_on__open_date_", "%d/%m/%Y"),
        )


def schools(
    folder: Path,
    councils: CouncilList,
    trusts: Collection[str],
    done: Callable[[int], None],
) -> Iterator[tuple[OrganisationRow, SchoolRow]]:
    """Read the schools: each as an organisation, and what else is known of it.

    `done` hears how many have been read. A trust that is not an academy trust (a foundation
    that holds several schools) is no partner of its own here and is left out.
    """
    every = lines(folder / "schools.csv", SCHOOL_COLUMNS, key=("urn",))
    for count, line in enumerate(every, start=1):
        council = councils.number(line, "dfe_la_code", "la_name")
        urn = line.text("urn", longest=20, required=True)
        organisation = OrganisationRow(
            kind=Kind.SCHOOL,
            code=urn,
            name=names.readable(line.text("name", longest=200, required=True)),
            town=names.place(line.text("town", longest=100)),
            area=councils.places[council],
            postcode=line.postcode("postcode"),
            opened_on=line.day("open_date", "%d-%m-%Y"),
        )
        phase = line.text("phase", longest=40)
        school = SchoolRow(
            urn=urn,
            council=council,
            trust=line["trust_uid"] if line["trust_uid"] in trusts else None,
            phase="" if phase == "Not applicable" else phase,
            establishment_type=line.text("type", longest=80),
            age_low=line.whole("age_low", most=OLDEST),
            age_high=line.whole("age_high", most=OLDEST),
            pupils=line.whole("pupils_2026", most=20_000),
            latitude=line.number("lat", 49.8, 56),
            longitude=line.number("lng", -6.5, 1.8),
        )
        if count % 1000 == 0:
            done(count)
        yield organisation, school
