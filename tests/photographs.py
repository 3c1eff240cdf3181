"""What many tests arrange alike is arranged once, and put back as it was for each of them.

    photographs.show(arrange, cast)

The first time this calls `arrange(cast)` and keeps a copy of every row that is there then, and
of what the call returned. Later it puts the rows back and returns a copy of the result: all as
if it had just been arranged, times included. Times of whole minutes stay as they are: somebody
chose them, or a test stopped the clock there.

What was arranged for one cast is shown again only with that cast, whose ids are in it, and at a
moment at which the clock stands only what was arranged at that moment. Rows that something else
has added since the cast was shown are not there afterwards: show first, then add. Sessions are
left alone: whoever is signed in stays so.
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
SESSIONS = "django_session"
OF_PUBLIC = "WHERE c.relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"

# What of a time: those of whole minutes stay, the others are moved by what has passed since.
MOVED = "CASE WHEN {0} = date_trunc('minute', {0}) THEN {0} ELSE {0} + $SINCE END"


@dataclass(frozen=True)
class Photograph:
    """The rows of one arrangement, in tables of the caretaker's session, and what it returned."""

    put_back: str
    given: tuple[Any, ...]
    result: Any
    taken_at: datetime


class Photographs:
    """All that were taken of one worker's database.

    The caretaker's session runs no trigger and asks no foreign key, so no order matters.
    `changed` says of a table that is never emptied which of its rows an arrangement changed.
    """

    def __init__(
        self,
        caretaker: psycopg.Connection[Any],
        emptied: Iterable[str],
        changed: dict[str, str],
    ) -> None:
        self._caretaker = caretaker
        kept = [table for table in emptied if table != SESSIONS]
        self._tables = {**dict.fromkeys(kept, "true"), **changed}
        self._columns = self._all_columns()
        self._taken: dict[tuple[Any, ...], Photograph] = {}
        self._asked: set[tuple[Any, ...]] = set()
        self._shown: list[tuple[Any, Photograph]] = []
        self._numbers = count()

    def show(self, arrange: Callable[..., Result], *given: Any) -> Result:
        """What `arrange(*given)` returns, and its rows in the database."""
        now, really = timezone.now(), self._database_clock()
        in_the_present = abs(now - really) < SAME_TIME
        on = [photograph for each in given for shown, photograph in self._shown if shown is each]
        key = (arrange, None if in_the_present else now, *map(id, on))
        if key in self._taken:
            result = self._again(self._taken[key], given, really)
        else:
            result = arrange(*given)
            # For a cast that is not photographed nothing can be shown again; and another moment
            # than the present has to come twice, as it does where a test stops the clock. One that
            # only began there and ticks has left it by now, and so have the times of the rows.
            stands = whole_minute(now) and timezone.now() == now
            expected = in_the_present or (stands and key in self._asked)
            self._asked.add(key)
            if not expected or (given and not on):
                return result
            self._taken[key] = self._take(given, result)
        self._shown.append((result, self._taken[key]))
        return result

    def put_away(self) -> None:
        """A test ends: nothing that it was shown is in use any more."""
        self._shown.clear()

    @contextmanager
    def kept(self) -> Iterator[Callable[[], None]]:
        """`with photographs.kept() as put_back`: call it to have all rows as they were at first.

        Only of tables that had rows then. By a clock that stands still.
        """
        photograph = self._take((), None)
        yield lambda: self._again(photograph, (), photograph.taken_at)

    def _database_clock(self) -> datetime:
        """The real time: the database never travels."""
        row = self._caretaker.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        moment: datetime = row[0]
        return moment

    def _take(self, given: tuple[Any, ...], result: Any) -> Photograph:
        number, statements = next(self._numbers), []
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\" WHERE {which})"
            for table, which in self._tables.items()
        )
        filled = [name for (name,) in self._caretaker.execute(asked.encode()).fetchall()]
        for table in filled:
            kept, which = f'pg_temp."{number}_{table}"', self._tables[table]
            self._caretaker.execute(
                f'CREATE TEMP TABLE "{number}_{table}" AS SELECT * FROM "{table}" '
                f"WHERE {which}".encode()
            )
            names = ", ".join(f'"{name}"' for name in self._columns[table])
            values = ", ".join(
                MOVED.format(f'"{name}"') if of_time else f'"{name}"'
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
        made = copy.deepcopy(result, {id(each): each for each in given})
        return Photograph("; ".join(statements), given, made, self._database_clock())

    def _again(self, photograph: Photograph, given: tuple[Any, ...], now: datetime) -> Any:
        since = now - photograph.taken_at
        put_back = photograph.put_back.replace(
            "$SINCE", f"interval '{since.total_seconds():f} seconds'"
        )
        self._caretaker.execute(put_back.encode())
        # In the copy, what was given then is what is given now.
        known: dict[int, Any] = {
            id(old): new for old, new in zip(photograph.given, given, strict=True)
        }
        theirs = {id(new) for new in given}
        made = copy.deepcopy(photograph.result, known)
        for each in list(known.values()):
            if isinstance(each, models.Model) and id(each) not in theirs:
                _move(each, since)
        return made

    def _all_columns(self) -> dict[str, dict[str, bool]]:
        """The columns that can be written, by table, and whether each is a moment."""
        rows = self._caretaker.execute(
            "SELECT relname, attname, atttypid = 'timestamptz'::regtype FROM pg_attribute "
            f"JOIN pg_class c ON c.oid = attrelid {OF_PUBLIC} "
            "AND attnum > 0 AND NOT attisdropped AND attgenerated = ''".encode()
        ).fetchall()
        columns: dict[str, dict[str, bool]] = {}
        for table, name, of_time in rows:
            columns.setdefault(table, {})[name] = of_time
        return columns


def whole_minute(moment: datetime) -> bool:
    return not moment.second and not moment.microsecond


def _move(model: models.Model, since: timedelta) -> None:
    for field in model._meta.concrete_fields:
        moment = model.__dict__.get(field.attname)
        if isinstance(moment, datetime) and not whole_minute(moment):
            setattr(model, field.attname, moment + since)
