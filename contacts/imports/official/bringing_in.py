"""Bringing official files in, in one transaction and under the lock that every load takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from contacts.imports import merging, slugs, writing
from contacts.imports.boards import Boards
from contacts.imports.files import BadFile
from contacts.imports.official import comparing, gias, ods, tables
from contacts.imports.official.sources import Source, sources
from contacts.imports.official.tables import Notes, Once
from contacts.models import OfficialImport
from organisations import audit
from organisations.models import Kind
from organisations.references import new_ref

if TYPE_CHECKING:
    from contacts.imports.england import Progress

GIAS, ODS = "gias", "ods"
KINDS: dict[str, list[str]] = {
    GIAS: [Kind.SCHOOL, Kind.SCHOOL_TRUST],
    ODS: [Kind.NHS_TRUST, Kind.ICB],
}
MERGED = ("organisations", "boards of NHS trusts", "schools", "successions")


Reading = gias.Reading | ods.Reading


@dataclass(slots=True)
class Result:
    """What came of reading files: what each is, what they change, what was left out.

    `ref` is of the import that was kept; none where nothing changed.
    """

    ref: str | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    changed: bool = False
    notes: Notes = field(default_factory=Notes)
    rows: int = 0

    @property
    def said(self) -> list[str]:
        """What was left out, in words, and how much more of it there is."""
        more = self.notes.total - len(self.notes.said)
        return [*self.notes.said, *([f"And {more} more"] if more else [])]


def bring_in(
    publisher: str,
    paths: Sequence[Path],
    report: Progress,
    *,
    using: str = writing.ALIAS,
) -> Result:
    """Merge the files, and keep what changed. Raises BadFile, and then has written nothing.

    For the command line: nobody is named for it.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        result = merge(cursor, publisher, paths, report)
        result.ref = new_ref()
        cursor.execute(
            "INSERT INTO contacts_officialimport (ref, publisher, kinds, made_at, files, counts, "
            "notes, came_by, state, attempts, failure, compared, applied_at) "
            "VALUES (%s, %s, %s, clock_timestamp(), '[]', '{}', '[]', 'command', 'applied', 0, "
            "'', '', clock_timestamp()) RETURNING id",
            [result.ref, publisher, KINDS[publisher]],
        )
        (number,) = cursor.fetchone()
        list_changes(cursor, number, result)
        if not result.changed:
            cursor.execute("DELETE FROM contacts_officialimport WHERE id = %s", [number])
            result.ref = None
            return result
        made = OfficialImport(pk=number)
        audit.record("official files brought in", by=None, obj=made, using=using)
        cursor.execute(merging.TIDY)
    return result


def merge(cursor: CursorWrapper, publisher: str, paths: Sequence[Path], report: Progress) -> Result:
    """Read the files and write what they say into England's tables. Raises BadFile.

    In the open transaction, under the lock that every load takes.
    """
    result = Result()
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [writing.LOCK])
    writing.make(cursor, merging.STAGING)
    readings = _read(publisher, paths, cursor, report, result.notes)
    result.rows = sum(each.rows for each in readings)
    result.files = [_facts(each) for each in readings]
    _refuse_older(cursor, publisher, readings, result.files)
    day = max((each.newest for each in readings if each.newest), default=tables.today())
    named = [tables.named_day(each.source.name) for each in readings]
    day = max((each for each in named if each), default=day)
    report("Comparing")
    writing.make(cursor, comparing.REMEMBER)
    (_shape_gias if publisher == GIAS else _shape_ods)(cursor, day, result.notes)
    _name_new(cursor)
    for number, step in enumerate(each for each in merging.STEPS if each.what in MERGED):
        report(f"Writing {step.what}", number, len(MERGED))
        cursor.execute(step.sql)
    report("Listing what changed")
    return result


def list_changes(cursor: CursorWrapper, number: int, result: Result) -> None:
    """List under an import what the merge has changed in this transaction."""
    this = {"import": number}
    cursor.execute(comparing.CHANGED, this)
    changed = cursor.rowcount
    cursor.execute(comparing.SUCCEEDED, this)
    changed += cursor.rowcount
    cursor.execute(comparing.DISAGREED, this)
    result.conflicts = cursor.rowcount
    result.changed = bool(changed or result.conflicts)
    cursor.execute(comparing.COUNTS, [number])
    result.counts = dict(cursor.fetchall())
    describe(cursor, number, result)


def describe(cursor: CursorWrapper, number: int, result: Result) -> None:
    """Write to an import which files it has, how much they change, and what was left out."""
    counts = {**result.counts, "conflicts": result.conflicts}
    cursor.execute(
        "UPDATE contacts_officialimport SET files = %s, counts = %s, notes = %s WHERE id = %s",
        [json.dumps(result.files), json.dumps(counts), json.dumps(result.said), number],
    )


def _read(
    publisher: str,
    paths: Sequence[Path],
    cursor: CursorWrapper,
    report: Progress,
    notes: Notes,
) -> list[Reading]:
    """Copy every file into its temporary table."""
    writing.make(cursor, gias.STAGING)
    writing.make(cursor, ods.STAGING)
    readings: list[Reading] = []
    once = Once()
    for source in chain.from_iterable(map(sources, paths)):
        if publisher == GIAS:
            of_gias = gias.recognised(source, notes)
            if of_gias is None:
                continue
            if any(each.kind == of_gias.kind == gias.ESTABLISHMENTS for each in readings):
                raise BadFile(source.file, "is a second file of schools. Bring in one at a time")
            if any(each.kind == of_gias.kind == gias.GROUPS for each in readings):
                raise BadFile(source.file, "is a second file of groups. Bring in one at a time")
            shape = gias.SHAPES[of_gias.kind]
            table, rows = shape.table, shape.rows(of_gias)
            reading: Reading = of_gias
        else:
            of_ods = ods.recognised(source, notes)
            table, rows = "official_nhs", of_ods.read(once)
            reading = of_ods
        readings.append(reading)
        reading.done = _says(report, source)
        writing.copy(cursor, table, rows)
    if not readings:
        raise BadFile(paths[0], "holds nothing that is kept here")
    cursor.execute("ANALYZE official_school, official_group, official_membership, official_nhs")
    return readings


def _says(report: Progress, source: Source) -> Callable[[int], None]:
    # A row of an official file has some hundreds of bytes; the bar is full when it is read.
    expected = max(source.size // 1000, 1000)
    return lambda done: report(f"Reading {source.name}", done, max(expected, done))


def _facts(reading: Reading) -> dict[str, Any]:
    named = tables.named_day(reading.source.name)
    return {
        "name": reading.source.file.name,
        "kind": reading.kind,
        "sha256": reading.source.digest,
        "rows": reading.rows,
        "named_on": named.isoformat() if named else None,
        "newest_on": reading.newest.isoformat() if reading.newest else None,
    }


def _refuse_older(
    cursor: CursorWrapper, publisher: str, readings: Sequence[Reading], files: Sequence[Any]
) -> None:
    """A file from before the last one of its kind would put old facts back. Raises BadFile."""
    cursor.execute(
        "SELECT f ->> 'kind', max(f ->> 'named_on'), max(f ->> 'newest_on') "
        "FROM contacts_officialimport i, jsonb_array_elements(i.files) f "
        "WHERE i.publisher = %s AND i.applied_at IS NOT NULL AND i.undone_at IS NULL "
        "GROUP BY f ->> 'kind'",
        [publisher],
    )
    last = {kind: {"named_on": named, "newest_on": newest} for kind, named, newest in cursor}
    for reading, facts in zip(readings, files, strict=True):
        known = last.get(reading.kind, {})
        for what in ("named_on", "newest_on"):
            mine, theirs = facts[what], known.get(what)
            if not (mine and theirs):
                continue
            if mine < theirs:
                then, now = (f"{date.fromisoformat(d):%d/%m/%Y}" for d in (mine, theirs))
                raise BadFile(
                    reading.source.file,
                    f"is of {then}, and one of {now} was brought in already. "
                    "Bring in a newer one, or undo that import first",
                )
            break


def _shape_gias(cursor: CursorWrapper, day: date, notes: Notes) -> None:
    for sql in (
        comparing.TRUSTS,
        comparing.TRUSTS_NAMED_BY_SCHOOLS,
        comparing.SCHOOLS,
    ):
        cursor.execute(sql, {"day": day} if "%(day)s" in sql else None)
    cursor.execute("ANALYZE incoming_organisation")
    for sql in (comparing.MORE_OF_SCHOOLS, comparing.TRUSTS_OF_SCHOOLS, comparing.LINKS):
        cursor.execute(sql)
    cursor.execute(
        "SELECT f.council, f.council_name, count(*) FROM official_school f "
        "WHERE f.is_open AND f.wanted AND NOT EXISTS (SELECT 1 FROM held_before c "
        "WHERE c.kind = 'council' AND c.code = f.council) GROUP BY 1, 2 ORDER BY 3 DESC"
    )
    for code, name, count in cursor.fetchall():
        notes.add(f"Council {code} ({name}) is not known here: {count} schools")
    _refuse_cycles(cursor)


def _refuse_cycles(cursor: CursorWrapper) -> None:
    """Nobody may come after themselves, however long the chain. Raises BadFile."""
    cursor.execute(
        "SELECT predecessor, successor FROM incoming_succession UNION "
        "SELECT code, successor FROM succession_before WHERE kind = 'school'"
    )
    after: dict[str, list[str]] = {}
    for predecessor, successor in cursor.fetchall():
        after.setdefault(predecessor, []).append(successor)
    if chain_found := cycle_in(after):
        cursor.execute(
            "SELECT file, row FROM official_link WHERE (predecessor, successor) IN "
            "(SELECT unnest(%s::text[]), unnest(%s::text[])) ORDER BY row DESC LIMIT 1",
            [chain_found[:-1], chain_found[1:]],
        )
        file, row = cursor.fetchone() or ("", None)
        reason = f"schools would succeed each other in a circle: {' → '.join(chain_found)}"
        raise BadFile(Path(file), reason, row=row, column="LinkURN")


def cycle_in(after: Mapping[str, Sequence[str]]) -> list[str] | None:
    """A circle of successors, from one of them round to itself; None where there is none."""
    done: set[str] = set()
    for start in after:
        if start in done:
            continue
        path: list[str] = [start]
        on_path = {start}
        waiting: list[Iterator[str]] = [iter(after[start])]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                done.add(path[-1])
                on_path.discard(path.pop())
            elif following in on_path:
                return [*path[path.index(following) :], following]
            elif following not in done:
                path.append(following)
                on_path.add(following)
                waiting.append(iter(after.get(following, ())))
    return None


def _shape_ods(cursor: CursorWrapper, day: date, notes: Notes) -> None:
    cursor.execute(comparing.NHS, {"day": day})
    cursor.execute(comparing.TRUSTS_IN_FILE)
    found = cursor.fetchall()
    if not found:
        return
    boards = _boards(cursor)
    rows = []
    for code, geography, postcode, file, row in found:
        try:
            rows.append((code, *boards.belongs_to(geography, postcode)))
        except KeyError:
            notes.add(f"{Path(file).name}, row {row}: {geography!r} is the code of no board")
    writing.copy(cursor, "incoming_board", rows)


def _boards(cursor: CursorWrapper) -> Boards:
    """The boards, and where they lie, as the database has them."""
    cursor.execute(
        "SELECT code FROM held_before WHERE kind = 'icb' "
        "AND (closed_on IS NULL OR closed_on > CURRENT_DATE)"
    )
    current = frozenset(code for (code,) in cursor.fetchall())
    cursor.execute("SELECT code, successor FROM succession_before WHERE kind = 'icb'")
    successors = _gathered(cursor)
    cursor.execute(
        "SELECT c.code, b.code FROM contacts_placeregion s "
        "JOIN contacts_place p ON p.id = s.place_id "
        "JOIN organisations_organisation c ON c.id = p.council_id "
        "JOIN contacts_region r ON r.id = s.region_id "
        "JOIN organisations_organisation b ON b.id = r.icb_id"
    )
    of_council = _gathered(cursor)
    cursor.execute(
        "SELECT w.outward, c.code FROM contacts_outwardcode w "
        "JOIN contacts_place p ON p.id = w.place_id "
        "JOIN organisations_organisation c ON c.id = p.council_id"
    )
    return Boards(current, successors, of_council, _gathered(cursor))


def _gathered(cursor: CursorWrapper) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in cursor.fetchall():
        found.setdefault(key, []).append(value)
    return found


def _name_new(cursor: CursorWrapper) -> None:
    """An address for every organisation that is new."""
    cursor.execute("SELECT kind, code, name FROM incoming_organisation WHERE slug IS NULL")
    new = [((kind, code), name) for kind, code, name in cursor.fetchall()]
    if not new:
        return
    cursor.execute("SELECT kind, code, slug FROM held_before")
    taken = {(kind, code): slug for kind, code, slug in cursor.fetchall()}
    named = slugs.assign(new, taken)
    writing.make(
        cursor, "CREATE TEMP TABLE new_slug (kind text, code text, slug text) ON COMMIT DROP"
    )
    writing.copy(cursor, "new_slug", ((*key, slug) for key, slug in named.items()))
    cursor.execute(
        "UPDATE incoming_organisation i SET slug = n.slug FROM new_slug n "
        "WHERE n.kind = i.kind AND n.code = i.code"
    )
