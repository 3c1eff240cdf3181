"""Runs all of Tandem on one machine and ends with all of it.

Starts PostgreSQL and Valkey, brings the database up to date, starts web, worker and beat,
says when it is ready, starts again what ends, and on Ctrl-C or SIGTERM stops everything in
order. Should it be killed itself, the leashes stop the rest.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from ops.home import CHECKOUT, Home
from ops.leash import Leashed, wait_until
from ops.parts import Part, beat, web, worker
from ops.postgres import tail
from ops.prepared import is_prepared, note_prepared
from ops.prerequisites import check_port, port_number
from ops.readiness import missing
from ops.say import CannotGoOn, explain, say, step
from ops.services import Services

LARGEST_LOG = 10_000_000
SECONDS_BETWEEN_LOG_CHECKS = 10
SECONDS_TO_READY = 90
DEMO_ACCOUNTS = (
    "school-trust@demo.example",
    "nhs-lead@demo.example",
    "public-health@demo.example",
    "board-lead@demo.example",
    "regional-admin@demo.example",
    "stranger@demo.example",
    "operator@demo.example",
)
DEMO_PASSWORD = "tandem-demo-only"


class StopAsked(Exception):
    """Ctrl-C, SIGTERM, the terminal gone, or `make` gone."""


class Supervisor:
    """One running copy of Tandem; its parts in the order in which they stop."""

    def __init__(self, home: Home, *, port: int, stop_with_parent: bool) -> None:
        self.home = home
        self.port = port
        self.demo = home.is_demo(asked=os.environ.get("DEMO"))
        self._parent = os.getppid() if stop_with_parent else None
        self._stop_asked = False
        self._terminal = os.isatty(1) and not hangups_ignored()
        self._parts: list[Part] = []
        self._services = Services(home)

    def listen_for_stop(self) -> None:
        """Only note it: the next `check_stop` acts, so nothing is left half-started."""

        def note(number: int, frame: FrameType | None) -> None:
            self._stop_asked = True

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, note)
        if not hangups_ignored():
            signal.signal(signal.SIGHUP, note)

    def check_stop(self) -> None:
        """Stop when asked, and when `make` or the terminal has gone without a word."""
        orphaned = self._parent is not None and os.getppid() != self._parent
        if self._stop_asked or orphaned or (self._terminal and not os.isatty(1)):
            raise StopAsked

    def start(self) -> None:
        """Bring everything up and wait until it answers."""
        check_port(self.port)
        with step("PostgreSQL and Valkey"):
            self._services.start()
        self.check_stop()
        own = {
            "TANDEM_EMBEDDED": "1",
            "DEMO": "1" if self.demo else "0",
            "PORT": str(self.port),
        }
        told = self._services.environment() | own
        environment = os.environ | told | {"TANDEM_HOME": str(self.home.path)}
        self._prepare_data(environment)
        held = [self._services.lock]
        with step("Web, worker and beat"):
            serving = web(self.home, port=self.port, environment=environment, held=held)
            clock = beat(self.home, environment=environment, held=held)
            working = worker(self.home, environment=environment, held=held)
            self._parts = [serving, clock, working]
            serving.start()
            working.start()
            self.home.write_services(told)
            self._wait_ready([serving, working])
            clock.start()  # last: it has nothing to do before the others are there

    def _prepare_data(self, environment: dict[str, str]) -> None:
        """Roles, migrations, England, demo and static files, in a process of their own."""
        powers = self._services.powers()
        about = {"superuser_url": powers["SUPERUSER_DATABASE_URL"], "kind": environment["DEMO"]}
        if is_prepared(self.home, **about):
            return
        process = Leashed(
            [sys.executable, "-m", "ops.prepare"],
            log=None,
            env=environment | powers,
            folder=CHECKOUT,
            stop_signal=signal.SIGKILL,  # each step is one transaction
            held=[self._services.lock],
        )
        while process.poll() is None:
            try:
                self.check_stop()
            except StopAsked:
                process.stop()
                raise
            time.sleep(0.02)
        if process.poll():
            raise CannotGoOn("The data could not be made ready; the reason is above.")
        note_prepared(self.home, **about)

    def _wait_ready(self, started: Sequence[Part]) -> None:
        """Wait for the first page, and for a task that the worker ran."""

        def ready() -> bool:
            self.check_stop()
            for part in started:
                if part.ended() is not None:
                    raise CannotGoOn(f"{part.name} stopped while starting.\n{tail(part.log)}")
            return all(part.has_said_so() for part in started) and not missing(self.port)

        if not wait_until(ready, seconds=SECONDS_TO_READY, every=0.1):
            lacking = " and ".join(missing(self.port)) or "worker"
            raise CannotGoOn(f"This does not answer: {lacking}. The logs: {self.home.logs}")

    def say_ready(self) -> None:
        began = float(os.environ.get("TANDEM_STARTED") or time.time())
        say(f"  All of it {'.' * 47} {time.time() - began:5.1f} s\n")
        say(f"Tandem is ready at http://localhost:{self.port}")
        if self.demo:
            say(f"Demo accounts, all with the password {DEMO_PASSWORD}:")
            say("".join(f"  {name}\n" for name in DEMO_ACCOUNTS))
        else:
            say("Make the first account with: .venv/bin/python manage.py create_operator\n")
        say(f"Ctrl-C stops everything. Logs: {self.home.logs}")

    def watch(self) -> None:
        """Until asked to stop: start again what ends, keep logs small."""
        checked_logs = time.monotonic()
        while True:
            self.check_stop()
            for part in (self._services.postgres, self._services.valkey, *self._parts):
                part.tend()
            if time.monotonic() - checked_logs > SECONDS_BETWEEN_LOG_CHECKS:
                checked_logs = time.monotonic()
                for log in self.home.logs.glob("*.log"):
                    keep_small(log)
            time.sleep(0.2)

    def stop(self) -> None:
        """Everything down, in the order that loses nothing."""
        self.home.services_file.unlink(missing_ok=True)
        for part in self._parts:
            part.stop()
        self._services.stop()


def hangups_ignored() -> bool:
    """Whether it was started to outlive its terminal, as by `nohup`."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def keep_small(log: Path) -> None:
    """Keep one older file; its writers go on at the start of the emptied one."""
    if log.stat().st_size > LARGEST_LOG:
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ops.supervisor", description=__doc__)
    parser.add_argument("--stop-with-parent", action="store_true")
    stop_with_parent = parser.parse_args().stop_with_parent
    home = Home()
    try:
        home.prepare()
        supervisor = Supervisor(home, port=port_number(), stop_with_parent=stop_with_parent)
    except CannotGoOn as problem:
        say(str(problem))
        return 1
    supervisor.listen_for_stop()
    code = 0
    try:
        supervisor.start()
        supervisor.say_ready()
        supervisor.watch()
    except StopAsked:
        say("\nStopping ...")
    except CannotGoOn as problem:
        say(f"\n{problem}")
        code = 1
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        say(explain(f"\n{problem}"))
        code = 1
    finally:
        supervisor.stop()
    say("Everything is stopped; the data is kept.")
    return code


if __name__ == "__main__":
    sys.exit(main())
