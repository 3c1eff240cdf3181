"""A private PostgreSQL and Valkey for a test session, started through `ops`.

The session's first process calls `start()` before its workers, which inherit the
environment. Everything ends with that process, even when it is killed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ops.home import Home
from ops.services import Services


class TestServices:
    """Both servers in a folder of their own and the environment that reaches them."""

    __test__ = False  # not a test class, whatever its name

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._services = Services(Home(folder), durable=False)
        self._services.start()
        self.environment: Mapping[str, str] = {
            **self._services.environment(),
            **self._services.powers(),
            "EMAIL_URL": "memorymail://",
            "TANDEM_HOME": str(folder),
        }

    def stop(self) -> None:
        self._services.stop()


def start(folder: Path | None = None) -> TestServices:
    """Start both servers and put their addresses into this process's environment."""
    running = TestServices(folder or Path(tempfile.mkdtemp(prefix="tandem-tests-")))
    os.environ.update(running.environment)
    return running


def stop(running: TestServices) -> None:
    """Stop both servers and remove their data."""
    running.stop()
    shutil.rmtree(running.folder, ignore_errors=True)


@contextmanager
def services(folder: Path) -> Iterator[Mapping[str, str]]:
    """Both servers up inside the block, without touching this process's environment."""
    running = TestServices(folder)
    try:
        yield running.environment
    finally:
        running.stop()
