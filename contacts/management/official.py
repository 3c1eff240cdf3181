"""What the commands that bring in official files have in common."""

from __future__ import annotations

import resource
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from contacts.imports.files import BadFile
from contacts.imports.official import bringing_in, undoing
from contacts.management.progress import telling
from contacts.models import Sort


class OfficialCommand(BaseCommand):
    """Brings files of one publisher in, or undoes an import."""

    publisher: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help="as downloaded: csv or zip"
        )
        parser.add_argument("--undo", metavar="IMPORT", help="undo an import, by its reference")
        parser.add_argument("--quiet", action="store_true", help="say nothing unless it fails")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring in; a file that is not right ends the command, and then nothing was written."""
        quiet = options["quiet"] or options["verbosity"] == 0
        if bool(options["undo"]) == bool(options["files"]):
            raise CommandError("Name one or more files, or an import to undo")
        if options["undo"]:
            self._undo(options["undo"], quiet=quiet)
            return
        try:
            with telling(self.stdout, quiet=quiet) as report:
                result = bringing_in.bring_in(self.publisher, options["files"], report)
        except BadFile as problem:
            raise CommandError(f"{problem}. Nothing has been written.") from problem
        if not quiet:
            self._say(result)

    def _say(self, result: bringing_in.Result) -> None:
        labels: Mapping[str, str] = dict(Sort.choices)
        for note in result.notes.said[:20]:
            self.stdout.write(f"  {note}")
        if (more := result.notes.total - 20) > 0:
            self.stdout.write(f"  and {more:,} more notes")
        if result.ref is None:
            self.stdout.write(f"{result.rows:,} rows read; no change.")
            return
        for sort, label in labels.items():
            if count := result.counts.get(sort):
                self.stdout.write(f"  {count:>7,} {label.lower()}")
        if result.conflicts:
            self.stdout.write(f"  {result.conflicts:>7,} to review: people said otherwise")
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stdout.write(
            f"{result.rows:,} rows read, at most {used} MB used. Undo it with --undo {result.ref}"
        )

    def _undo(self, ref: str, *, quiet: bool) -> None:
        try:
            count = undoing.undo(ref)
        except undoing.Refused as problem:
            raise CommandError(str(problem)) from problem
        if not quiet:
            self.stdout.write(f"{count:,} changes undone.")
