"""A post office that records, and a kind of e-mail whose words and faults each test decides."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from psycopg.rows import dict_row

from bench.notify_server import NotifyServer
from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, kinds
from organisations.tenancy.scope import NOBODY, acting
from tests.cast import Cast
from tests.outbox.post_office import PostOffice


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    """An SMTP server on a free port, to which this process's e-mail goes."""
    office = PostOffice()
    office.open()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    yield office
    office.close()


@pytest.fixture
def notify_worker_environment(notify: NotifyServer) -> dict[str, str]:
    """The environment of a worker in a process of its own that sends through `notify`."""
    return {
        **os.environ,
        **notify.environment(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "OUTBOX_LEASE_SECONDS": "2",
        "OUTBOX_BEAT_SECONDS": "1",
        "LOG_FORMAT": "json",
    }


@dataclass
class Notes:
    """What the kind `note` is told and does."""

    composed: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    answers: dict[str, Callable[[Delivery], EmailMessage | NotNeeded]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def compose(self, delivery: Delivery) -> EmailMessage | NotNeeded:
        with self.lock:
            self.composed.append(delivery.recipient)
        answer = self.answers.get(delivery.recipient)
        if answer is not None:
            return answer(delivery)
        return EmailMessage("A note", f"About {delivery.subject}.", to=[delivery.recipient])

    def on_dead(self, delivery: Delivery) -> None:
        self.dead.append(delivery.recipient)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    """The kind `note`, known for one test."""
    notes = Notes()
    monkeypatch.setitem(kinds._kinds, "note", Kind("note", "A note", notes.compose, notes.on_dead))
    return notes


@pytest.fixture
def by(cast: Cast) -> Actor:
    """The school side's editor, who asks for the e-mails."""
    return cast.school_editor


Ask = Callable[..., None]


@pytest.fixture
def ask(by: Actor, notes: Notes) -> Ask:
    """`ask("a@x.example", "b@x.example")`: notes about `subject`, in one committed transaction."""

    def enqueue(*recipients: str, subject: str = "about-this", **more: Any) -> None:
        with acting(by.scope), transaction.atomic():
            for recipient in recipients:
                outbox.enqueue(kind="note", subject=subject, recipient=recipient, by=by, **more)

    return enqueue


@pytest.fixture
def ask_for_account_mail(db: None) -> Callable[[int], None]:
    """That many account e-mails to as many addresses: no kind of the tests is needed to send."""

    def enqueue(number: int) -> None:
        with acting(NOBODY), transaction.atomic():
            for index in range(number):
                outbox.send_account_mail(
                    EmailMessage("Welcome", "Good morning.", to=[f"person-{index}@school.example"])
                )

    return enqueue


class Looker:
    """Reads and arranges the ledger behind everyone's back."""

    def __init__(self, superuser: psycopg.Connection[Any]) -> None:
        self._connection = superuser

    def rows(self) -> list[dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute("SELECT * FROM organisations_delivery ORDER BY id").fetchall()

    def row(self) -> dict[str, Any]:
        (row,) = self.rows()
        return row

    def states(self) -> dict[str, str]:
        return {row["recipient"]: row["state"] for row in self.rows()}

    def set(self, assignments: str, *values: Any) -> None:
        statement = f"UPDATE organisations_delivery SET {assignments}"
        self._connection.execute(statement.encode(), values)

    def due_now(self) -> None:
        self.set("due_at = now() - interval '1 second'")


@pytest.fixture
def ledger_rows(db: None, superuser: psycopg.Connection[Any]) -> Looker:
    """The rows of the ledger, seen and changed as superuser."""
    return Looker(superuser)


@pytest.fixture
def worker_environment(post_office: PostOffice) -> dict[str, str]:
    """The environment of a worker in a process of its own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{post_office.port}",
        "OUTBOX_LEASE_SECONDS": "2",
        "OUTBOX_BEAT_SECONDS": "1",
        "LOG_FORMAT": "json",
    }
