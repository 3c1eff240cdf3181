"""A mailbox in a folder, and one behind a real IMAP server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient, SocketTimeout

from tests.outbox.inbox.letters import Letters

USER, PASSWORD = "answers", "a-made-up-password"
PATIENCE = 20.0
START = "from pymap.main import main; main()"


class FolderBox:
    """A maildir, as a mail server fills it and a person looks into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number = 0

    @property
    def url(self) -> str:
        return f"maildir://{self.path}"

    def deliver(self, content: bytes) -> None:
        self._number += 1
        for part in ("tmp", "new", "cur"):
            (self.path / part).mkdir(parents=True, exist_ok=True)
        written = self.path / "tmp" / f"{self._number:06}.test"
        written.write_bytes(content)
        written.rename(self.path / "new" / written.name)

    def waiting(self) -> int:
        return sum(len(list((self.path / part).iterdir())) for part in ("new", "cur"))

    def in_folder(self, name: str) -> list[bytes]:
        return [
            path.read_bytes() for path in sorted((self.path / f".Tandem.{name}" / "cur").glob("*"))
        ]


@pytest.fixture
def box(tmp_path: Path, settings: Any) -> FolderBox:
    """The mailbox that is read in this test."""
    box = FolderBox(tmp_path / "inbox")
    settings.INBOX_URL = box.url
    return box


@dataclass
class ImapBox:
    """A mailbox behind an IMAP server, and a connection of a person who looks into it."""

    port: int
    client: IMAPClient
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    def deliver(self, content: bytes) -> None:
        self.client.append("INBOX", content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def waiting(self) -> int:
        self.client.select_folder("INBOX")
        return len(self.client.search("ALL"))

    def in_folder(self, name: str) -> list[bytes]:
        if not self.client.folder_exists(f"Tandem/{name}"):
            return []
        self.client.select_folder(f"Tandem/{name}", readonly=True)
        found = self.client.search("ALL")
        answer = self.client.fetch(found, ["BODY.PEEK[]"]) if found else {}
        return [answer[number][b"BODY[]"] for number in sorted(answer)]


@pytest.fixture
def imap_box(settings: Any) -> Iterator[ImapBox]:
    """A real IMAP server in a process of its own, whose mailbox is read in this test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-W", "ignore", "-c", START, "--host", "127.0.0.1"),
        *("--port", str(port), "--no-tls"),
        *("dict", "--demo-user", USER, "--demo-password", PASSWORD),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = _connected(port)
        client.login(USER, PASSWORD)
        box = ImapBox(port, client, process)
        settings.INBOX_URL = box.url
        yield box
        client.shutdown()
    finally:
        process.kill()
        process.wait()


def _connected(port: int) -> IMAPClient:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return IMAPClient("127.0.0.1", port=port, ssl=False, timeout=SocketTimeout(5, 5))
        except OSError:
            assert time.monotonic() < until, "the IMAP server did not start"
            time.sleep(0.05)


@pytest.fixture
def letters() -> Letters:
    """Writes what mail servers and programs send back."""
    return Letters()
