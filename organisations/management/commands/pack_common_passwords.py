"""Make the list of common passwords anew: `manage.py pack_common_passwords WORDS LONG`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from organisations.signing_in.common_passwords import LIST, pack

# Shorter ones of the long list are refused by their length.
SHORTEST_ALLOWED = 12


class Command(BaseCommand):
    """Packs the two lists that reference/passwords/README.md names."""

    help = "Pack lists of common passwords into reference/passwords/common.bin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", type=Path, help="a JSON list; all of it is taken")
        parser.add_argument("long", type=Path, help="one a line; those of 12 characters are taken")

    def handle(self, *args: Any, **options: Any) -> None:
        passwords = set(json.loads(options["words"].read_text("utf-8")))
        lines = options["long"].read_text("utf-8", errors="ignore").splitlines()
        passwords |= {line for line in lines if len(line) >= SHORTEST_ALLOWED}
        packed = pack(passwords)
        LIST.write_bytes(packed)
        self.stdout.write(f"{len(passwords)} passwords, {len(packed)} bytes")
