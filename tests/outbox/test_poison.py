"""A message that kills whoever writes it: set aside, and in nobody's way."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ops.leash import wait_until
from organisations.outbox import engine
from organisations.outbox.ledger import MOST_TEMPORARY_FAILURES
from tests.outbox.conftest import Ask, Looker
from tests.outbox.post_office import PostOffice

DEAD_WORKER = "claimed_by = 'dead:1:1', state = 'taken', lease_until = now() - interval '1 second'"
# Sends once, and dies of the first message to an address that begins with "poison".
WORKER = """
import os, signal
import django
django.setup()
from django.core.mail import EmailMessage
from organisations.outbox import Kind, engine, kinds

def compose(delivery):
    if delivery.recipient.startswith("poison"):
        os.kill(os.getpid(), signal.SIGKILL)
    return EmailMessage("A note", "About it.", to=[delivery.recipient])

kinds.register(Kind("note", "A note", compose))
engine.drain()
"""


def left_behind(ledger_rows: Looker) -> dict[str, tuple[str, int, str]]:
    return {
        row["recipient"].partition("@")[0]: (row["state"], row["attempt"], row["reason"])
        for row in ledger_rows.rows()
    }


def test_the_one_that_was_being_written_counts_an_attempt(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("first@health.example", "second@health.example")
    ledger_rows.set(f"{DEAD_WORKER}, phase = 0")

    assert engine.drain() == {"sent": 2}
    assert [row["attempt"] for row in ledger_rows.rows()] == [1, 0]


def test_each_dead_worker_blames_its_own(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example", "b@health.example", "c@health.example", "d@health.example")
    ledger_rows.set(
        "state = 'taken', lease_until = now() - interval '1 second', "
        "phase = (recipient = 'a@health.example')::int, "
        "claimed_by = CASE WHEN recipient < 'c' THEN 'one:1:1' ELSE 'two:2:2' END"
    )

    assert engine.drain() == {"sent": 4}
    assert [row["attempt"] for row in ledger_rows.rows()] == [1, 1, 1, 0]
    assert [row["uncertain_times"] for row in ledger_rows.rows()] == [1, 0, 0, 0]


def test_from_the_second_time_on_it_waits_and_the_others_go(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("first@health.example", "second@health.example")
    ledger_rows.set(f"{DEAD_WORKER}, phase = 0, attempt = 1")

    assert engine.drain() == {"sent": 1}
    assert left_behind(ledger_rows)["first"] == (
        "pending",
        2,
        "A worker stopped while it was writing the message.",
    )


@pytest.mark.parametrize(("attempts", "state"), [(18, "pending"), (19, "dead")])
def test_in_the_end_it_is_set_aside(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice, attempts: int, state: str
) -> None:
    assert MOST_TEMPORARY_FAILURES == 20
    ask("first@health.example", payload={"text": "x"})
    ledger_rows.set(f"{DEAD_WORKER}, phase = 0, attempt = {attempts}")

    assert engine.drain() == {}
    row = ledger_rows.row()
    assert (row["state"], row["payload"] == {}) == (state, state == "dead")


def test_workers_that_die_of_it_again_and_again(
    ask: Ask,
    ledger_rows: Looker,
    post_office: PostOffice,
    worker_environment: dict[str, str],
) -> None:
    """It is the longest due, so every worker meets it first."""
    ask("poison@health.example")
    ask(*(f"person-{number}@health.example" for number in range(30)))

    def others_arrive() -> bool:
        subprocess.run([sys.executable, "-c", WORKER], env=worker_environment, check=False)
        return len(post_office.arrived) >= 30

    assert wait_until(others_arrive, seconds=90, every=0.5)
    assert set(post_office.ids().values()) == {1}
    state, attempts, _ = left_behind(ledger_rows)["poison"]
    assert (state, attempts) == ("pending", 2)
