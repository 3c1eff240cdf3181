"""Workers killed at any moment while they send through GOV.UK Notify: none lost, none twice."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable

from bench.notify_server import NotifyServer
from tests.outbox.conftest import Looker
from tests.outbox.test_crashes import all_settled, worker


def test_killed_workers_lose_nothing_and_repeat_nothing(
    ask_for_account_mail: Callable[[int], None],
    ledger_rows: Looker,
    notify: NotifyServer,
    notify_worker_environment: dict[str, str],
) -> None:
    """Two workers, one killed after the other in the middle of a batch; some answers are lost,
    some requests fail."""
    number, kills = 100, 5
    notify.delay, notify.lose = 0.01, 0.05
    ask_for_account_mail(number)

    with worker(notify_worker_environment):
        for kill in range(kills):
            with worker(notify_worker_environment) as victim:
                assert notify.wait_for((kill + 1) * number // (kills + 2))
                notify.fail_next(random.choice([500, 502, 503]))
                victim.send_signal(signal.SIGKILL)
                victim.wait()
        notify.lose = 0.0
        assert all_settled(ledger_rows)

    copies = notify.copies()
    assert len(copies) == number, "none lost"
    assert set(copies.values()) == {1}, "none twice"
    assert notify.asked, "what may have been taken was asked for"
    assert set(ledger_rows.states().values()) == {"sent"}


def test_a_worker_killed_while_it_waits_for_the_answer(
    ask_for_account_mail: Callable[[int], None],
    ledger_rows: Looker,
    notify: NotifyServer,
    notify_worker_environment: dict[str, str],
) -> None:
    notify.delay = 30  # it has the e-mail; the worker waits for its answer
    ask_for_account_mail(3)
    with worker(notify_worker_environment) as victim:
        assert notify.wait_for(1)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    assert sorted(row["phase"] for row in ledger_rows.rows()) == [0, 0, 1]

    notify.delay = 0
    with worker(notify_worker_environment):
        assert all_settled(ledger_rows)

    assert sorted(notify.copies().values()) == [1, 1, 1]
    assert notify.sent[0]["reference"] in notify.asked
