"""Loads England's organisations and areas from the files in `reference/`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from contacts.imports import england
from contacts.imports.files import BadFile


class Command(BaseCommand):
    help = "Load England's organisations, areas and role types; nothing is loaded twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing unless it fails")
        parser.add_argument("--again", action="store_true", help="also when nothing has changed")
        parser.add_argument(
            "--reference",
            type=Path,
            default=england.REFERENCE,
            help="folder with england/ and framework/ (default: reference/ beside the code)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; a file that is not right ends the command, and then nothing was written."""
        quiet = options["quiet"] or options["verbosity"] == 0
        try:
            with self.progress(quiet) as report:
                written = england.load(options["reference"], report, again=options["again"])
        except BadFile as problem:
            raise CommandError(f"{problem}. Nothing has been written.") from problem
        if quiet:
            return
        if written is None:
            self.stdout.write("England is up to date.")
            return
        changed = {what: count for what, count in written.items() if count}
        for what, count in changed.items():
            self.stdout.write(f"  {count:>7,} {what}")
        self.stdout.write("England is loaded." if changed else "England is loaded; no change.")

    @contextmanager
    def progress(self, quiet: bool) -> Iterator[england.Progress]:
        """A bar on a terminal, a line a stage elsewhere, or nothing."""
        if quiet:
            yield nothing
        elif sys.stderr.isatty():
            with bar() as report:
                yield report
        else:
            yield Lines(self)


class Lines:
    """Says each stage once."""

    def __init__(self, command: BaseCommand) -> None:
        self.command = command
        self.said = ""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        if stage != self.said:
            self.said = stage
            self.command.stdout.write(stage)


def nothing(stage: str, done: int = 0, total: int = 0) -> None:
    """Say nothing."""


@contextmanager
def bar() -> Iterator[england.Progress]:
    """A bar on the terminal's error stream, gone when the work is done."""
    columns = (TextColumn("  {task.description:<34}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def report(stage: str, done: int = 0, total: int = 0) -> None:
            shown.update(task, description=stage, completed=done, total=total or None)

        yield report
