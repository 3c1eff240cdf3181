"""A whole copy of Tandem under test: its own data folder and port, and ways to hurt it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import unquote, urlsplit

import psycopg
import redis

from ops.home import CHECKOUT, Home
from ops.leash import wait_until
from ops.readiness import ask, missing

READY = "Tandem is ready at http://localhost:"
SUPERVISOR = [sys.executable, "-m", "ops.supervisor"]
# How each part is known among the processes of a copy.
PARTS = {
    "web": "-m gunicorn",
    "worker": "config worker",
    "beat": "config beat",
    "postgres": "bin/postgres -D",
    "valkey": "valkey-server",
}


class Copy:
    """One copy, started and stopped as its owner would."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.port = free_port()
        self.output = folder.with_suffix(".out")
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self, **more: str) -> dict[str, str]:
        """What a plain terminal has, and nothing of the test session's own services."""
        # TMPDIR too: a folder with a long name has its sockets there.
        names = ("PATH", "HOME", "TMPDIR")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        return kept | {"TANDEM_HOME": str(self.home.path), "PORT": str(self.port)} | more

    def launch(
        self, command: Sequence[str] = SUPERVISOR, *, output: int | None = None, **more: str
    ) -> subprocess.Popen[bytes]:
        """Start it as a terminal would, even where `nohup` started the tests: it is hung up on."""
        was = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        try:
            return self._launch(command, output, more)
        finally:
            signal.signal(signal.SIGHUP, was)

    def _launch(
        self, command: Sequence[str], output: int | None, more: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=file if output is None else output,
                stderr=subprocess.STDOUT,
            )
        return self.process

    def start(self, **options: str) -> None:
        """Start it and wait for its last word."""
        process = self.launch(output=None, **options)
        assert wait_until(
            lambda: READY in self.said() or process.poll() is not None, seconds=240, every=0.1
        )
        assert process.poll() is None, self.said()

    def said(self) -> str:
        return self.output.read_text()

    def signal(self, number: signal.Signals) -> int:
        """Send the supervisor a signal and wait for its end."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def processes(self) -> dict[int, str]:
        """Every living process of this copy, found by the data folder in its environment."""
        marker = f"TANDEM_HOME={self.home.path}\0".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if marker in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (
                        (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    )
            except OSError:
                continue  # it ended while we looked
        return {pid: words for pid, words in found.items() if words}

    def all_gone(self) -> bool:
        return not self.processes()

    def main_process(self, part: str) -> int | None:
        """The part's own process, whose parent is the supervisor; None while it is down."""
        assert self.process is not None
        children = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        found = (int(line.split()[0]) for line in children if PARTS[part] in line)
        return next(found, None)

    def is_ready(self) -> bool:
        return missing(self.port) == []

    def ready(self) -> dict[str, bool]:
        answer: dict[str, bool] = json.loads(ask(self.port, "/readyz")[1])
        return answer

    def services(self) -> dict[str, str]:
        lines = self.home.services_file.read_text().splitlines()
        return {
            name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)
        }

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A management command typed beside the running copy, nothing set but its folder."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def ask_superuser(self, query: LiteralString) -> list[tuple[Any, ...]]:
        """What is really in the database, past row-level security."""
        with psycopg.connect(
            host=str(self.home.sockets()),
            user="postgres",
            password=self.home.secret("postgres-superuser"),
            dbname="tandem",
        ) as connection:
            return connection.execute(query).fetchall()

    def keep(self, text: str) -> None:
        """Commit a row and queue a message, both on the disk when this returns."""
        with psycopg.connect(self.services()["OWNER_DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept_by_test (text text)")
            connection.execute("INSERT INTO kept_by_test VALUES (%s)", [text])
        broker = self.broker()
        broker.rpush("kept-by-test", text)
        assert wait_until(
            lambda: broker.info("persistence")["aof_pending_bio_fsync"] == 0, seconds=20
        )

    def kept(self) -> tuple[list[str], list[str]]:
        with psycopg.connect(self.services()["OWNER_DATABASE_URL"]) as connection:
            rows = [row[0] for row in connection.execute("SELECT text FROM kept_by_test")]
        return rows, self.broker().lrange("kept-by-test", 0, -1)

    def broker(self) -> Any:
        url = urlsplit(self.services()["REDIS_URL"])
        return redis.Redis(
            unix_socket_path=unquote(url.path), password=url.password, decode_responses=True
        )


def free_port() -> int:
    """One below those that the system gives to connections: a copy that stops and starts again
    finds it free, whatever other tests open meanwhile."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")
