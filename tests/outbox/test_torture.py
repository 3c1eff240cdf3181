"""A short `make torture`: what it counts, and that the contract holds for both providers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from organisations.actor import Actor
from organisations.outbox import Kind, kinds
from tests.cast import Cast
from tests.outbox.conftest import Ask, Looker
from tests.outbox.test_waking import broker
from tests.touchpoints.scene import arrange
from torture import providers
from torture.apps import KIND
from torture.asking import Asker
from torture.changes import Changes
from torture.providers import Provider
from torture.storm import Result, Storm, passed

KEPT = Result(
    kills=100,
    lost=0,
    duplicates=3,
    most_copies=2,
    under_other_ids=0,
    sent_though_withdrawn=0,
    begun_before_withdrawn=1,
    asked=900,
    withdrawn=40,
    set_aside=0,
    wipes=4,
    restarts=2,
    seconds=60,
)


@pytest.mark.parametrize(("opened", "kills"), [(providers.mail_server, 4), (providers.notify, 4)])
def test_a_short_storm(
    opened: Callable[[], AbstractContextManager[Provider]],
    kills: int,
    cast: Cast,
    ledger_rows: Looker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    superuser_url = os.environ["SUPERUSER_DATABASE_URL"]
    monkeypatch.setitem(kinds._kinds, KIND, Kind(KIND, "Under torture", lambda delivery: None))  # type: ignore[arg-type, return-value]
    with opened() as provider:
        result = Storm(
            provider,
            os.environ,
            tmp_path,
            cast.school_editor,
            superuser_url,
            wipe=lambda: broker().delete("celery", "unacked", "unacked_index"),
            changes=Changes(arrange(cast), superuser_url, tmp_path),
        ).rage(kills)

    assert result.holds, result
    assert result.kills >= kills
    assert result.wipes >= 2
    assert result.most_copies <= 2
    assert result.asked > result.withdrawn
    assert result.changes
    assert result.about_touchpoints > 0
    if opened is providers.notify:
        assert result.duplicates == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"lost": 1},
        {"duplicates": 101},
        {"under_other_ids": 1},
        {"sent_though_withdrawn": 1},
        {"sent_though_changed": 1},
        {"set_aside": 1},
    ],
)
def test_a_broken_contract_is_noticed(broken: dict[str, Any]) -> None:
    assert KEPT.holds
    assert not Result(**{**KEPT.as_json(), **broken}).holds


class Scripted:
    """A provider that took what a test says."""

    def __init__(self, **copies: dict[str, int]) -> None:
        self._copies = {f"{name}@a.example": Counter(ids) for name, ids in copies.items()}

    def environment(self) -> dict[str, str]:
        return {}

    def taken(self) -> int:
        return 0

    def copies(self) -> dict[str, Counter[str]]:
        return self._copies


def test_what_it_counts(by: Actor, ledger_rows: Looker, tmp_path: Path) -> None:
    """One arrived, one lost, one twice, one under two ids, one withdrawn and yet sent."""
    provider = Scripted(once={"1": 1}, twice={"2": 2}, other={"3": 1, "4": 1}, back={"5": 1})
    names = ("once", "lost", "twice", "other", "back")
    asker = Asker(by, KIND, provider.taken, asked={f"{name}@a.example" for name in names})
    asker.withdrawn.add("back@a.example")
    storm = Storm(
        provider, {}, tmp_path, by, os.environ["SUPERUSER_DATABASE_URL"], wipe=lambda: None
    )

    result = storm._count(asker, 1, 0, 0, 1.0)

    assert (result.lost, result.duplicates, result.most_copies) == (1, 2, 2)
    assert (result.under_other_ids, result.sent_though_withdrawn) == (1, 1)


def test_parts_of_the_way() -> None:
    assert [n for n in range(10) if passed(n, n + 1, 10, parts=5)] == [1, 3, 5, 7]


@pytest.mark.parametrize(("handed_over", "too_late"), [(0, 1), (1, 0)])
def test_begun_before_it_was_withdrawn_is_not_sent_too_late(
    ask: Ask,
    by: Actor,
    ledger_rows: Looker,
    tmp_path: Path,
    handed_over: int,
    too_late: int,
) -> None:
    """A worker was killed in the middle of handing it over; then it was withdrawn."""
    ask("back@a.example")
    ledger_rows.set(
        f"kind = '{KIND}', state = 'cancelled', payload = '{{}}', uncertain_times = {handed_over}"
    )
    provider = Scripted(back={"5": 1})
    asker = Asker(by, KIND, provider.taken, asked={"back@a.example"})
    storm = Storm(
        provider, {}, tmp_path, by, os.environ["SUPERUSER_DATABASE_URL"], wipe=lambda: None
    )

    result = storm._count(asker, 1, 0, 0, 1.0)

    assert (result.sent_though_withdrawn, result.begun_before_withdrawn) == (too_late, handed_over)
