"""Celery only wakes the outbox: losing the broker, or having many workers, changes nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as project_settings
from django.db import connections

from ops.leash import wait_until
from organisations import health, tasks
from organisations.outbox import engine
from organisations.tenancy.scope import NOBODY, Scope, acting, current_scope, serve
from tests.outbox.conftest import Ask, Looker
from tests.outbox.post_office import PostOffice


def test_four_workers_at_once_send_each_message_once(
    ask: Ask, ledger_rows: Looker, post_office: PostOffice, settings: Any
) -> None:
    settings.OUTBOX_BATCH = 5
    ask(*(f"person-{number}@health.example" for number in range(200)))
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        engine.drain()
        connections["worker"].close()
        connections["default"].close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert set(ledger_rows.states().values()) == {"sent"}
    assert set(post_office.ids().values()) == {1}
    assert len(post_office.ids()) == 200
    assert post_office.connections == 4, "all four had work"


@pytest.fixture
def no_broker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker that accepts connections and never answers: worse than one that is down."""
    monkeypatch.setattr(tasks, "_waker", tasks._Waker())
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        monkeypatch.setattr(tasks.current_app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
        monkeypatch.setattr(tasks.current_app.conf, "broker_write_url", None)
        yield


def test_without_a_broker_asking_works_and_the_clock_delivers(
    ask: Ask, no_broker: None, ledger_rows: Looker, post_office: PostOffice
) -> None:
    began = time.monotonic()
    ask("a@health.example")
    ask("b@health.example")
    took = time.monotonic() - began

    assert took < 10, "one patience of a second, then no more asking"
    tasks.send_due_mail()
    assert post_office.recipients() == ["a@health.example", "b@health.example"]


def test_whatever_waking_does_the_change_stays(
    ask: Ask, ledger_rows: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks._waker, "wake", lambda _task: 1 / 0)
    ask("a@health.example")

    assert ledger_rows.row()["state"] == "pending"


def test_a_task_acts_for_nobody_whatever_ran_before(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Scope] = []
    monkeypatch.setattr(health, "beat", lambda: seen.append(current_scope()))

    with acting(NOBODY):
        serve(Scope(organisation_id=1, user_id=2))
        tasks.heartbeat()

    assert seen == [NOBODY]


def test_a_drain_that_ran_out_of_time_wakes_the_next(
    ask: Ask, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[bool] = []
    ask("a@health.example")
    monkeypatch.setattr(tasks._waker, "wake", lambda _task: woken.append(True))
    monkeypatch.setattr(tasks, "LONGEST_DRAIN", -1.0)

    tasks.send_due_mail()
    assert woken == [True]

    monkeypatch.setattr(tasks, "LONGEST_DRAIN", 5.0)
    tasks.send_due_mail()
    assert woken == [True]


@contextmanager
def celery(environment: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Celery's worker with a clock inside, its output in a file, killed with its children."""
    command = [
        sys.executable, "-m", "celery", "--app=config", "worker", "--beat", "--concurrency=2",
        "--loglevel=INFO", "--without-gossip", "--without-mingle",
        f"--schedule={folder / 'beat'}",
    ]  # fmt: skip
    with (
        (folder / "celery.log").open("ab") as log,
        subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            yield process
        finally:
            kill_all_of(process)


def kill_all_of(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def broker() -> redis.Redis:
    return redis.Redis.from_url(project_settings.REDIS_URL.replace("redis+socket://", "unix://"))


def test_real_workers_killed_and_the_queue_wiped(
    ask_for_account_mail: Callable[[int], None],
    ledger_rows: Looker,
    post_office: PostOffice,
    worker_environment: dict[str, str],
    tmp_path: Path,
) -> None:
    number = 80
    post_office.delay = 0.02
    with celery(worker_environment, tmp_path):
        ask_for_account_mail(number)
        assert post_office.wait_for(20)
    broker().delete("celery", "unacked", "unacked_index")

    with celery(worker_environment, tmp_path):
        assert wait_until(lambda: set(ledger_rows.states().values()) == {"sent"}, seconds=60), (
            tmp_path / "celery.log"
        ).read_text()
        assert health.worker_beats()

    ids = post_office.ids()
    assert len(ids) == number
    assert sum(ids.values()) <= number + 2, "two processes were killed in the middle"
