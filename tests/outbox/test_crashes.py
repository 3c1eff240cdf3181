"""Workers that die, are paused or race with a withdrawal: nothing lost, nothing sent too late."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction

from organisations import outbox
from organisations.actor import Actor
from organisations.outbox import engine
from organisations.outbox.ledger import Accepted, Ledger
from organisations.tenancy.scope import acting
from tests.outbox.conftest import Ask, Looker
from tests.outbox.post_office import PostOffice

DEAD_WORKER = "claimed_by = 'dead:1:1', state = 'taken', lease_until = now() - interval '1 second'"
WORKER = """
import django, time
django.setup()
from organisations.outbox import engine
while True:
    engine.drain()
    time.sleep(0.05)
"""


def test_what_a_dead_worker_never_began_is_due_again(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example")
    ledger_rows.set(f"{DEAD_WORKER}, phase = 0")

    assert engine.drain() == {"sent": 1}

    row = ledger_rows.row()
    assert (row["state"], row["uncertain_times"]) == ("sent", 0)


def test_what_a_dead_worker_was_handing_over_goes_again_with_the_same_id(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example")
    engine.drain()
    ledger_rows.set(f"{DEAD_WORKER}, phase = 1, sent_at = NULL")

    assert engine.drain() == {"sent": 1}

    row = ledger_rows.row()
    assert (row["state"], row["attempt"], row["uncertain_times"]) == ("sent", 1, 1)
    assert list(post_office.ids().values()) == [2]


@pytest.mark.parametrize(("policy", "before"), [("park", 0), ("resend", 3)])
def test_what_may_have_gone_out_often_enough_waits_for_a_person(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice, settings: Any, policy: str, before: int
) -> None:
    settings.OUTBOX_UNCERTAIN = policy
    ask("a@health.example")
    ledger_rows.set(f"{DEAD_WORKER}, phase = 1, uncertain_times = {before}")

    assert engine.drain() == {}

    assert ledger_rows.row()["state"] == "uncertain"
    assert post_office.arrived == []


def test_what_a_dead_worker_saw_accepted_is_sent(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example", payload={"text": "x"})
    ledger_rows.set(f"{DEAD_WORKER}, phase = 2, sent_at = now()")

    assert engine.drain() == {}

    assert (ledger_rows.row()["state"], ledger_rows.row()["payload"]) == ("sent", {})
    assert post_office.arrived == []


def test_a_living_workers_batch_is_left_alone(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example")
    taken = Ledger("other:1:1", lease=60).claim(10)

    assert len(taken) == 1
    assert engine.drain() == {}
    assert ledger_rows.row()["claimed_by"] == "other:1:1"


def test_nothing_is_begun_near_the_end_of_the_lease(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example")
    ledger = Ledger("paused:1:1", lease=60)
    (delivery,) = ledger.claim(10)

    ledger_rows.set("lease_until = now() + interval '11 seconds'")
    assert not ledger.begin(delivery)
    ledger_rows.set("lease_until = now() + interval '13 seconds'")
    assert ledger.begin(delivery)


def test_a_worker_that_lost_its_lease_marks_nothing(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example")
    slow, quick = Ledger("slow:1:1", lease=60), Ledger("quick:1:1", lease=60)
    (delivery,) = slow.claim(10)
    ledger_rows.set("lease_until = now() - interval '1 second'")
    quick.reap()
    quick.claim(10)

    assert not slow.begin(delivery)
    assert not slow.done(Accepted(delivery, "OK"))
    slow.cancel(delivery, "no")
    slow.close([delivery])

    row = ledger_rows.row()
    assert (row["state"], row["claimed_by"], row["phase"]) == ("taken", "quick:1:1", 0)


def test_recording_one_and_beginning_the_next_is_one_step(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example", "b@health.example")
    ledger = Ledger("w:1:1", lease=60)
    first, second = ledger.claim(10)
    assert ledger.begin(first)

    assert ledger.begin(second, after=Accepted(first, "OK"))

    assert [row["phase"] for row in ledger_rows.rows()] == [2, 1]


def test_a_withdrawal_under_way_stops_the_sending(
    ask: Ask, by: Actor, ledger_rows: Looker, post_office: PostOffice
) -> None:
    """The worker does not wait for the request, and sends nothing until it knows."""
    ask("a@health.example")
    ledger = Ledger("w:1:1", lease=60)
    (delivery,) = ledger.claim(10)

    with acting(by.scope), transaction.atomic():
        assert outbox.withdraw(subject="about-this", reason="Called off.") == 1
        assert not ledger.begin(delivery)
        ledger.close([delivery])

    assert ledger_rows.row()["state"] == "cancelled"


def test_a_withdrawal_rolled_back_leaves_the_message_due(
    ask: Ask, by: Actor, ledger_rows: Looker, post_office: PostOffice
) -> None:
    ask("a@health.example")
    with suppress(ZeroDivisionError), acting(by.scope), transaction.atomic():
        outbox.withdraw(subject="about-this", reason="Called off.")
        assert engine.drain() == {}
        _ = 1 / 0

    assert engine.drain() == {"sent": 1}


def test_withdrawals_racing_with_a_sending_worker(
    ask: Ask, by: Actor, ledger_rows: Looker, post_office: PostOffice, settings: Any
) -> None:
    """Whatever a withdrawal counted was not sent; whatever it did not count was."""
    settings.OUTBOX_BATCH = 5
    subjects = [f"touchpoint-{number}" for number in range(60)]
    for subject in subjects:
        ask(f"{subject}@health.example", subject=subject)
    withdrawn: set[str] = set()

    def withdraw_all() -> None:
        for subject in reversed(subjects):
            with acting(by.scope), transaction.atomic():
                if outbox.withdraw(subject=subject, reason="Called off."):
                    withdrawn.add(f"{subject}@health.example")
        connections["default"].close()

    office = threading.Thread(target=withdraw_all)
    office.start()
    engine.drain()
    office.join()
    engine.drain()

    states = ledger_rows.states()
    assert {to for to, state in states.items() if state == "cancelled"} == withdrawn
    assert set(post_office.recipients()) == set(states) - withdrawn
    assert set(states.values()) <= {"sent", "cancelled"}
    assert max(post_office.ids().values(), default=1) == 1


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, killed at the end."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_killed_workers_lose_nothing(
    ask_for_account_mail: Callable[[int], None],
    ledger_rows: Looker,
    post_office: PostOffice,
    worker_environment: dict[str, str],
) -> None:
    """Two workers, one killed after the other in the middle of a batch."""
    number, kills = 120, 5
    post_office.delay = 0.01
    ask_for_account_mail(number)

    with worker(worker_environment):
        for kill in range(kills):
            with worker(worker_environment) as victim:
                assert post_office.wait_for((kill + 1) * number // (kills + 2))
                victim.send_signal(signal.SIGKILL)
                victim.wait()
        assert all_settled(ledger_rows)

    ids = post_office.ids()
    assert len(ids) == number, "none lost"
    assert sum(ids.values()) - number <= kills
    assert set(ledger_rows.states().values()) == {"sent"}


def test_a_worker_killed_in_the_middle_of_handing_over(
    ask_for_account_mail: Callable[[int], None],
    ledger_rows: Looker,
    post_office: PostOffice,
    worker_environment: dict[str, str],
) -> None:
    post_office.delay = 30  # it has the text; the worker waits for its answer
    ask_for_account_mail(3)
    with worker(worker_environment) as victim:
        assert post_office.wait_for(1)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    assert sorted(row["phase"] for row in ledger_rows.rows()) == [0, 0, 1]

    post_office.delay = 0
    with worker(worker_environment):
        assert all_settled(ledger_rows)

    assert sorted(post_office.ids().values()) == [1, 1, 2]
    assert [row["uncertain_times"] for row in ledger_rows.rows()].count(1) == 1


def test_a_worker_whose_database_goes_away_gives_its_batch_back(
    ask: Ask,
    ledger_rows: Looker,
    post_office: PostOffice,
    superuser: psycopg.Connection[Any],
    settings: Any,
) -> None:
    """The connection is cut in the middle; the lease brings everything back."""
    settings.OUTBOX_LEASE_SECONDS = 1.0
    settings.OUTBOX_BATCH = 3
    ask("a@health.example", "b@health.example", "c@health.example")
    cut = threading.Event()

    def cut_after_the_first() -> None:
        assert post_office.wait_for(1)
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename = 'tandem_worker' AND datname = current_database()"
        )
        cut.set()

    post_office.delay = 0.2
    saboteur = threading.Thread(target=cut_after_the_first)
    saboteur.start()
    with pytest.raises(Exception, match=r"terminat|clos"):
        engine.drain()
    saboteur.join()
    assert cut.is_set()
    connections["worker"].close()
    post_office.delay = 0

    assert all_settled(ledger_rows, drain=True)
    assert set(ledger_rows.states().values()) == {"sent"}
    assert sorted(post_office.ids().values()) in ([1, 1, 1], [1, 1, 2])


def all_settled(ledger_rows: Looker, *, drain: bool = False) -> bool:
    """Wait until every row is sent."""
    from ops.leash import wait_until

    def settled() -> bool:
        if drain:
            engine.drain()
        return set(ledger_rows.states().values()) == {"sent"}

    return wait_until(settled, seconds=60)
