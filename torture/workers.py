"""Celery's workers and clocks as processes of their own: started, killed, started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ops.home import CHECKOUT

CELERY = [sys.executable, "-m", "celery", "--app=config"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
PROCESSES = 2  # of each worker that send


class Group:
    """One worker or clock with its children."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self.start()

    def start(self) -> None:
        """Start it in a process group of its own."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=CHECKOUT,
                env=dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def children(self) -> list[int]:
        """The processes that send."""
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        try:
            return [int(pid) for pid in path.read_text().split()]
        except OSError:
            return []

    def kill_all(self) -> None:
        """Kill it with its children, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Workers:
    """Two workers and two clocks."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        log = folder / "celery.log"
        worker = [*CELERY, "worker", f"--concurrency={PROCESSES}", "--loglevel=WARNING", *QUIET]
        clock = [*CELERY, "beat", "--loglevel=WARNING", "--pidfile="]
        self.workers = [
            Group([*worker, f"--hostname=worker-{n}@%h"], environment, log) for n in (1, 2)
        ]
        self.clocks = [
            Group([*clock, f"--schedule={folder / f'clock-{n}'}"], environment, log) for n in (1, 2)
        ]

    def kill_one(self) -> int | None:
        """Kill a process that sends, wherever it is; its worker starts another."""
        children = [pid for worker in self.workers for pid in worker.children()]
        if not children:
            return None
        victim = random.choice(children)  # noqa: S311  # no secret
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            return None
        return victim

    def kill_worker(self) -> list[int]:
        """Kill a whole worker and start it again."""
        worker = random.choice(self.workers)  # noqa: S311  # no secret
        victims = worker.children()
        worker.kill_all()
        worker.start()
        return victims

    def stop(self) -> None:
        """Kill everything."""
        for group in (*self.workers, *self.clocks):
            group.kill_all()


@contextmanager
def at_work(environment: Mapping[str, str], folder: Path) -> Iterator[Workers]:
    """Workers and clocks inside the block."""
    workers = Workers(environment, folder)
    try:
        yield workers
    finally:
        workers.stop()
