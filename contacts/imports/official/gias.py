"""The downloads of Get Information about Schools: told apart by their headings, read by column
name, and copied into temporary tables as they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from contacts.imports import names
from contacts.imports.files import BadFile, Line
from contacts.imports.official import tables
from contacts.imports.official.sources import Source
from contacts.imports.official.tables import Layout, Notes, Once, day_of, lenient

ESTABLISHMENTS = "establishments"
GROUPS = "groups"
MEMBERSHIPS = "memberships"
LINKS = "links"

STAGING = """
CREATE TEMP TABLE official_school (urn text, name text, council text, council_name text,
    is_open bool, wanted bool, opened_on date, closed_on date, phase text,
    establishment_type text, age_low int, age_high int, pupils int, town text, postcode text,
    website text, says_trust bool, trust text, trust_name text, academy_trust bool)
    ON COMMIT DROP;
CREATE TEMP TABLE official_group (code text, name text, other_code text, is_open bool,
    opened_on date, closed_on date, town text, postcode text) ON COMMIT DROP;
CREATE TEMP TABLE official_membership (urn text, trust text, joined_on date, is_member bool)
    ON COMMIT DROP;
CREATE TEMP TABLE official_link (predecessor text, successor text, happened_on date,
    nature text, file text, row int) ON COMMIT DROP;
"""

Aliases = dict[str, Sequence[str]]
SCHOOL_COLUMNS: Aliases = {
    "urn": ("URN",),
    "council": ("LA (code)",),
    "council_name": ("LA (name)",),
    "name": ("EstablishmentName",),
    "type_code": ("TypeOfEstablishment (code)",),
    "type": ("TypeOfEstablishment (name)",),
    "group": ("EstablishmentTypeGroup (code)",),
    "status": ("EstablishmentStatus (code)",),
    "opened": ("OpenDate",),
    "closed": ("CloseDate",),
    "phase": ("PhaseOfEducation (name)",),
    "age_low": ("StatutoryLowAge",),
    "age_high": ("StatutoryHighAge",),
    "pupils": ("NumberOfPupils",),
    "trust_flag": ("TrustSchoolFlag (name)",),
    "trust": ("Trusts (code)",),
    "trust_name": ("Trusts (name)",),
    "town": ("Town",),
    "postcode": ("Postcode",),
    "website": ("SchoolWebsite",),
    "changed": ("LastChangedDate",),
}
GROUP_COLUMNS: Aliases = {
    "code": ("Group UID", "group_uid"),
    "other_code": ("Group ID", "group_id"),
    "name": ("Group Name", "group_name"),
    "type": ("Group Type", "group_type"),
    "status": ("Group Status", "group_status"),
    "closed": ("Closed Date", "closed_date"),
    "opened": ("Incorporated on (open date)", "Open date", "incorporated_on__open_date_"),
    "town": ("Group Contact Town", "group_town"),
    "postcode": ("Group Contact Postcode", "group_postcode"),
}
MEMBERSHIP_COLUMNS: Aliases = {
    "urn": ("URN",),
    "code": ("Group UID",),
    "type": ("Group Type",),
    "status": ("Group Status",),
    "joined": ("Joined date", "Date Joined Group"),
    "left": ("Date Left Group", "Left date"),
}
LINK_COLUMNS: Aliases = {
    "urn": ("URN",),
    "link": ("LinkURN",),
    "type": ("LinkType",),
    "day": ("LinkEstablishedDate",),
}

# Groups of establishment types that are schools of England; others are kept up only if held.
SCHOOL_GROUPS = frozenset(("3", "4", "5", "10", "11", "13"))
OPEN, CLOSED, OPEN_FOR_NOW, PROPOSED = "1", "2", "3", "4"
STATUSES = frozenset((OPEN, CLOSED, OPEN_FOR_NOW, PROPOSED))
OLDEST, MOST_PUPILS = 99, 30_000
URN_DIGITS = 7
Rows = Iterator[tuple[object, ...]]


@dataclass(slots=True)
class Reading:
    """One file being read: what it is, and what has been found out on the way."""

    source: Source
    kind: str
    layout: Layout
    notes: Notes
    rows: int = 0
    newest: date | None = None
    done: Callable[[int], None] = field(default=lambda count: None)

    def lines(self) -> Iterator[Line]:
        """Its rows, counted."""
        for line in tables.lines(self.source, self.layout):
            self.rows += 1
            if self.rows % 1000 == 0:
                self.done(self.rows)
            yield line

    def has(self, column: str) -> bool:
        """Whether the file has a column."""
        return column in self.layout.positions

    def saw(self, day: date | None) -> None:
        """Remember the newest day that is not in the future."""
        if day and day <= tables.today() and (self.newest is None or day > self.newest):
            self.newest = day


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of file: its columns, those it cannot do without, where its rows go."""

    columns: Aliases
    required: Sequence[str]
    table: str
    rows: Callable[[Reading], Rows]


def _is_academy_trust(kind: str) -> bool:
    """Multi-academy, single-academy and secure single-academy trusts: partners of their own."""
    return kind.casefold().endswith("academy trust")


def _urn(line: Line, column: str) -> str:
    value = line[column]
    if not (value.isascii() and value.isdigit() and len(value) <= URN_DIGITS):
        line.bad(column, f"{value!r} is not a URN like 138591" if value else "is empty")
    return value


def _schools(reading: Reading) -> Rows:
    once = Once()
    notes = reading.notes
    for line in reading.lines():
        urn = _urn(line, "urn")
        once.check(line, "urn", urn)
        if reading.has("changed"):
            reading.saw(lenient(notes, lambda line=line: day_of(line, "changed")))  # type: ignore[misc]
        status = line["status"]
        if status not in STATUSES:
            line.bad("status", f"{status!r} is not 1, 2, 3 or 4")
        if status == PROPOSED:
            continue

        def text(
            column: str, longest: int, read: Callable[[str], str] = str, line: Line = line
        ) -> str | None:
            if not reading.has(column):
                return None
            return lenient(notes, lambda: read(line.text(column, longest=longest)))

        def whole(column: str, most: int, line: Line = line) -> int | None:
            if not reading.has(column):
                return None
            return lenient(notes, lambda: line.whole(column, most=most))

        phase = text("phase", 40)
        trust = line["trust"] if reading.has("trust") else ""
        yield (
            urn,
            names.readable(line.text("name", longest=200, required=True)),
            line["council"],
            line.text("council_name", longest=100) if reading.has("council_name") else "",
            status != CLOSED,
            not reading.has("group") or line["group"] in SCHOOL_GROUPS,
            day_of(line, "opened") if reading.has("opened") else None,
            day_of(line, "closed"),
            "" if phase == "Not applicable" else phase,
            text("type", 80),
            whole("age_low", OLDEST),
            whole("age_high", OLDEST),
            whole("pupils", MOST_PUPILS),
            text("town", 100, names.place),
            lenient(notes, lambda line=line: tables.postcode_of(line, "postcode"))  # type: ignore[misc]
            if reading.has("postcode")
            else None,
            lenient(notes, lambda line=line: tables.website_of(line, "website"))  # type: ignore[misc]
            if reading.has("website")
            else None,
            reading.has("trust"),
            trust,
            text("trust_name", 200, names.readable) if trust else "",
            _supported_by_academy_trust(line) if reading.has("trust_flag") else None,
        )


def _supported_by_academy_trust(line: Line) -> bool:
    """ "Supported by a multi-academy trust", not "Supported by a trust" (a foundation)."""
    return "academy trust" in line["trust_flag"].casefold()


def _groups(reading: Reading) -> Rows:
    once = Once()
    for line in reading.lines():
        code = line.text("code", longest=20, required=True)
        once.check(line, "code", code)
        opened, closed = day_of(line, "opened"), day_of(line, "closed")
        reading.saw(opened)
        reading.saw(closed)
        if not _is_academy_trust(line["type"]):
            continue
        status = line["status"].casefold()
        if status.startswith("proposed"):
            continue
        yield (
            code,
            names.readable(line.text("name", longest=200, required=True)),
            line.text("other_code", longest=20),
            not status.startswith("closed"),
            opened,
            closed,
            names.place(line.text("town", longest=100)) if reading.has("town") else None,
            lenient(reading.notes, lambda line=line: tables.postcode_of(line, "postcode"))  # type: ignore[misc]
            if reading.has("postcode")
            else None,
        )


def _memberships(reading: Reading) -> Rows:
    for line in reading.lines():
        urn = _urn(line, "urn")
        code = line.text("code", longest=20, required=True)
        joined = day_of(line, "joined")
        reading.saw(joined)
        left = day_of(line, "left") if reading.has("left") else None
        if not _is_academy_trust(line["type"]):
            continue
        closed = reading.has("status") and line["status"].casefold().startswith("closed")
        yield urn, code, joined, not closed and (left is None or left > tables.today())


def _links(reading: Reading) -> Rows:
    for line in reading.lines():
        urn, other = _urn(line, "urn"), _urn(line, "link")
        day = day_of(line, "day")
        reading.saw(day)
        kind = line["type"].casefold()
        if kind.startswith("successor"):
            predecessor, successor = urn, other
        elif kind.startswith("predecessor"):
            predecessor, successor = other, urn
        else:
            continue
        if predecessor == successor:
            line.bad("link", f"{other!r} would succeed itself")
        nature = (
            "split" if "split" in kind
            else "merger" if "merge" in kind or "amalgamat" in kind
            else "succession"
        )  # fmt: skip
        yield predecessor, successor, day, nature, str(reading.source.file), line.row


SHAPES: dict[str, Shape] = {
    ESTABLISHMENTS: Shape(
        SCHOOL_COLUMNS, ("urn", "name", "council", "status", "closed"), "official_school", _schools
    ),
    LINKS: Shape(LINK_COLUMNS, ("urn", "link", "type", "day"), "official_link", _links),
    MEMBERSHIPS: Shape(
        MEMBERSHIP_COLUMNS,
        ("urn", "code", "type", "joined"),
        "official_membership",
        _memberships,
    ),
    GROUPS: Shape(
        GROUP_COLUMNS,
        ("code", "name", "other_code", "type", "status", "closed", "opened"),
        "official_group",
        _groups,
    ),
}
# What tells a file by its name, when a column that would tell it is missing.
NAMED = (
    ("links_", LINKS),
    ("alllinks", MEMBERSHIPS),
    ("grouplinks", MEMBERSHIPS),
    ("academiesmat", MEMBERSHIPS),
    ("allgroups", GROUPS),
    ("edubaseall", ESTABLISHMENTS),
)
# Files of the same download that hold nothing Tandem keeps, mostly names of governors.
NOT_NEEDED = ("governance", "edubaseallchildrencentre", "links_edubaseallchildrencentre")


def looks_like_it(source: Source) -> bool:
    """Whether a file's headings or its name say that it is one of these. Raises BadFile."""
    is_not_needed = source.name.casefold().startswith(NOT_NEEDED)
    return is_not_needed or _kind(source.name, tables.heading(source)) is not None


def recognised(source: Source, notes: Notes) -> Reading | None:
    """What a file is; None for one that is not needed. Raises BadFile."""
    if source.name.casefold().startswith(NOT_NEEDED):
        notes.add(f"{source.file.name}: holds nothing that is kept here, and was not read")
        return None
    header = tables.heading(source)
    kind = _kind(source.name, header)
    if kind is None:
        raise BadFile(
            source.file,
            "has the headings of no file of Get Information about Schools that Tandem reads: "
            "edubasealldata, allgroupsdata, alllinksdata, academiesmatmembership or "
            "links_edubasealldata",
        )
    shape = SHAPES[kind]
    layout = tables.layout_of(source, header, shape.columns, shape.required)
    return Reading(source, kind, layout, notes)


def _kind(name: str, header: Sequence[str]) -> str | None:
    """The kind of file that has these headings, or else this name."""
    there = {name.casefold() for name in header}
    urn = "urn" in there
    if urn and "linkurn" in there:
        return LINKS
    if urn and "group uid" in there:
        return MEMBERSHIPS
    if urn and "establishmentname" in there:
        return ESTABLISHMENTS
    if not urn and there & {"group uid", "group_uid"}:
        return GROUPS
    return next((kind for start, kind in NAMED if name.casefold().startswith(start)), None)
