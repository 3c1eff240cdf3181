"""What `make torture` makes of changes, beginnings and the messages that arrived."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from organisations.models import Delivery
from organisations.outbox.identity import message_id
from torture.changes import Change, judge

THEN = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
BEFORE, AFTER = THEN - timedelta(seconds=1), THEN + timedelta(seconds=1)
MOVED = Change("moved", THEN, ["meeting"], revision=1)
OFF = Change("taken off", THEN, ["meeting"], postings=[7])


def row(**more: object) -> Delivery:
    values = {
        "id": 1,
        "kind": "touchpoint_invitation",
        "subject": "meeting",
        "recipient": "a@a.example",
        "posting_id": 7,
        "state": "sent",
    }
    return Delivery(**{**values, **more})


@pytest.mark.parametrize(
    ("delivery", "change", "begun", "too_late"),
    [
        (row(), MOVED, [BEFORE], 0),
        (row(), MOVED, [BEFORE, AFTER], 1),
        (row(revision=1), MOVED, [AFTER], 0),
        (row(subject="another"), MOVED, [AFTER], 0),
        (row(), OFF, [AFTER], 1),
        (row(revision=3), OFF, [AFTER], 1),
        (row(kind="touchpoint_taken_off"), OFF, [AFTER], 0),
        (row(kind="touchpoint_taken_off"), MOVED, [AFTER], 0),
        (row(posting_id=8), OFF, [AFTER], 0),
        # Withdrawn, and nobody was killed while it was handed over.
        (row(state="cancelled"), MOVED, [BEFORE], 1),
    ],
)
def test_a_message_that_a_change_should_have_stopped(
    delivery: Delivery, change: Change, begun: list[datetime], too_late: int
) -> None:
    arrived = Counter([message_id(delivery)])
    verdict = judge([delivery], {1: begun}, [change], arrived)
    assert (verdict.sent_though_changed, verdict.begun_before_changed) == (too_late, 0)
    assert (verdict.about_touchpoints, verdict.under_other_ids) == (1, 0)


def test_a_killed_worker_may_have_handed_it_over_before() -> None:
    delivery = row(state="cancelled", uncertain_times=1)
    verdict = judge([delivery], {1: [BEFORE]}, [MOVED], Counter([message_id(delivery)]))
    assert (verdict.sent_though_changed, verdict.begun_before_changed) == (0, 1)


def test_what_else_it_counts() -> None:
    lost, twice = row(id=1), row(id=2, recipient="b@a.example")
    stopped = row(id=3, recipient="c@a.example", state="cancelled", posting_id=9)
    set_aside = row(id=4, recipient="d@a.example", state="uncertain")
    copies = Counter({message_id(twice): 2, "<of-no-delivery@tandem.example>": 1})
    verdict = judge([lost, twice, stopped, set_aside], {}, [MOVED, OFF], copies)
    assert (verdict.lost, verdict.duplicates, verdict.most_copies) == (1, 1, 2)
    assert (verdict.under_other_ids, verdict.set_aside, verdict.stopped_by_a_change) == (1, 1, 1)
    assert verdict.changes == {"moved": 1, "taken off": 1}
