"""What many tests arrange alike is arranged once, and put back as it was for each of them.

    photographs.show(arrange, cast)

The first time this calls `arrange(cast)` and keeps a copy of every row that is there then, and
of what the call returned. Later it puts the rows back and returns a copy of the result: all as
if it had just been arranged, times included.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import psycopg
from django.db import models
from django.utils import timezone

Result = TypeVar("Result")
# How far the clocks may be apart before a test must be travelling in time.
SAME_TIME = timedelta(minutes=1)
OF_PUBLIC = "WHERE c.relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"


@dataclass(frozen=True)
class Photograph:
    """The rows of one arrangement, in tables of the superuser's session, and what it returned."""

    put_back: str
    given: tuple[Any, ...]
    result: Any
    taken_at: datetime


class Photographs:
    """All that were taken of one worker's database.

    `changed` says of a table that is never emptied which of its rows an arrangement changed.
    """

    def __init__(
        self,
        superuser: psycopg.Connection[Any],
        emptied: Iterable[str],
        changed: dict[str, str],
    ) -> None:
        self._superuser = superuser
        self._tables = {**dict.fromkeys(emptied, "true"), **changed}
        self._columns = self._all_columns()
        self._taken: dict[Callable[..., Any], Photograph] = {}
        self._numbers = count()

    def show(self, arrange: Callable[..., Result], *given: Any) -> Result:
        """What `arrange(*given)` returns, and its rows in the database.

        Where a test travels in time everything is arranged anew: the database's own clock
        would not have travelled with it.
        """
        if not self._in_the_present():
            return arrange(*given)
        if arrange not in self._taken:
            result = arrange(*given)
            self._taken[arrange] = self._take(given, result)
            return result
        return self._again(self._taken[arrange], given)

    @contextmanager
    def kept(self) -> Iterator[Callable[[], None]]:
        """`with photographs.kept() as put_back`: call it to have all rows as they were at first.

        Only of tables that had rows then. By a clock that stands still.
        """
        photograph = self._take((), None)
        yield lambda: self._again(photograph, ())

    def _in_the_present(self) -> bool:
        row = self._superuser.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return abs(timezone.now() - row[0]) < SAME_TIME

    def _take(self, given: tuple[Any, ...], result: Any) -> Photograph:
        number, statements = next(self._numbers), []
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\" WHERE {which})"
            for table, which in self._tables.items()
        )
        filled = [name for (name,) in self._superuser.execute(asked.encode()).fetchall()]
        for table in filled:
            kept, which = f'pg_temp."{number}_{table}"', self._tables[table]
            self._superuser.execute(
                f'CREATE TEMP TABLE "{number}_{table}" AS SELECT * FROM "{table}" '
                f"WHERE {which}".encode()
            )
            names = ", ".join(f'"{name}"' for name in self._columns[table])
            values = ", ".join(
                f'"{name}" + $SINCE' if of_time else f'"{name}"'
                for name, of_time in self._columns[table].items()
            )
            statements.append(
                f'DELETE FROM "{table}" WHERE id IN (SELECT id FROM {kept})'
                if which != "true"
                else f'DELETE FROM "{table}"'
            )
            statements.append(
                f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE '
                f"SELECT {values} FROM {kept}"
            )
        return Photograph("; ".join(statements), given, _copy(result, given, given), timezone.now())

    def _again(self, photograph: Photograph, given: tuple[Any, ...]) -> Any:
        since = timezone.now() - photograph.taken_at
        put_back = photograph.put_back.replace(
            "$SINCE", f"interval '{since.total_seconds():f} seconds'"
        )
        # As a replica: no trigger runs and no foreign key is asked, so the order does not matter.
        self._superuser.execute(
            f"SET session_replication_role = replica; {put_back}; "
            "SET session_replication_role = origin".encode()
        )
        return _copy(photograph.result, photograph.given, given, later=since)

    def _all_columns(self) -> dict[str, dict[str, bool]]:
        """The columns that can be written, by table, and whether each is a moment."""
        rows = self._superuser.execute(
            "SELECT relname, attname, atttypid = 'timestamptz'::regtype FROM pg_attribute "
            f"JOIN pg_class c ON c.oid = attrelid {OF_PUBLIC} "
            "AND attnum > 0 AND NOT attisdropped AND attgenerated = ''".encode()
        ).fetchall()
        columns: dict[str, dict[str, bool]] = {}
        for table, name, of_time in rows:
            columns.setdefault(table, {})[name] = of_time
        return columns


def _copy(
    result: Any, kept: tuple[Any, ...], given: tuple[Any, ...], *, later: timedelta = timedelta(0)
) -> Any:
    """A copy of a result, in which what was given then is what is given now."""
    known: dict[int, Any] = {id(old): new for old, new in zip(kept, given, strict=True)}
    theirs = {id(new) for new in given}
    made = copy.deepcopy(result, known)
    for each in list(known.values()):
        if isinstance(each, models.Model) and id(each) not in theirs:
            for field in each._meta.concrete_fields:
                moment = each.__dict__.get(field.attname)
                if isinstance(moment, datetime):
                    setattr(each, field.attname, moment + later)
    return made
