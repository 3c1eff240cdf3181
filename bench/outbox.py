"""The outbox against plain smtplib over one connection, in interleaved rounds.

A server of its own process takes the messages. Each side writes its messages as it goes: the
plain program with Python's `email`, the outbox from rows in the ledger, reading the
organisation it writes for and what the reader wants, and adding the way out to both texts.
Filling the ledger is not counted.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rows import Row
from ops.home import CHECKOUT, Home
from ops.services import Services, services
from tests.ops.copies import Copy

SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings", "TANDEM_EMBEDDED": "1"}


def outbox(_: Copy) -> Iterator[Row]:
    """One worker and four, in services of their own: the running copy has a worker already."""
    with (
        tempfile.TemporaryDirectory(prefix="tandem-bench-outbox-") as folder,
        services(Home(Path(folder))) as running,
        mail_server() as port,
    ):
        environment = environment_of(running, folder, port)
        for command in (["create_roles"], ["migrate", "--database", "owner"]):
            run(["manage.py", *command], environment)
        measured = run(["-m", "bench.outbox_rounds"], environment)
    rounds = json.loads(measured)
    one = statistics.median(each["one worker"] / each["plain"] for each in rounds)
    four = statistics.median(each["four workers"] / each["plain"] for each in rounds)
    yield Row("outbox, one worker ÷ plain smtplib", one, "×", 0.4, 0.8, "higher")
    yield Row("outbox, four workers ÷ plain smtplib", four, "×", 0.9, 1, "higher")


def run(command: list[str], environment: dict[str, str]) -> bytes:
    """Run Python in the checkout; what it printed."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout


def environment_of(running: Services, folder: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        **SETTINGS,
        **running.environment(),
        **running.powers(),
        "TANDEM_HOME": folder,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "LOG_FORMAT": "json",
    }


@contextmanager
def mail_server() -> Iterator[int]:
    """A server that takes and forgets every message; the port."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.mail_server"], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()
