"""What becomes of a message: taken, refused for good, refused for now, perhaps taken."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.mail import EmailMessage
from structlog.testing import CapturingLogger

from contacts.models import Region
from organisations.models import Delivery, Organisation
from organisations.outbox import NotNeeded, engine
from organisations.outbox.identity import message_id
from organisations.tenancy.scope import NOBODY, current_scope
from tests.cast import Cast
from tests.outbox.conftest import Ask, Looker, Notes
from tests.outbox.post_office import PostOffice


def test_a_sent_message_says_where_it_is_from(
    ask: Ask, cast: Cast, ledger_rows: Looker, post_office: PostOffice
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    ask("contact@health.example")
    engine.drain()

    ((_, message),) = post_office.arrived
    name = cast.organisation("school").name
    assert message["From"] == f"{name} via Tandem <no-reply@tandem.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@localhost>")
    assert before.replace(microsecond=0) <= message["Date"].datetime <= datetime.now(UTC)
    row = ledger_rows.row()
    assert row["reply"] == "OK number 1"
    assert (row["claimed_by"], row["lease_until"], row["phase"]) == ("", None, 2)


def test_the_message_id_is_a_function_of_the_key_alone() -> None:
    def a_delivery(**more: Any) -> Delivery:
        key = {"kind": "note", "subject": "abc", "recipient": "a@x.example", **more}
        return Delivery(**key)

    first = message_id(a_delivery())

    assert first == message_id(a_delivery(id=7, attempt=3, organisation_id=1))
    others = [
        a_delivery(kind="other"),
        a_delivery(subject="abd"),
        a_delivery(recipient="b@x.example"),
        a_delivery(offset_minutes=1),
        a_delivery(revision=1),
    ]
    assert len({first, *map(message_id, others)}) == 6


def test_many_messages_go_over_one_connection(ask: Ask, post_office: PostOffice) -> None:
    ask(*(f"person-{number}@health.example" for number in range(45)))

    assert engine.drain() == {"sent": 45}
    assert post_office.connections == 1


def test_written_in_the_organisations_scope_and_no_wider(
    ask: Ask, cast: Cast, notes: Notes, post_office: PostOffice
) -> None:
    seen: list[tuple[int | None, int | None]] = []

    def look(delivery: Delivery) -> NotNeeded:
        seen.append((current_scope().organisation_id, current_scope().user_id))
        assert Organisation.objects.exists()
        return NotNeeded("It has been called off.")

    notes.answers["contact@health.example"] = look
    ask("contact@health.example")

    assert engine.drain() == {"cancelled": 1}
    assert seen == [(cast.organisation("school").pk, None)]
    assert current_scope() is NOBODY


def test_a_message_not_needed_is_cancelled_with_the_reason(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    notes.answers["a@health.example"] = lambda _: NotNeeded("The touchpoint is over.")
    ask("a@health.example", "b@health.example", payload={"text": "x"})

    engine.drain()

    first = ledger_rows.rows()[0]
    assert (first["state"], first["reason"]) == ("cancelled", "The touchpoint is over.")
    assert first["payload"] == {}
    assert post_office.recipients() == ["b@health.example"]


def test_an_address_refused_for_good_ends_it_and_is_told(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example", "refused@health.example", "b@health.example")

    assert engine.drain() == {"sent": 2, "dead": 1}

    assert notes.dead == ["refused@health.example"]
    dead = ledger_rows.rows()[1]
    assert dead["state"] == "dead"
    assert dead["reason"] == "The address was refused: 550 5.1.1 No such mailbox here"
    assert post_office.connections == 1


def test_a_failing_listener_does_not_keep_a_refusal_from_being_recorded(
    ask: Ask,
    notes: Notes,
    ledger_rows: Looker,
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Notes, "on_dead", lambda *_: 1 / 0)
    ask("refused@health.example")

    assert engine.drain() == {"dead": 1}
    assert ledger_rows.row()["state"] == "dead"


def test_a_text_refused_for_good_ends_it_but_blames_no_address(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("toolarge@health.example", "b@health.example")

    assert engine.drain() == {"sent": 1, "dead": 1}
    assert notes.dead == []


@pytest.mark.parametrize("address", ["later@health.example", "policy@health.example"])
def test_refused_for_now_comes_back_later(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice, address: str
) -> None:
    ask(address, "b@health.example")

    assert engine.drain() == {"sent": 1, "pending": 1}

    row = ledger_rows.rows()[0]
    assert (row["state"], row["attempt"]) == ("pending", 1)
    assert 10 <= (row["due_at"] - datetime.now(UTC)).total_seconds() <= 22
    assert notes.dead == []
    assert engine.drain() == {}, "not before its time"


def test_pauses_grow_and_end(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("later@health.example")
    pauses = []
    while ledger_rows.row()["state"] == "pending":
        ledger_rows.due_now()
        engine.drain()
        pauses.append((ledger_rows.row()["due_at"] - datetime.now(UTC)).total_seconds())

    assert ledger_rows.row()["attempt"] == len(pauses) == 20
    assert all(later > 1.2 * earlier for earlier, later in pairwise(pauses[:7]))
    assert max(pauses) <= 3600 * 1.2
    assert ledger_rows.row()["state"] == "dead"
    assert notes.dead == [], "nobody said that the address is wrong"


def test_a_connection_that_breaks_after_the_text_means_perhaps(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("hangup@health.example", "b@health.example")

    assert engine.drain() == {"sent": 1, "pending": 1}
    row = ledger_rows.rows()[0]
    assert (row["state"], row["uncertain_times"], row["attempt"]) == ("pending", 1, 1)

    ledger_rows.set("due_at = now() WHERE state = 'pending'")
    assert engine.drain() == {"sent": 1}
    assert sorted(post_office.ids().values()) == [1, 2], "the copy has the same Message-ID"


def test_perhaps_sent_can_wait_for_a_person_instead(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice, settings: Any
) -> None:
    settings.OUTBOX_UNCERTAIN = "park"
    ask("hangup@health.example")

    assert engine.drain() == {"uncertain": 1}
    assert ledger_rows.row()["state"] == "uncertain"
    assert engine.drain() == {}


def test_a_server_that_says_goodbye_is_called_again(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("flood@health.example", "b@health.example")

    assert engine.drain() == {"sent": 1, "pending": 1}
    assert ledger_rows.rows()[0]["uncertain_times"] == 0
    assert post_office.connections == 2


def test_an_unreachable_server_costs_no_message_an_attempt(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice, settings: Any
) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody_listens.getsockname()[1]
        ask("a@health.example", "b@health.example")
        assert engine.drain() == {"unreachable": 1}

    assert [(row["state"], row["attempt"]) for row in ledger_rows.rows()] == [("pending", 0)] * 2
    settings.EMAIL_PORT = post_office.port
    assert engine.drain() == {"sent": 2}


def test_one_that_cannot_be_written_blocks_no_other(
    ask: Ask,
    notes: Notes,
    ledger_rows: Looker,
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(delivery: Delivery) -> EmailMessage:
        raise KeyError(f"something private about {delivery.recipient}")

    log = CapturingLogger()
    monkeypatch.setattr(engine, "logger", log)
    notes.answers["poison@health.example"] = broken
    ask("poison@health.example", "b@health.example")

    assert engine.drain() == {"sent": 1, "pending": 1}
    for _ in range(10):
        ledger_rows.set("due_at = now() WHERE state = 'pending'")
        engine.drain()

    row = ledger_rows.rows()[0]
    assert (row["state"], row["attempt"]) == ("dead", 6)
    assert row["reason"] == "The message could not be written (KeyError)."
    assert "message could not be written" in str(log.calls)
    assert "poison@" not in str(log.calls)
    assert "private" not in str(log.calls)


def test_a_database_error_while_writing_blocks_no_other(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    def broken(delivery: Delivery) -> EmailMessage:
        Region.objects.raw("SELECT nonsense")[0]
        raise AssertionError

    notes.answers["poison@health.example"] = broken
    ask("poison@health.example", "b@health.example")

    assert engine.drain() == {"sent": 1, "pending": 1}


def test_a_message_for_somebody_else_is_not_sent(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    notes.answers["a@health.example"] = lambda _: EmailMessage(
        "A note", "…", to=["a@health.example"], bcc=["b@elsewhere.example"]
    )
    ask("a@health.example")

    assert engine.drain() == {"pending": 1}
    assert post_office.arrived == []


def test_headers_that_cannot_be_written_block_no_other(
    ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    notes.answers["a@health.example"] = lambda _: EmailMessage(
        "Two\nlines", "…", to=["a@health.example"]
    )
    ask("a@health.example", "b@health.example")

    assert engine.drain() == {"sent": 1, "pending": 1}


def test_a_kind_that_is_gone_blocks_no_other(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example", "b@health.example")
    ledger_rows.set("kind = 'of-yesterday' WHERE recipient LIKE 'a@%%'")

    assert engine.drain() == {"sent": 1, "pending": 1}


def test_stops_when_time_is_up(ask: Ask, post_office: PostOffice, settings: Any) -> None:
    settings.OUTBOX_BATCH = 2
    ask(*(f"person-{number}@health.example" for number in range(6)))

    assert engine.drain(seconds=-1) == {"unfinished": 1}
    assert engine.drain() == {"sent": 6}
