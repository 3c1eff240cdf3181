"""A part that keeps ending is started again ever more slowly, and its log is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import parts, supervisor
from ops.leash import Leashed
from ops.parts import Part


class Clock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Ended(Leashed):
    """A child that ended as soon as it was started, or lives on."""

    def __init__(self, code: int | None) -> None:
        self.code = code

    def poll(self) -> int | None:
        return self.code


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(parts, "time", clock)
    return clock


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(parts, "say", lines.append)
    return lines


def part_of(tmp_path: Path, codes: list[int | None]) -> Part:
    """A part whose children end with these codes, one after the other."""
    part = Part("web", log=tmp_path / "web.log", launch=lambda: Ended(codes.pop(0)))
    part.start()
    return part


def test_pauses_grow_and_the_log_is_named(tmp_path: Path, clock: Clock, said: list[str]) -> None:
    part = part_of(tmp_path, [1] * 10)
    for pause in ("0.5", "1", "2", "4", "8", "16", "30", "30"):
        part.tend()
        line = next(line for line in reversed(said) if "starting it again" in line)
        assert line == f"web stopped with exit code 1; starting it again in {pause} s."
        clock.now += float(pause)
        part.tend()
    assert said.count(f"web keeps stopping. The reason is at the end of {tmp_path}/web.log") == 6


def test_a_steady_life_forgives(tmp_path: Path, clock: Clock, said: list[str]) -> None:
    part = part_of(tmp_path, [-9, 1, None])
    part.tend()
    clock.now += 0.5
    part.tend()
    clock.now += parts.STEADY_AFTER + 1
    part.tend()
    assert said == [
        "web was killed by SIGKILL; starting it again in 0.5 s.",
        "web stopped with exit code 1; starting it again in 0.5 s.",
    ]


def test_a_living_part_is_left_alone(tmp_path: Path, clock: Clock, said: list[str]) -> None:
    part_of(tmp_path, [None]).tend()
    assert said == []


def test_logs_stay_small_and_writers_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LARGEST_LOG", 10)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"more than ten bytes\n")
        supervisor.keep_small(log)
        writer.write(b"after\n")
        supervisor.keep_small(log)
    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "web.log.1").read_bytes() == b"more than ten bytes\n"
