"""A provider that is away is left in peace, ever longer, and found again without anybody's help."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from organisations import tasks
from organisations.outbox.outage import LONGEST, SHORTEST, SPREAD, Outage
from tests.outbox.conftest import Ask, Looker
from tests.outbox.post_office import PostOffice

AWAY, SENT, NOTHING = Counter(unreachable=1), Counter(sent=3), Counter[str]()


@dataclass
class Clock:
    """A clock that a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def rest_of(outage: Outage, clock: Clock) -> float:
    """How long it rests from now on, to the second."""
    began = clock.now
    while outage.resting():
        clock.now += 1
    return clock.now - began


def test_rests_double_up_to_a_limit(clock: Clock) -> None:
    outage = Outage(clock=clock, chance=lambda: 0.0)
    rests = []
    for _ in range(6):
        outage.note(AWAY)
        rests.append(rest_of(outage, clock))

    assert rests == [SHORTEST, 20, 40, 80, LONGEST, LONGEST]


def test_what_was_sent_ends_the_outage(clock: Clock) -> None:
    outage = Outage(clock=clock, chance=lambda: 0.0)
    for _ in range(4):
        outage.note(AWAY)
    outage.note(SENT)

    assert not outage.resting()
    outage.note(AWAY)
    assert rest_of(outage, clock) == SHORTEST


def test_nothing_to_send_says_nothing(clock: Clock) -> None:
    outage = Outage(clock=clock, chance=lambda: 0.0)
    outage.note(AWAY)
    outage.note(NOTHING)

    assert outage.resting()


def test_workers_do_not_come_back_at_the_same_moment() -> None:
    rests = set()
    for _ in range(20):
        clock = Clock()
        outage = Outage(clock=clock)
        for _ in range(5):
            outage.note(AWAY)
        rests.add(rest_of(outage, clock))

    assert len(rests) > 3
    assert min(rests) >= LONGEST * (1 - SPREAD)
    assert max(rests) <= LONGEST


def test_through_an_outage_and_back(
    ask: Ask,
    ledger_rows: Looker,
    post_office: PostOffice,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it rests nobody knocks; afterwards everything goes, with no attempt counted."""
    monkeypatch.setattr(tasks, "outage", Outage(clock=clock))
    ask("a@health.example", "b@health.example")
    port = post_office.port
    post_office.close()
    tasks.send_due_mail()

    post_office.open_at(port)
    tasks.send_due_mail()
    assert post_office.connections == 0, "it rests"

    clock.now += SHORTEST
    tasks.send_due_mail()
    assert post_office.recipients() == ["a@health.example", "b@health.example"]
    assert [row["attempt"] for row in ledger_rows.rows()] == [0, 0]
