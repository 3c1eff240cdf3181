"""Bringing official files in, in one transaction and under the lock that every load takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connections, transaction
from django.db.backends.utils import CursorWrapper

from contacts.imports import merging, slugs, writing
from contacts.imports.boards import Boards
from contacts.imports.files import BadFile
from contacts.imports.official import comparing, gias, ods, tables
from contacts.imports.official.sources import Source, sources
from contacts.imports.official.tables import Notes, Once
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


class Refused(Exception):
    """What was asked for cannot be done as things stand; the text says why."""


Reading = gias.Reading | ods.Reading


@dataclass(slots=True)
class Result:
    """What came of bringing files in; no `ref` where nothing changed."""

    ref: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    conflicts: int = 0
    notes: Notes = field(default_factory=Notes)
    rows: int = 0


def bring_in(
    publisher: str,
    paths: Sequence[Path],
    report: Progress,
    *,
    using: str = writing.ALIAS,
    made_by: int | None = None,
) -> Result:
    """Merge the files, and keep what changed. Raises BadFile, and then has written nothing."""
    result = Result()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [writing.LOCK])
        writing.make(cursor, merging.STAGING)
        readings = _read(publisher, paths, cursor, report, result.notes)
        result.rows = sum(each.rows for each in readings)
        files = [_facts(each) for each in readings]
        _refuse_older(cursor, publisher, readings, files)
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
        _keep_record(cursor, publisher, files, made_by, result)
        if result.ref and using == writing.ALIAS:
            cursor.execute(merging.TIDY)
    return result


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
        "WHERE i.publisher = %s AND i.undone_at IS NULL GROUP BY f ->> 'kind'",
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


def _keep_record(
    cursor: CursorWrapper,
    publisher: str,
    files: Sequence[Any],
    made_by: int | None,
    result: Result,
) -> None:
    """What changed, under a new import; without any change there is none."""
    ref = new_ref()
    notes = [*result.notes.said]
    if result.notes.total > len(notes):
        notes.append(f"And {result.notes.total - len(notes)} more")
    cursor.execute(
        "INSERT INTO contacts_officialimport (ref, publisher, kinds, made_by_id, made_at, files, "
        "counts, notes) VALUES (%s, %s, %s, %s, clock_timestamp(), %s, '{}', %s) RETURNING id",
        [ref, publisher, KINDS[publisher], made_by, json.dumps(files), json.dumps(notes)],
    )
    (number,) = cursor.fetchone()
    this = {"import": number}
    cursor.execute(comparing.CHANGED, this)
    changed = cursor.rowcount
    cursor.execute(comparing.SUCCEEDED, this)
    changed += cursor.rowcount
    cursor.execute(comparing.DISAGREED, this)
    result.conflicts = cursor.rowcount
    if not changed and not result.conflicts:
        cursor.execute("DELETE FROM contacts_officialimport WHERE id = %s", [number])
        return
    cursor.execute(comparing.COUNTS, [number])
    result.ref, result.counts = ref, dict(cursor.fetchall())
    counts = {**result.counts, "conflicts": result.conflicts}
    cursor.execute(
        "UPDATE contacts_officialimport SET counts = %s WHERE id = %s", [json.dumps(counts), number]
    )


def undo(ref: str, *, using: str = writing.ALIAS, undone_by: int | None = None) -> int:
    """Put back everything as it was before an import; returns how many changes that undid.

    Raises Refused when something stands on it: a later import, a decision, or what people did
    with an organisation that it opened.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [writing.LOCK])
        cursor.execute(
            "SELECT id, undone_at FROM contacts_officialimport WHERE ref = %s FOR UPDATE", [ref]
        )
        found = cursor.fetchone()
        if found is None:
            raise Refused(f"There is no import {ref}")
        number, undone_at = found
        if undone_at:
            raise Refused(f"Import {ref} is undone already")
        this = {"import": number}
        cursor.execute(comparing.STANDS_ON_IT, this)
        if later := cursor.fetchone():
            raise Refused(_stood_on(*later))
        try:
            with transaction.atomic(using=using):
                for sql in comparing.PUT_BACK:
                    cursor.execute(sql, this if "%(" in sql else None)
        except IntegrityError as problem:
            raise Refused("Something that it changed is in use") from problem
        _remove_added(cursor, using, this)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "UPDATE contacts_officialimport SET undone_at = clock_timestamp(), undone_by_id = %s "
            "WHERE id = %s",
            [undone_by, number],
        )
        cursor.execute(
            "SELECT count(*) FROM contacts_officialchange WHERE official_import_id = %s", [number]
        )
        return int(cursor.fetchone()[0])


def _stood_on(name: str, code: str, later: datetime | None) -> str:
    if later is None:
        return f"{name} ({code}) has been changed since. Nothing was undone"
    return (
        f"A later import, of {later:%d/%m/%Y at %H:%M}, changed {name} ({code}) too. "
        "Undo that one first"
    )


def _remove_added(cursor: CursorWrapper, using: str, this: Mapping[str, int]) -> None:
    """Remove the organisations that the import added. Raises Refused for one in use."""
    cursor.execute(comparing.ADDED, this)
    added = cursor.fetchall()
    remove = "DELETE FROM organisations_organisation WHERE id = ANY (%s)"
    try:
        with transaction.atomic(using=using):
            cursor.execute(remove, [[number for number, _ in added]])
    except IntegrityError:
        for number, name in added:
            try:
                with transaction.atomic(using=using):
                    cursor.execute(remove, [[number]])
            except IntegrityError as problem:
                raise Refused(
                    f"{name} was opened by this import, and people have used it since. "
                    "Nothing was undone"
                ) from problem
