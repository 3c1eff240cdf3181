"""Undoing an import of official files: everything as it was, unless something stands on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, connections, transaction
from django.db.backends.utils import CursorWrapper

from contacts.imports import writing
from contacts.imports.official import comparing
from contacts.models import OfficialImport
from organisations import audit
from organisations.actor import Actor


class Refused(Exception):
    """What was asked for cannot be done as things stand; the text says why."""


def undo(ref: str, *, using: str = writing.ALIAS, by: Actor | None = None) -> int:
    """Put back everything as it was before an import; returns how many changes that undid.

    Raises Refused when something stands on it: a later import, a decision, or what people did
    with an organisation that it opened.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [writing.LOCK])
        cursor.execute(
            "SELECT id, applied_at, undone_at FROM contacts_officialimport WHERE ref = %s "
            "FOR UPDATE",
            [ref],
        )
        found = cursor.fetchone()
        if found is None:
            raise Refused(f"There is no import {ref}")
        number, applied_at, undone_at = found
        if applied_at is None:
            raise Refused(f"Import {ref} has changed nothing yet")
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
            "UPDATE contacts_officialimport SET undone_at = clock_timestamp(), undone_by_id = %s, "
            "state = 'undone', work_for_id = NULL, attempts = 0, failure = '' WHERE id = %s",
            [by.user_id if by else None, number],
        )
        made = OfficialImport(pk=number)
        audit.record("official files taken back", by=by, obj=made, using=using)
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
