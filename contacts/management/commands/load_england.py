"""Loads England's organisations and areas from the files in `reference/`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.imports import england
from contacts.imports.files import BadFile
from contacts.management.progress import telling


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
            with telling(self.stdout, quiet=quiet) as report:
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
