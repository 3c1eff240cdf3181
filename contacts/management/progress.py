"""Tells whoever waits for a command how far it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from contacts.imports.england import Progress as Report


class Writes(Protocol):
    """Where a command says things."""

    def write(self, msg: str) -> object: ...


@contextmanager
def telling(out: Writes, *, quiet: bool) -> Iterator[Report]:
    """A bar on a terminal, a line a stage elsewhere, or nothing."""
    if quiet:
        yield nothing
    elif sys.stderr.isatty():
        with bar() as report:
            yield report
    else:
        yield Lines(out)


class Lines:
    """Says each stage once."""

    def __init__(self, out: Writes) -> None:
        self.out = out
        self.said = ""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        if stage != self.said:
            self.said = stage
            self.out.write(stage)


def nothing(stage: str, done: int = 0, total: int = 0) -> None:
    """Say nothing."""


@contextmanager
def bar() -> Iterator[Report]:
    """A bar on the terminal's error stream, gone when the work is done."""
    columns = (TextColumn("  {task.description:<34}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def report(stage: str, done: int = 0, total: int = 0) -> None:
            shown.update(task, description=stage, completed=done, total=total or None)

        yield report
