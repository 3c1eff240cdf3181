"""The long-running parts of one copy, and what happens when one of them ends."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ops.home import CHECKOUT, Home
from ops.leash import Leashed
from ops.prerequisites import loopback_addresses
from ops.say import say

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0  # seconds of life after which an end counts as the first one again
TELL_LOG_AFTER = 3


class Part:
    """One part: started, watched, and started again with a growing pause when it ends."""

    def __init__(
        self, name: str, *, log: Path, launch: Callable[[], Leashed], sign: str = ""
    ) -> None:
        self.name = name
        self.log = log
        self._sign = sign
        self._log_began = 0
        self._launch = launch
        self._leashed: Leashed | None = None
        self._ends = 0
        self._started = self._next_start = 0.0

    @property
    def leashed(self) -> Leashed:
        assert self._leashed is not None, f"{self.name} was never started"
        return self._leashed

    def start(self) -> None:
        self._started = time.monotonic()
        self._log_began = self.log.stat().st_size if self.log.is_file() else 0
        self._leashed = self._launch()

    def has_said_so(self) -> bool:
        """Whether it has written its sign of being up since it was started last."""
        with self.log.open("rb") as log:
            log.seek(self._log_began)
            return self._sign.encode() in log.read()

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return None if self._leashed is None else self._leashed.poll()

    def tend(self) -> None:
        """Start it again if it has ended and its pause is over."""
        code = self.ended()
        if code is None:
            return
        now = time.monotonic()
        if not self._next_start:
            if now - self._started > STEADY_AFTER:
                self._ends = 0
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._ends)
            self._ends += 1
            self._next_start = now + pause
            say(f"{self.name} {how(code)}; starting it again in {pause:g} s.")
            if self._ends >= TELL_LOG_AFTER:
                say(f"{self.name} keeps stopping. The reason is at the end of {self.log}")
        elif now >= self._next_start:
            self._next_start = 0.0
            self.start()

    def stop(self) -> None:
        if self._leashed is not None:
            self._leashed.stop()
            self._leashed = None


def how(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"stopped with exit code {code}"


def web(home: Home, *, port: int, environment: Mapping[str, str], held: Sequence[int]) -> Part:
    """gunicorn on the loopback addresses; the code is loaded once and shared by its workers."""
    addresses = [
        f"--bind={f'[{address}]' if ':' in address else address}:{port}"
        for _, address in loopback_addresses()
    ]
    command = [
        "gunicorn", "config.wsgi", "--config=python:config.web_server", "--preload",
        "--workers=2", "--threads=4", "--worker-class=gthread", "--graceful-timeout=5",
        "--no-control-socket", *addresses,
    ]  # fmt: skip
    # A worker's own connection to the database as `web` is all that pages need.
    mine = without(environment, "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
    return _python_part("web", home, command, environment=mine, held=held)


def worker(home: Home, *, environment: Mapping[str, str], held: Sequence[int]) -> Part:
    """Celery's worker, with the address of the outbox.

    The heartbeat of one that was killed outlives it for a while, so its own word counts.
    """
    command = [
        "celery", "--app=config", "worker", "--concurrency=2", "--loglevel=INFO",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    mine = without(environment, "OWNER_DATABASE_URL")
    return _python_part("worker", home, command, environment=mine, held=held, sign=" ready.")


def beat(home: Home, *, environment: Mapping[str, str], held: Sequence[int]) -> Part:
    """Celery's clock; what it did last is kept in the data folder."""
    command = [
        "celery", "--app=config", "beat", "--loglevel=INFO",
        f"--schedule={home.path / 'beat-schedule'}", "--pidfile=",
    ]  # fmt: skip
    mine = without(environment, "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
    return _python_part("beat", home, command, environment=mine, held=held)


def without(environment: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}


def _python_part(
    name: str,
    home: Home,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    held: Sequence[int],
    sign: str = "",
) -> Part:
    log = home.logs / f"{name}.log"

    def launch() -> Leashed:
        return Leashed(
            [sys.executable, "-m", *command],
            log=log,
            env=environment,
            folder=CHECKOUT,
            held=held,
        )

    return Part(name, log=log, launch=launch, sign=sign)
