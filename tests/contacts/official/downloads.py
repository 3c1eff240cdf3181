"""Files as the publishers offer them: their headings, encoding, line ends and dates, filled from
the data that is shipped and from rows of a test's own.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from contacts.imports.england import REFERENCE

COLUMNS = (Path(__file__).parent / "edubasealldata_columns.txt").read_text("utf-8").split("\n")
COLUMNS = [name.strip("\ufeff\r") for name in COLUMNS if name.strip()]
AS_OF_2024 = [
    each for name in COLUMNS for each in
    ((name, "RSCRegion (name)") if name == "OfstedRating (name)" else (name,))
]  # fmt: skip
GROUP_COLUMNS = [
    "Group UID", "Group ID", "Group Name", "Companies House Number", "Group Type (code)",
    "Group Type", "Closed Date", "Open date", "Incorporated on (open date)",
    "Group Status (code)", "Group Status", "Group Contact Street", "Group Contact Locality",
    "Group Contact Address 3", "Group Contact Town", "Group Contact County",
    "Group Contact Postcode", "Head of Group Title", "Head of Group First Name",
    "Head of Group Last Name", "UKPRN",
]  # fmt: skip
MEMBERSHIP_COLUMNS = [
    "URN", "Group UID", "Group ID", "Group Name", "Companies House Number", "Group Type (code)",
    "Group Type", "Closed Date", "Open date", "Incorporated on (open date)",
    "Group Status (code)", "Group Status", "Joined date", "EstablishmentName",
    "TypeOfEstablishment (code)", "TypeOfEstablishment (name)", "PhaseOfEducation (code)",
    "PhaseOfEducation (name)", "LA (code)", "LA (name)",
]  # fmt: skip
LINK_COLUMNS = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
LOST_NUMBERS = {"Barnsley": "370", "Sheffield": "373"}
Row = Mapping[str, str]


def table(columns: Sequence[str], rows: Iterable[Row], *, encoding: str = "cp1252") -> bytes:
    """A CSV file with these headings; what a row does not say is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding, "replace")


def shipped(name: str) -> list[dict[str, str]]:
    """The rows of a file of the reference data."""
    with (REFERENCE / "england" / name).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def school(urn: str, name: str, *, council: str = "335", **others: str) -> dict[str, str]:
    """An open maintained school in Walsall."""
    return {
        "URN": urn,
        "LA (code)": council,
        "EstablishmentName": name,
        "TypeOfEstablishment (name)": "Community school",
        "EstablishmentTypeGroup (code)": "4",
        "EstablishmentStatus (code)": "1",
        "PhaseOfEducation (name)": "Primary",
        "LastChangedDate": "20-11-2026",
        **others,
    }


def shipped_schools() -> Iterator[dict[str, str]]:
    """The shipped schools as the official file would have them; every value is given."""
    names = {row["group_uid"]: row["group_name"] for row in shipped("academy_trusts.csv")}
    for row in shipped("schools.csv"):
        trust = row["trust_uid"] if row["trust_uid"] in names else ""
        yield {
            **school(row["urn"], row["name"], council=_council(row)),
            "LA (name)": row["la_name"],
            "TypeOfEstablishment (name)": row["type"],
            "OpenDate": row["open_date"],
            "PhaseOfEducation (name)": row["phase"],
            "StatutoryLowAge": row["age_low"],
            "StatutoryHighAge": row["age_high"],
            "NumberOfPupils": row["pupils_2026"],
            "Trusts (code)": trust,
            "Trusts (name)": names.get(trust, ""),
            "TrustSchoolFlag (name)": "Supported by a multi-academy trust" if trust else "",
            "Town": row["town"],
            "Postcode": row["postcode"],
        }


def _council(row: Row) -> str:
    code = row["dfe_la_code"]
    return LOST_NUMBERS.get(row["la_name"], code) if code == "z" else code


def group(uid: str, name: str, **others: str) -> dict[str, str]:
    """An open multi-academy trust."""
    return {
        "Group UID": uid,
        "Group ID": f"TR{uid:0>5}",
        "Group Name": name,
        "Group Type (code)": "06",
        "Group Type": "Multi-academy trust",
        "Group Status (code)": "OPEN",
        "Group Status": "Open",
        **others,
    }


def shipped_groups() -> Iterator[dict[str, str]]:
    """The shipped academy trusts as the official file has them."""
    for row in shipped("academy_trusts.csv"):
        yield {
            **group(row["group_uid"], row["group_name"]),
            "Group ID": row["group_id"],
            "Group Type": row["group_type"],
            "Incorporated on (open date)": row["incorporated_on__open_date_"],
            "Group Contact Town": row["group_town"],
            "Group Contact Postcode": row["group_postcode"],
        }


def membership(urn: str, uid: str, joined: str, **others: str) -> dict[str, str]:
    """A school in a multi-academy trust."""
    return {
        "URN": urn,
        "Group UID": uid,
        "Group Type": "Multi-academy trust",
        "Group Status": "Open",
        "Joined date": joined,
        **others,
    }


def link(urn: str, other: str, kind: str, day: str) -> dict[str, str]:
    """What links two schools."""
    return {"URN": urn, "LinkURN": other, "LinkType": kind, "LinkEstablishedDate": day}


def nhs(code: str, name: str, board: str, opened: str, closed: str = "", **others: str) -> str:
    """A row of a file of the Organisation Data Service, without headings."""
    values = [
        code, name, "Y60", board, "1 THE STREET", "", "", others.get("town", "WALSALL"), "",
        others.get("postcode", "WS2 9PS"), opened, closed, *[""] * 15,
    ]  # fmt: skip
    return ",".join(f'"{value}"' for value in values) + "\r\n"


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip file with these in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()
