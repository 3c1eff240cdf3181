"""Operators and watchers see whether the mailbox is read, and what it brought, and no address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from organisations.outbox.inbox import notes, rounds
from organisations.tenancy.scope import NOBODY, acting
from tests.cast import Cast
from tests.outbox.inbox.conftest import FolderBox, box
from tests.outbox.inbox.letters import Letters
from tests.steering.conftest import Queue
from tests.steering.test_metrics import TOKEN, WITH_TOKEN, samples

__all__ = ["box"]
PAGE = "/operator/outbox/"


@pytest.fixture
def read(db: None, box: FolderBox) -> None:
    """A mailbox with two messages that was read."""
    letters = Letters()
    box.deliver(letters.by_hand())
    box.deliver(letters.out_of_office())
    assert rounds.read() == {"unknown": 1, "auto-reply": 1}


def test_watchers_see_its_age_and_what_came(client: Client, read: None, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN

    found = samples(client.get("/metrics", headers=WITH_TOKEN).content.decode())

    assert found["tandem_inbox_last_read_seconds"] < 60
    assert found["tandem_inbox_failing"] == 0
    assert found['tandem_inbox_messages_last_day{sort="unknown",folder="other"}'] == 1
    assert found['tandem_inbox_messages_last_day{sort="auto-reply",folder="handled"}'] == 1


def test_readiness_says_whether_it_is_read_and_changes_no_status(
    client: Client, read: None, settings: Any, superuser: Any
) -> None:
    before = client.get("/readyz")
    assert before.json()["mailbox"] is True

    superuser.execute("UPDATE organisations_inboxreading SET read_at = now() - interval '1 hour'")
    after = client.get("/readyz")
    assert after.json()["mailbox"] is False
    assert after.status_code == before.status_code

    settings.INBOX_URL = ""
    rounds.read()
    assert "mailbox" not in client.get("/readyz").json()
    settings.METRICS_TOKEN = TOKEN
    assert b"tandem_inbox" not in client.get("/metrics", headers=WITH_TOKEN).content


def test_operators_see_what_was_set_aside_and_from_which_domain(
    cast: Cast, read: None, superuser: Any
) -> None:
    page = cast.client("operator").get(PAGE).content.decode()

    assert "What came back by email" in page
    assert "Something else" in page
    assert "health.example" in page
    assert "lead@health.example" not in page
    assert "Tandem/other" in page
    assert "On time" in page

    superuser.execute(
        "UPDATE organisations_inboxreading SET read_at = NULL, failure = 'It is shut.'"
    )
    page = cast.client("operator").get(PAGE).content.decode()
    assert "Never yet" in page
    assert "It is shut. It is tried every minute." in page


def test_a_complaint_is_shown_with_what_it_is_about(
    cast: Cast, queue: Queue, read: None, superuser: Any
) -> None:
    superuser.execute(
        "UPDATE organisations_inboxmessage SET sort = 'complaint', delivery_id = %s "
        "WHERE sort = 'auto-reply'",
        queue.of("sent"),
    )

    page = cast.client("operator").get(PAGE).content.decode()

    assert "Complaint" in page
    assert "A note" in page


def test_where_no_mailbox_is_set_up_nothing_is_said(cast: Cast) -> None:
    assert "What came back" not in cast.client("operator").get(PAGE).content.decode()


def test_nobody_else_lists_what_came(cast: Cast, read: None) -> None:
    for actor in (NOBODY, cast.school_editor.scope):
        with acting(actor), pytest.raises(Exception, match="operators look at the inbox"):
            notes.latest(5)
