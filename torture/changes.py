"""What was changed under torture, and whether a message went out that it should have stopped.

Superuser's work: a trigger notes when the handing over of each message began, which the ledger
itself has no need to know.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from ops.home import CHECKOUT
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox.identity import message_id, reference_of
from partnerships.touchpoints.announcements import TAKEN_OFF
from tests.touchpoints.scene import Scene
from torture.apps import KIND

ACTORS = ("school_editor", "health_editor", "health_manager")
SIDES = ("school", "health", "council")
WATCH = """
CREATE SCHEMA torture;
CREATE TABLE torture.begun (delivery bigint NOT NULL, at timestamptz NOT NULL);
CREATE FUNCTION torture.note() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO torture.begun VALUES (NEW.id, clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER torture_begun AFTER UPDATE OF phase ON organisations_delivery
    FOR EACH ROW WHEN (OLD.phase = 0 AND NEW.phase = 1) EXECUTE FUNCTION torture.note();
"""
CHANGING = "import django; django.setup(); from torture.changing import main; main()"
STARTING = 120.0  # seconds
FORGET = "DROP SCHEMA IF EXISTS torture CASCADE"
LEDGER = """
SELECT id, kind, subject, recipient, offset_minutes, revision, posting_id, state, uncertain_times
FROM organisations_delivery WHERE kind <> %s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of plans, and when it had certainly been committed."""

    what: str
    at: datetime
    refs: Sequence[str]
    revision: int | None = None
    postings: Sequence[int] | None = None

    def stops(self, delivery: Delivery) -> bool:
        """Whether nothing of this delivery may begin from then on."""
        if delivery.subject not in self.refs:
            return False
        if delivery.kind == TAKEN_OFF:
            # True whatever becomes of the touchpoint: nobody is invited a second time here.
            return False
        if self.revision is not None:
            return delivery.revision < self.revision
        return delivery.posting_id in (self.postings or ())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the messages about touchpoints."""

    changes: dict[str, int] = field(default_factory=dict)
    about_touchpoints: int = 0
    stopped_by_a_change: int = 0
    sent_though_changed: int = 0
    begun_before_changed: int = 0
    lost: int = 0
    duplicates: int = 0
    most_copies: int = 0
    under_other_ids: int = 0
    set_aside: int = 0


def judge(
    rows: Sequence[Delivery],
    begun: Mapping[int, Sequence[datetime]],
    changes: Sequence[Change],
    copies: Counter[str],
) -> Verdict:
    """Compare each message that arrived with what was changed before its handing over began."""
    by_subject: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        for ref in change.refs:
            by_subject[ref].append(change)
    tally: Counter[str] = Counter()
    most = 0
    known: set[str] = set()
    for row in rows:
        ids = {message_id(row), reference_of(row)}
        known |= ids
        arrived = sum(copies[each] for each in ids)
        most = max(most, arrived)
        tally["about_touchpoints"] += arrived
        tally["duplicates"] += max(0, arrived - 1)
        tally["lost"] += row.state == "sent" and not arrived
        tally["set_aside"] += row.state in ("dead", "uncertain")
        stopped = [each.at for each in by_subject[row.subject] if each.stops(row)]
        cancelled = row.state == "cancelled"
        if not stopped and not cancelled:
            continue
        first = min(stopped, default=None)
        too_late = first is not None and any(at > first for at in begun.get(row.pk, ()))
        if arrived and (too_late or (cancelled and arrived > row.uncertain_times)):
            tally["sent_though_changed"] += 1
        elif cancelled and row.uncertain_times:
            tally["begun_before_changed"] += 1
        elif cancelled and not arrived:
            tally["stopped_by_a_change"] += 1
    return Verdict(
        changes=dict(Counter(change.what for change in changes)),
        most_copies=most,
        under_other_ids=len(set(copies) - known),
        **tally,
    )


@dataclass
class Changes:
    """The process that changes touchpoints, and the notes of what it did."""

    scene: Scene
    superuser_url: str
    folder: Path

    @contextmanager
    def going_on(self, environment: Mapping[str, str]) -> Iterator[None]:
        """Touchpoints change inside the block, and every beginning is noted."""
        self._run(FORGET)
        self._run(WATCH)
        with (
            self._notes.open("w") as notes,
            (self.folder / "changing.log").open("w") as log,
            subprocess.Popen(
                [sys.executable, "-c", CHANGING],
                cwd=CHECKOUT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=notes,
                stderr=log,
                text=True,
            ) as process,
        ):
            assert process.stdin is not None
            print(json.dumps(self._who()), file=process.stdin, flush=True)
            try:
                self._wait_for_the_first(process)
                yield
            finally:
                process.stdin.close()
                failed = process.wait()
        if failed:
            raise RuntimeError(f"nothing was changed; see {self.folder / 'changing.log'}")

    def _wait_for_the_first(self, process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + STARTING
        while not self._notes.stat().st_size and process.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing was changed; see {self.folder / 'changing.log'}")
            time.sleep(0.05)

    def judge(self, copies: Counter[str]) -> Verdict:
        """What became of the messages, `copies` by what identifies one; forgets the beginnings."""
        begun: dict[int, list[datetime]] = defaultdict(list)
        with psycopg.connect(self.superuser_url, row_factory=dict_row) as asked:
            for row in asked.execute("SELECT delivery, at FROM torture.begun").fetchall():
                begun[row["delivery"]].append(row["at"])
            ledger = asked.execute(LEDGER, [KIND]).fetchall()
        self._run(FORGET)
        return judge([Delivery(**row) for row in ledger], begun, self._changes(), copies)

    @property
    def _notes(self) -> Path:
        return self.folder / "changes.jsonl"

    def _changes(self) -> list[Change]:
        said = (json.loads(line) for line in self._notes.read_text().splitlines())
        return [Change(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in said]

    def _run(self, statements: Any) -> None:
        with psycopg.connect(self.superuser_url) as connection:
            connection.execute(statements)

    def _who(self) -> dict[str, Any]:
        cast = self.scene.cast
        return {
            "actors": {part: _told(cast.actors[part]) for part in ACTORS},
            "partnership": self.scene.partnership.pk,
            "sides": {side: cast.organisation(side).pk for side in SIDES},
        }


def _told(actor: Actor) -> list[Any]:
    assert actor.organisation is not None
    organisation = actor.organisation
    words = [organisation.id, organisation.name, organisation.slug, organisation.kind]
    return [actor.user_id, words, actor.role]
