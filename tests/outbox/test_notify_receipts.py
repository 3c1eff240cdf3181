"""What GOV.UK Notify reports afterwards: in any order, as often as it likes, from nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bench.notify_server import CALLBACK_TOKEN, NotifyServer
from organisations.outbox import engine
from organisations.outbox.notify import carrier
from organisations.tenancy.scope import NOBODY, current_scope
from tests.outbox.conftest import Ask, Looker, Notes

ADDRESS = "/hooks/notify/delivery/"


def call(report: Any, *, token: str = CALLBACK_TOKEN, client: Client | None = None) -> int:
    """The status that a callback with this body gets."""
    body = report if isinstance(report, str | bytes) else json.dumps(report)
    client = client or Client(enforce_csrf_checks=True)
    return client.post(
        ADDRESS, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    ).status_code


@pytest.fixture
def sent(ask: Ask, notify: NotifyServer) -> dict[str, Any]:
    """An e-mail that Notify took."""
    ask("a@health.example", payload={"was": "x"})
    assert engine.drain() == {"sent": 1}
    return notify.sent[0]


def test_a_delivered_email_is_noted(
    sent: dict[str, Any], notify: NotifyServer, ledger_rows: Looker, notes: Notes
) -> None:
    before = ledger_rows.row()

    assert call(notify.report(sent, "delivered")) == 204
    assert call(notify.report(sent, "delivered")) == 204

    row = ledger_rows.row()
    assert (row["state"], row["sent_at"]) == ("sent", before["sent_at"])
    assert row["reply"] == f"GOV.UK Notify {sent['id']}, delivered"
    assert notes.dead == []


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [
        ("permanent-failure", "does not exist", 1),
        ("temporary-failure", "took no e-mail for days", 1),
        ("technical-failure", "can be sent again", 0),
    ],
)
def test_a_failure_is_noted_and_the_kind_is_told_once(
    sent: dict[str, Any],
    notify: NotifyServer,
    ledger_rows: Looker,
    notes: Notes,
    status: str,
    words: str,
    told: int,
) -> None:
    for _ in range(3):
        assert call(notify.report(sent, status)) == 204
    assert call(notify.report(sent, "delivered")) == 204

    row = ledger_rows.row()
    assert (row["state"], row["phase"]) == ("dead", 0)
    assert words in row["reason"]
    assert notes.dead == ["a@health.example"] * told
    assert current_scope() == NOBODY


def test_a_failure_after_a_delivery_counts(
    sent: dict[str, Any], notify: NotifyServer, ledger_rows: Looker, notes: Notes
) -> None:
    call(notify.report(sent, "delivered"))

    assert call(notify.report(sent, "permanent-failure")) == 204

    assert ledger_rows.row()["state"] == "dead"
    assert notes.dead == ["a@health.example"]


def test_a_report_of_an_earlier_copy_is_out_of_date(
    sent: dict[str, Any], notify: NotifyServer, ledger_rows: Looker, notes: Notes
) -> None:
    earlier = notify.report(sent, "technical-failure") | {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a"
    }

    assert call(earlier) == 204

    assert ledger_rows.row()["state"] == "sent"


@pytest.mark.parametrize(
    ("status", "state"), [("delivered", "sent"), ("permanent-failure", "dead")]
)
def test_a_report_before_our_worker_knows_settles_it(
    ask: Ask, notify: NotifyServer, ledger_rows: Looker, notes: Notes, status: str, state: str
) -> None:
    """The answer was lost; the report comes before Notify is asked."""
    ask("hangup@health.example")
    assert engine.drain() == {"pending": 1}

    assert call(notify.report(notify.sent[0], status)) == 204

    row = ledger_rows.row()
    assert (row["state"], row["claimed_by"]) == (state, "")
    carrier.pause.worked()
    ledger_rows.due_now()
    assert engine.drain() == {}
    assert len(notify.sent) == 1


def test_a_failure_reported_while_it_is_handed_over_stays(
    sent: dict[str, Any], notify: NotifyServer, ledger_rows: Looker, notes: Notes
) -> None:
    """The worker's own record of the answer comes after it."""
    ledger_rows.set(
        "state = 'taken', phase = 1, reply = '', claimed_by = 'w:1:1', lease_until = now()"
    )

    assert call(notify.report(sent, "permanent-failure")) == 204

    assert engine.drain() == {}
    assert ledger_rows.row()["state"] == "dead"


@pytest.mark.parametrize(
    "as_it_was",
    [
        "state = 'pending', phase = 0, reply = ''",
        "state = 'cancelled', phase = 0, reply = ''",
        "state = 'taken', phase = 0, reply = '', claimed_by = 'w:1:1', lease_until = now()",
    ],
)
def test_what_was_not_handed_over_is_left_alone(
    sent: dict[str, Any],
    notify: NotifyServer,
    ledger_rows: Looker,
    notes: Notes,
    as_it_was: str,
) -> None:
    ledger_rows.set(as_it_was)
    before = ledger_rows.row()

    for status in ("permanent-failure", "delivered"):
        assert call(notify.report(sent, status)) == 204

    assert ledger_rows.row() == before
    assert notes.dead == []


def test_reports_of_nothing_of_ours_change_nothing(
    sent: dict[str, Any], notify: NotifyServer, ledger_rows: Looker
) -> None:
    before = ledger_rows.row()
    report = notify.report(sent, "permanent-failure")
    for odd in (
        {"reference": None},
        {"reference": ""},
        {"reference": "about-this"},
        {"reference": "about-this." + "0" * 40},
        {"status": "sending"},
        {"status": None},
    ):
        assert call(report | odd) == 204

    assert ledger_rows.row() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'{"reference": 7}', 400),
        (b'{"reference": "a\\u0000b"}', 400),
        (b'{"reference": "' + b"x" * 300 + b'"}', 400),
        (b" " * 10_001, 413),
        (b"[" * 9_000, 400),
    ],
)
def test_a_body_that_is_no_report_is_refused(
    notify: NotifyServer, db: None, body: bytes, status: int
) -> None:
    assert call(body) == status


def test_only_notify_may_report(
    sent: dict[str, Any], notify: NotifyServer, ledger_rows: Looker, settings: Any
) -> None:
    report = notify.report(sent, "permanent-failure")
    assert call(report, token="") == 401
    assert call(report, token="another") == 401
    assert call(report, token="ü") == 401
    assert Client().get(ADDRESS).status_code == 405
    settings.NOTIFY_CALLBACK_TOKEN = ""
    assert call(report, token="") == 404

    assert ledger_rows.row()["state"] == "sent"
