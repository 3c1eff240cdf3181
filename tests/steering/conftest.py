"""A queue with one delivery in each state, of two organisations and of none."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
import pytest
from django.db import transaction

from organisations import outbox
from organisations.outbox import Kind, kinds
from organisations.outbox.kinds import NotNeeded
from organisations.tenancy.scope import NOBODY, acting
from tests.cast import Cast
from tests.organisations.onlooker import Superuser

STATES = {
    "due": "due_at = now() - interval '20 minutes'",
    "retried": "attempt = 2, due_at = now() + interval '5 minutes', "
    "reason = 'The address was refused: 451 <retried@clinic.example> come back'",
    "later": "due_at = now() + interval '3 days'",
    "taken": "state = 'taken', claimed_by = 'w:1:1', lease_until = now() + interval '1 minute'",
    "sent": "state = 'sent', phase = 2, sent_at = now() - interval '10 minutes'",
    "cancelled": "state = 'cancelled', reason = 'Called off.'",
    "uncertain": "state = 'uncertain', uncertain_times = 4, attempt = 4",
    "dead": "state = 'dead', attempt = 1, reason = "
    "'The address was refused: 550 5.1.1 <dead@clinic.example>: No such mailbox'",
}


@dataclass(frozen=True)
class Queue:
    """The ids by what each stands for, and a way to look."""

    ids: dict[str, int]
    superuser: Superuser

    def of(self, *names: str) -> list[int]:
        return [self.ids[name] for name in names]

    def state(self, name: str) -> str:
        return str(self.row(name)[0])

    def row(self, name: str) -> tuple[str, str, int, bool]:
        found = self.superuser.execute(
            "SELECT state, reason, attempt, due_at <= now() FROM organisations_delivery "
            "WHERE id = %s",
            [self.ids[name]],
        ).fetchone()
        assert found is not None
        return found[0], found[1], found[2], found[3]


@pytest.fixture
def queue(cast: Cast, superuser: Superuser, monkeypatch: pytest.MonkeyPatch) -> Queue:
    note = Kind("note", "A note", lambda delivery: NotNeeded("The test is over."))
    monkeypatch.setitem(kinds._kinds, "note", note)
    ids = {}
    for name, assignments in STATES.items():
        by = cast.health_editor if name == "dead" else cast.school_editor
        with acting(by.scope), transaction.atomic():
            outbox.enqueue(kind="note", subject=name, recipient=f"{name}@clinic.example", by=by)
        ids[name] = arranged(superuser, name, assignments)
    with acting(NOBODY), transaction.atomic():
        outbox.enqueue(
            kind="account",
            subject="wordless",
            recipient="wordless@board.example",
            by=None,
            payload={"subject": "Welcome", "text": "Your link"},
        )
    ids["wordless"] = arranged(superuser, "wordless", "state = 'dead', payload = '{}'")
    return Queue(ids, superuser)


def arranged(superuser: Superuser, subject: str, assignments: str) -> int:
    row = superuser.execute(
        psycopg.sql.SQL(
            "UPDATE organisations_delivery SET {} WHERE subject = %s RETURNING id"
        ).format(
            psycopg.sql.SQL(assignments)  # type: ignore[arg-type]
        ),
        [subject],
    ).fetchone()
    assert row is not None
    return int(row[0])
