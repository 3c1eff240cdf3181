"""The storm: kills at random moments in the middle of a batch, and worse in between."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from organisations.actor import Actor
from torture.apps import KIND
from torture.asking import Asker
from torture.changes import Changes, Verdict
from torture.providers import Provider
from torture.workers import Workers, at_work

WHOLE_WORKER_EACH = 12  # kills
PATIENCE = 60.0  # seconds without a message being taken, or for the last ones
SETTLING = 300.0
LEASE_SECONDS = 3


@dataclass(frozen=True)
class Result:
    """What became of the messages."""

    kills: int
    lost: int
    duplicates: int
    most_copies: int
    under_other_ids: int
    sent_though_withdrawn: int
    begun_before_withdrawn: int
    asked: int
    withdrawn: int
    set_aside: int
    wipes: int
    restarts: int
    seconds: float
    # Of real touchpoints: what was changed, and what became of the messages.
    changes: dict[str, int] = field(default_factory=dict)
    about_touchpoints: int = 0
    stopped_by_a_change: int = 0
    sent_though_changed: int = 0
    begun_before_changed: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def holds(self) -> bool:
        """Whether the contract was kept: nothing lost, nothing too late, at most a copy a kill."""
        return (
            self.lost == self.under_other_ids == self.set_aside == 0
            and self.sent_though_withdrawn == self.sent_though_changed == 0
            and self.duplicates <= self.kills
        )


@dataclass
class Storm:
    """One storm against one provider."""

    provider: Provider
    environment: Mapping[str, str]
    folder: Path
    by: Actor
    superuser_url: str
    wipe: Callable[[], object]
    restart: Callable[[], object] | None = None
    changes: Changes | None = None

    def rage(self, kills: int) -> Result:
        """Kill that many workers in the middle of a batch; then wait for calm and count."""
        began = time.monotonic()
        asker = Asker(self.by, KIND, self.provider.taken)
        more = {
            "DJANGO_SETTINGS_MODULE": "torture.settings",
            "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS),
            "OUTBOX_BEAT_SECONDS": "1",
            "LOG_FORMAT": "json",
        }
        environment = {**self.environment, **self.provider.environment(), **more}
        wiped = restarted = killed = 0
        with at_work(environment, self.folder) as workers:
            asker.start()
            try:
                with self.changes.going_on(environment) if self.changes else nullcontext():
                    while killed < kills:
                        before, killed = killed, killed + self._kill(workers, killed)
                        if passed(before, killed, kills, parts=5):
                            self.wipe()
                            wiped += 1
                        if self.restart and passed(before, killed, kills, parts=3):
                            self.restart()
                            restarted += 1
            finally:
                asker.stop()
            self._wait_for_calm()
        return self._count(asker, killed, wiped, restarted, time.monotonic() - began)

    def _kill(self, workers: Workers, so_far: int) -> int:
        """Kill once while messages flow; how many died in the middle of a batch."""
        taken, waited = self.provider.taken(), time.monotonic()
        while self.provider.taken() < taken + 3:
            if time.monotonic() - waited > PATIENCE:
                raise TimeoutError(f"nothing was sent; see {self.folder / 'celery.log'}")
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.3))  # noqa: S311  # no secret
        if so_far % WHOLE_WORKER_EACH == WHOLE_WORKER_EACH - 1:
            return self._with_a_batch(workers.kill_worker())
        victim = workers.kill_one()
        return self._with_a_batch([victim] if victim else [])

    def _with_a_batch(self, victims: Sequence[int]) -> int:
        """How many of the dead hold a batch that they will never finish."""
        rows = self._ask(
            "SELECT DISTINCT split_part(claimed_by, ':', 2)::bigint FROM organisations_delivery "
            "WHERE state = 'taken'"
        )
        return len({pid for (pid,) in rows} & set(victims))

    def _wait_for_calm(self) -> None:
        deadline = time.monotonic() + SETTLING
        while time.monotonic() < deadline:
            ((left,),) = self._ask(
                "SELECT count(*) FROM organisations_delivery "
                "WHERE state = 'taken' OR (state = 'pending' AND (kind = %s OR due_at < now() "
                "+ interval '1 minute'))",
                KIND,
            )
            if not left:
                return
            time.sleep(0.5)

    def _count(
        self, asker: Asker, killed: int, wiped: int, restarted: int, seconds: float
    ) -> Result:
        rows = self._ask(
            "SELECT recipient, state, uncertain_times FROM organisations_delivery WHERE kind = %s",
            KIND,
        )
        arrived = self.provider.copies()
        copies = {to: ids for to, ids in arrived.items() if to in asker.asked}
        real = sum((ids for to, ids in arrived.items() if to not in asker.asked), Counter[str]())
        verdict = self.changes.judge(real) if self.changes else Verdict()
        cancelled = {to for to, state, _ in rows if state == "cancelled"}
        # A worker was killed while it handed that one over; it was withdrawn afterwards.
        begun_before = {to: times for to, _, times in rows if to in cancelled and times}
        withdrawn = cancelled | asker.withdrawn
        expected = asker.asked - withdrawn
        return Result(
            kills=killed,
            lost=len(expected - set(copies)) + verdict.lost,
            duplicates=sum(sum(ids.values()) - 1 for ids in copies.values()) + verdict.duplicates,
            most_copies=max([verdict.most_copies, *(sum(ids.values()) for ids in copies.values())]),
            under_other_ids=sum(len(ids) > 1 for ids in copies.values()) + verdict.under_other_ids,
            sent_though_withdrawn=sum(
                sum(ids.values()) > begun_before.get(to, 0)
                for to, ids in copies.items()
                if to in withdrawn
            ),
            begun_before_withdrawn=len(begun_before),
            asked=len(asker.asked),
            withdrawn=len(cancelled),
            set_aside=sum(state not in {"sent", "cancelled"} for _, state, _ in rows)
            + verdict.set_aside,
            wipes=wiped,
            restarts=restarted,
            seconds=round(seconds, 1),
            changes=verdict.changes,
            about_touchpoints=verdict.about_touchpoints,
            stopped_by_a_change=verdict.stopped_by_a_change,
            sent_though_changed=verdict.sent_though_changed,
            begun_before_changed=verdict.begun_before_changed,
        )

    def _ask(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """Behind everyone's back; waits for a server that starts anew."""
        while True:
            with suppress(psycopg.OperationalError), psycopg.connect(self.superuser_url) as asked:
                return asked.execute(query, values or None).fetchall()
            time.sleep(0.2)


def passed(before: int, after: int, of: int, *, parts: int) -> bool:
    """Whether another part of the way lies behind, short of its end."""
    return before * parts // of < after * parts // of < parts
