"""Measures everything, in a copy of its own that is thrown away afterwards."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from bench.england import england
from bench.outbox import outbox
from bench.outbox_scan import scan
from bench.pages import pages
from bench.planner import planner
from bench.rows import Row, show, write
from bench.sheets import sheets
from bench.slots import slots
from bench.small_numbers import small_numbers
from bench.starting import starts
from ops.home import Home
from tests.ops.copies import Copy


def main() -> int:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        copy = Copy(Path(folder) / "home")
        try:
            for measure in (
                starts,
                pages,
                planner,
                outbox,
                scan,
                england,
                sheets,
                slots,
                small_numbers,
            ):
                for row in measure(copy):
                    print(f"  {row.name}: {row.value:.2f} {row.unit}", flush=True)
                    rows.append(row)
        finally:
            if copy.process is not None and copy.process.poll() is None:
                copy.signal(signal.SIGINT)
    show(rows)
    path = Home().path / "bench" / "latest.json"
    write(rows, path)
    print(f"Written to {path}")
    return 1 if any(row.verdict() == "MISSED" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
