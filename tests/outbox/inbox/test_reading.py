"""The mailbox is read, and each message is handled once: real folders, a real IMAP server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from organisations.outbox.inbox import notes, rounds, sorts
from organisations.outbox.inbox.messages import Received
from organisations.outbox.inbox.sorts import Folder, Sort, Verdict
from organisations.tenancy.scope import NOBODY, current_scope
from tests.outbox.inbox.conftest import FolderBox, ImapBox
from tests.outbox.inbox.letters import Letters

Handle = Callable[[Received], Verdict]


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the sort "note" has handled: messages whose subject is "note"."""
    seen: list[str] = []

    def handle(message: Received) -> Verdict:
        assert current_scope() == NOBODY
        assert connection.in_atomic_block
        seen.append(message.header("Message-ID"))
        return Verdict(Folder.HANDLED)

    _known(monkeypatch, handle)
    return seen


def _known(monkeypatch: pytest.MonkeyPatch, handle: Handle) -> None:
    sort = Sort("note", "A note", lambda message: message.header("Subject") == "note", handle)
    monkeypatch.setitem(sorts._sorts, "note", sort)


def note(number: int = 1) -> bytes:
    return f"From: a@b.example\nSubject: note\nMessage-ID: <{number}@b.example>\n\nWords\n".encode()


@pytest.fixture(params=["box", "imap_box"])
def any_box(request: pytest.FixtureRequest) -> FolderBox | ImapBox:
    """Each of the mailboxes that there are."""
    found: FolderBox | ImapBox = request.getfixturevalue(request.param)
    return found


def test_what_is_understood_is_handled_and_the_rest_waits_for_a_person(
    db: None, any_box: FolderBox | ImapBox, handled: list[str], letters: Letters
) -> None:
    any_box.deliver(note(1))
    any_box.deliver(letters.by_hand())
    any_box.deliver(letters.out_of_office())

    assert rounds.read() == {"note": 1, "unknown": 1, "auto-reply": 1}

    assert handled == ["<1@b.example>"]
    assert any_box.waiting() == 0
    assert len(any_box.in_folder("handled")) == 2
    (left,) = any_box.in_folder("other")
    assert b"see you then" in left
    assert rounds.read() == {}


def test_a_message_that_comes_twice_is_handled_once(
    db: None, any_box: FolderBox | ImapBox, handled: list[str]
) -> None:
    any_box.deliver(note())
    any_box.deliver(b"X-Way: another\n" + note())

    assert rounds.read() == {"note": 1, "again": 1}

    assert len(handled) == 1
    assert len(any_box.in_folder("handled")) == 2


def test_a_message_that_is_too_large_is_set_aside_without_being_read(
    db: None, any_box: FolderBox | ImapBox, handled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "LARGEST", 1000)
    any_box.deliver(note() + b"x" * 2000)

    assert rounds.read() == {"too-large": 1}

    assert handled == []
    assert len(any_box.in_folder("other")) == 1


def test_no_more_than_a_round_holds_is_taken_up(
    db: None, any_box: FolderBox | ImapBox, handled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "MOST_AT_ONCE", 2)
    for number in range(3):
        any_box.deliver(note(number))

    assert rounds.read() == {"note": 2}
    assert any_box.waiting() == 1
    assert rounds.read() == {"note": 1}


def test_a_message_whose_handling_fails_keeps_no_other_and_is_set_aside(
    db: None,
    box: FolderBox,
    handled: list[str],
    letters: Letters,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(message: Received) -> Verdict:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        raise AssertionError

    _known(monkeypatch, fail)
    box.deliver(note())
    for _ in range(3):
        box.deliver(letters.out_of_office())
        assert rounds.read() == {"failed": 1, "auto-reply": 1}
        assert box.in_folder("other") == []

    assert rounds.read() == {"failed": 1}

    assert box.waiting() == 0
    assert len(box.in_folder("other")) == 1
    assert notes.counts() == {("failed", "other"): 1, ("auto-reply", "handled"): 3}


def test_what_a_handler_did_is_undone_when_it_fails(
    db: None, box: FolderBox, monkeypatch: pytest.MonkeyPatch, superuser: psycopg.Connection[Any]
) -> None:
    def half(message: Received) -> Verdict:
        notes.switch_off()
        raise RuntimeError

    _known(monkeypatch, half)
    box.deliver(note())

    rounds.read()

    assert superuser.execute("SELECT switched_on FROM organisations_inboxreading").fetchall() == [
        (True,)
    ]


def test_one_worker_at_a_time_reads(
    db: None, box: FolderBox, handled: list[str], superuser: psycopg.Connection[Any]
) -> None:
    box.deliver(note())
    assert notes.claim("another", seconds=60)

    assert rounds.read() == {}

    superuser.execute("UPDATE organisations_inboxreading SET lease_until = now()")
    assert rounds.read() == {"note": 1}
    notes.release("another", failure="too late to say")
    state = notes.state()
    assert state is not None
    assert state.failure == ""


def test_a_mailbox_that_cannot_be_read_says_so_and_hides_the_password(
    db: None, imap_box: ImapBox, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rounds.read() == {}
    before = notes.state()
    assert before is not None
    assert before.read_at is not None

    settings.INBOX_URL = imap_box.url.replace("a-made-up-password", "a-wrong-one")
    assert rounds.read() == {}
    state = notes.state()
    assert state is not None
    assert state.failure == "The mailbox refused user or password."

    settings.INBOX_URL = imap_box.url
    imap_box.process.kill()
    imap_box.process.wait()
    assert rounds.read() == {}
    state = notes.state()
    assert state is not None
    assert "could not be reached" in state.failure
    assert state.read_at == before.read_at
    assert "a-wrong-one" not in capsys.readouterr().out


def test_without_a_mailbox_nothing_is_read_and_nobody_waits(
    db: None, box: FolderBox, settings: Any
) -> None:
    rounds.read()
    assert notes.state() is not None
    settings.INBOX_URL = ""

    assert rounds.read() == {}

    assert notes.state() is None
