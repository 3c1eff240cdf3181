"""PostgreSQL and Valkey of one data folder, without the rest: for tests and development.

`python -m ops.services start --home DIR` keeps them up until Ctrl-C and writes the same
service file as a full run, so that `manage.py` finds them.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ops.home import Home
from ops.parts import Part
from ops.postgres import Postgres
from ops.say import CannotGoOn, say, step
from ops.valkey import Valkey

ROLES = ("owner", "web", "worker")


class Services:
    """The two servers of a data folder and how to reach them; holds the folder's lock."""

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        self.home = home
        home.prepare()
        self.lock = home.lock()
        self._postgres = Postgres(home, durable=durable, held=[self.lock])
        self._valkey = Valkey(home, durable=durable, held=[self.lock])
        self.postgres = Part("postgres", log=self._postgres.log, launch=self._postgres.start)
        self.valkey = Part("valkey", log=self._valkey.log, launch=self._valkey.start)

    def start(self) -> None:
        """Start both at once and wait until both answer."""
        try:
            self.valkey.start()
            self._postgres.create()
            self.postgres.start()
            self.wait_ready()
            self._postgres.create_database()
        except BaseException:
            self.stop()
            raise

    def wait_ready(self) -> None:
        self._postgres.wait_ready(self.postgres.leashed)
        self._valkey.wait_ready(self.valkey.leashed)

    def stop(self) -> None:
        """Stop what runs, the broker first, and let the data folder go."""
        self.valkey.stop()
        self.postgres.stop()
        with suppress(OSError):
            os.close(self.lock)

    def environment(self) -> dict[str, str]:
        """What requests, workers and commands need to reach the services."""
        urls = {role: self._role_url(role) for role in ROLES}
        return {
            "DATABASE_URL": urls["web"],
            "OWNER_DATABASE_URL": urls["owner"],
            "WORKER_DATABASE_URL": urls["worker"],
            "REDIS_URL": self._valkey.url(),
            "SECRET_KEY": self.home.secret("secret-key"),
        }

    def powers(self) -> dict[str, str]:
        """What only the command that makes the roles needs."""
        passwords = {
            f"{role.upper()}_PASSWORD": self.home.secret(f"tandem_{role}") for role in ROLES
        }
        return {"SUPERUSER_DATABASE_URL": self._postgres.superuser_url(), **passwords}

    def _role_url(self, role: str) -> str:
        return self._postgres.url(f"tandem_{role}", self.home.secret(f"tandem_{role}"))


@contextmanager
def services(home: Home, *, durable: bool = True) -> Iterator[Services]:
    """Both servers up inside the block."""
    running = Services(home, durable=durable)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def main() -> int:
    """Keep both servers up until Ctrl-C; with all rights in the service file, for development."""
    parser = argparse.ArgumentParser(prog="python -m ops.services", description=__doc__)
    parser.add_argument("action", choices=["start"])
    parser.add_argument("--home", help="data folder (TANDEM_HOME, or var/)")
    home = Home(parser.parse_args().home)
    asked_to_stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: asked_to_stop.append(number))
    try:
        with step("PostgreSQL and Valkey"):
            running = Services(home)
            running.start()
    except CannotGoOn as problem:
        say(str(problem))
        return 1
    extra = {"TANDEM_EMBEDDED": "1", "PORT": os.environ.get("PORT", "8000"), "DEMO": "1"}
    home.write_services(running.environment() | running.powers() | extra)
    say(f"Services are up; addresses in {home.services_file}. Ctrl-C stops them.")
    while not asked_to_stop:
        running.postgres.tend()
        running.valkey.tend()
        time.sleep(0.2)
    home.services_file.unlink(missing_ok=True)
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
