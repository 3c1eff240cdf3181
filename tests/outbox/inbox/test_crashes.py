"""A worker that is killed while it reads the mailbox: each message is handled once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from organisations.outbox.inbox import rounds
from tests.outbox.inbox.conftest import FolderBox

SORTS = """
import os, signal, django
django.setup()
from organisations.outbox.inbox import notes, rounds, sorts
from organisations.outbox.inbox.folder import FolderMailbox
from organisations.outbox.inbox.sorts import Folder, Sort, Verdict

def handle(message):
    # What a handler does is a change in the database, like this one.
    notes.begin("effect of " + message.header("Message-ID"))
    if {where!r} == "handling":
        os.kill(os.getpid(), signal.SIGKILL)
    return Verdict(Folder.HANDLED)

def move(self, name, folder, original=FolderMailbox.move):
    if {where!r} == "before moving":
        os.kill(os.getpid(), signal.SIGKILL)
    original(self, name, folder)
    if {where!r} == "after moving":
        os.kill(os.getpid(), signal.SIGKILL)

FolderMailbox.move = move
sorts.register(Sort("note", "A note", lambda message: True, handle, rank=1))
rounds.read()
"""
NOTE = b"From: a@b.example\nSubject: note\nMessage-ID: <%d@b.example>\n\nWords\n"


class Readers:
    """Workers in processes of their own, which are killed at one place, or at none."""

    def __init__(self, url: str, superuser: psycopg.Connection[Any]) -> None:
        self._superuser = superuser
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "INBOX_URL": url,
        }

    def run(self, where: str = "nowhere") -> int:
        """The exit code of one reading."""
        self._superuser.execute("UPDATE organisations_inboxreading SET lease_until = now()")
        return subprocess.run(
            [sys.executable, "-c", SORTS.format(where=where)],
            env=self._environment,
            cwd=Path(__file__).resolve().parents[3],
            check=False,
            timeout=120,
        ).returncode

    def effects(self) -> list[int]:
        """How often each message's handler has done its work for good."""
        rows = self._superuser.execute(
            "SELECT attempt FROM organisations_inboxmessage WHERE key LIKE 'effect of %'"
        ).fetchall()
        return [attempt for (attempt,) in rows]


@pytest.fixture
def readers(db: None, box: FolderBox, superuser: psycopg.Connection[Any]) -> Readers:
    return Readers(box.url, superuser)


def test_a_message_is_handled_once_wherever_its_reader_is_killed(
    box: FolderBox, readers: Readers
) -> None:
    for number in range(3):
        box.deliver(NOTE % number)

    for where in ("handling", "before moving", "after moving"):
        assert readers.run(where) == -signal.SIGKILL
    assert readers.run() == 0

    assert readers.effects() == [1, 1, 1]
    assert box.waiting() == 0
    assert len(box.in_folder("handled")) == 3


def test_a_message_that_kills_its_readers_is_set_aside(box: FolderBox, readers: Readers) -> None:
    box.deliver(NOTE % 1)

    for _ in range(rounds.MOST_ATTEMPTS):
        assert readers.run("handling") == -signal.SIGKILL
        assert box.waiting() == 1
    box.deliver(NOTE % 2)
    assert readers.run() == 0

    assert readers.effects() == [1], "the one that came after it"
    assert len(box.in_folder("other")) == 1
    assert len(box.in_folder("handled")) == 1


def test_nobody_else_reads_until_a_killed_readers_turn_is_over(
    box: FolderBox, readers: Readers
) -> None:
    box.deliver(NOTE % 1)
    assert readers.run("handling") == -signal.SIGKILL

    assert rounds.read() == {}
    assert box.waiting() == 1
