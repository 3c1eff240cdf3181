"""Run by `bench.england` inside an environment of its own; prints its rounds as JSON.

A file of 52,000 schools in the official format, of the size that it has: bringing it in over the
shipped data, against parsing it with `csv` and copying it into a table of text.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connections, transaction  # noqa: E402

from bench.england_rounds import seconds, silent  # noqa: E402
from contacts.imports import england  # noqa: E402
from contacts.imports.official.bringing_in import GIAS, bring_in  # noqa: E402
from contacts.imports.official.undoing import undo  # noqa: E402
from tests.contacts.official import downloads as of  # noqa: E402

ROUNDS = 3
CLOSED = 27_000
FILLING = "Not applicable"


def main() -> None:
    england.load(england.REFERENCE, silent)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edubasealldata20261120.csv"
        write(path)
        rounds = [one_round(path) for _ in range(ROUNDS)]
        print(json.dumps({"rounds": rounds, "memory": memory(path)}))


def write(path: Path) -> None:
    """Every shipped school with a home page that is not held yet, and those closed long ago."""
    filling = dict.fromkeys((name for name in of.COLUMNS if name not in WRITTEN), FILLING)
    with path.open("w", encoding="cp1252", errors="replace", newline="") as opened:
        writer = csv.DictWriter(opened, of.COLUMNS, restval="", lineterminator="\r\n")
        writer.writeheader()
        for row in of.shipped_schools():
            site = {"SchoolWebsite": f"www.school-{row['URN']}.example"}
            writer.writerow(filling | row | site)
        for number in range(CLOSED):
            closed = {"EstablishmentStatus (code)": "2", "CloseDate": "31-08-2001"}
            row = of.school(str(800_000 + number), f"School {number}", **closed)
            writer.writerow(filling | row)


WRITTEN = frozenset((*next(of.shipped_schools()), "SchoolWebsite", "CloseDate", "OpenDate"))


def one_round(path: Path) -> dict[str, float]:
    """Seconds of each, one after the other."""
    refs: list[str | None] = []
    found = {
        "plain": seconds(lambda: parse_and_copy(path)),
        "import": seconds(lambda: refs.append(bring_in(GIAS, [path], silent).ref)),
        "again": seconds(lambda: bring_in(GIAS, [path], silent)),
    }
    for ref in refs:
        if ref:
            found["undo"] = seconds(lambda ref=ref: undo(ref))  # type: ignore[misc]
    return found


def parse_and_copy(path: Path) -> None:
    """The same file into a table of text, nothing understood."""
    with (
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
        path.open(encoding="cp1252", newline="") as opened,
    ):
        rows = csv.reader(opened)
        columns = ", ".join(f"c{place} text" for place, _ in enumerate(next(rows)))
        cursor.execute(f"CREATE TEMP TABLE plain ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY plain FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)


def memory(path: Path) -> float:
    """Megabytes that the command says it used."""
    done = subprocess.run(
        [sys.executable, "manage.py", "import_gias", str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    used = re.search(r"at most (\d+) MB used", done.stdout)
    if used is None:
        raise RuntimeError(done.stdout)
    return float(used[1])


if __name__ == "__main__":
    main()
