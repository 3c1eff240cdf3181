"""Asking for an e-mail and taking the wish back, as the role that serves pages."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, transaction

from organisations import outbox, tasks
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox import engine
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.outbox.conftest import Ask, Looker, Notes
from tests.outbox.post_office import PostOffice


class Undone(Exception):
    """A change that is rolled back."""


def test_asking_twice_gives_one_message(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("contact@health.example")
    ask("contact@health.example", " contact@HEALTH.example ")

    assert engine.drain() == {"sent": 1}
    ask("contact@health.example")
    assert engine.drain() == {}

    assert ledger_rows.row()["state"] == "sent"
    assert post_office.recipients() == ["contact@health.example"]


def test_each_part_of_the_key_makes_another_message(
    ask: Ask, by: Actor, post_office: PostOffice
) -> None:
    ask("contact@health.example")
    ask("contact@health.example", subject="about-that")
    ask("contact@health.example", offset_minutes=60)
    ask("contact@health.example", revision=1)

    assert engine.drain() == {"sent": 4}
    assert len(post_office.ids()) == 4


def test_a_message_is_asked_for_with_the_change_it_tells_of(
    ask: Ask, by: Actor, ledger_rows: Looker, notes: Notes
) -> None:
    with suppress(Undone), acting(by.scope), transaction.atomic():
        outbox.enqueue(kind="note", subject="gone", recipient="a@health.example", by=by)
        raise Undone

    assert ledger_rows.rows() == []


def test_what_is_not_due_waits(ask: Ask, ledger_rows: Looker, post_office: PostOffice) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    ask("contact@health.example", due_at=tomorrow)

    assert engine.drain() == {}
    assert ledger_rows.row()["state"] == "pending"
    assert engine.drain(now=tomorrow) == {"sent": 1}


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a b@x.example", "a@x.example\nBcc: b@x.example", "a@x.example,b@y.example"],
)
def test_an_address_that_cannot_be_one_is_refused(
    ask: Ask, ledger_rows: Looker, address: str
) -> None:
    with pytest.raises(ValidationError):
        ask(address)

    assert ledger_rows.rows() == []


def test_an_unknown_kind_is_refused(by: Actor) -> None:
    with (
        pytest.raises(ValueError, match="no kind 'rumour'"),
        acting(by.scope),
        transaction.atomic(),
    ):
        outbox.enqueue(kind="rumour", subject="x", recipient="a@x.example", by=by)


def test_nobody_asks_in_another_organisations_name(
    cast: Cast, notes: Notes, ledger_rows: Looker
) -> None:
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting(cast.stranger.scope),
        transaction.atomic(),
    ):
        outbox.enqueue(kind="note", subject="x", recipient="a@x.example", by=cast.school_editor)

    assert ledger_rows.rows() == []


def test_withdrawn_before_sending_is_never_sent(
    ask: Ask, by: Actor, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("one@health.example", "two@health.example")
    ask("other@health.example", subject="about-that")

    with acting(by.scope), transaction.atomic():
        assert outbox.withdraw(subject="about-this", reason="It was called off.") == 2

    engine.drain()
    assert post_office.recipients() == ["other@health.example"]
    row = ledger_rows.rows()[0]
    assert (row["state"], row["reason"]) == ("cancelled", "It was called off.")


def test_withdrawing_can_be_limited_to_kinds(ask: Ask, by: Actor, ledger_rows: Looker) -> None:
    ask("one@health.example")

    with acting(by.scope), transaction.atomic():
        assert outbox.withdraw(subject="about-this", reason="-", kinds=["other"]) == 0
        assert outbox.withdraw(subject="about-this", reason="-", kinds=["note", "other"]) == 1


def test_what_was_sent_cannot_be_withdrawn(
    ask: Ask, by: Actor, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("one@health.example")
    engine.drain()

    with acting(by.scope), transaction.atomic():
        assert outbox.withdraw(subject="about-this", reason="Too late.") == 0

    assert ledger_rows.row()["state"] == "sent"


def test_another_organisation_withdraws_nothing(ask: Ask, cast: Cast, ledger_rows: Looker) -> None:
    ask("one@health.example")

    with acting(cast.stranger.scope), transaction.atomic():
        assert outbox.withdraw(subject="about-this", reason="Not mine.") == 0

    assert ledger_rows.row()["state"] == "pending"


def test_the_database_itself_keeps_pages_from_undoing_a_sending(
    ask: Ask, by: Actor, ledger_rows: Looker
) -> None:
    ask("one@health.example")
    ledger_rows.set("state = 'taken', phase = 1, claimed_by = 'w', lease_until = now()")

    with acting(by.scope), transaction.atomic():
        changed = Delivery.objects.filter(subject="about-this").update(state="cancelled")

    assert changed == 0


def test_the_database_itself_keeps_no_text_of_a_settled_message(
    ask: Ask, superuser: psycopg.Connection[Any]
) -> None:
    ask("one@health.example", payload={"text": "private"})

    with pytest.raises(psycopg.errors.CheckViolation, match="payload_emptied"):
        superuser.execute("UPDATE organisations_delivery SET state = 'cancelled'")


def test_one_waking_a_transaction(ask: Ask, by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(tasks._waker, "wake", lambda _task: woken.append(True))

    ask(*(f"person-{number}@health.example" for number in range(5)))
    assert woken == [True]

    ask("later@health.example", due_at=datetime.now(UTC) + timedelta(days=1))
    assert woken == [True]

    with acting(by.scope), transaction.atomic():
        with suppress(Undone), transaction.atomic():
            outbox.enqueue(kind="note", subject="undone", recipient="a@x.example", by=by)
            raise Undone
        outbox.enqueue(kind="note", subject="kept", recipient="a@x.example", by=by)
    assert woken == [True, True]


def test_account_mail_waits_unread_and_leaves_no_text_behind(
    cast: Cast, ledger_rows: Looker, post_office: PostOffice
) -> None:
    message = EmailMultiAlternatives(
        "Confirm\nyour address", "Use the code 123.", to=["new@x.example"]
    )
    message.attach_alternative("<p>Use the code 123.</p>", "text/html")
    with acting(cast.nobody.scope), transaction.atomic():
        outbox.send_account_mail(message)
        assert Delivery.objects.count() == 0, "no page can read it"
    assert ledger_rows.row()["organisation_id"] is None

    engine.drain()

    ((recipient, sent),) = post_office.arrived
    assert recipient == "new@x.example"
    assert sent["Subject"] == "Confirm your address"
    assert sent["From"] == "Tandem <no-reply@tandem.example>"
    text, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert text is not None
    assert "code 123" in text.get_content()
    assert html is not None
    assert ledger_rows.row()["payload"] == {}
