"""A sheet of 10,000 contacts against parsing and COPY into like tables.

In services of their own. Each round brings a sheet in, checks, applies and undoes it as the web
role and the worker do, with row security, audit and every check.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.outbox import environment_of, run
from bench.rows import Row
from ops.home import Home
from ops.services import services
from tests.ops.copies import Copy

STEPS = ("read", "check", "apply")


def sheets(_: Copy) -> Iterator[Row]:
    """Reading, checking and applying together, by themselves and as a ratio; undoing."""
    with (
        tempfile.TemporaryDirectory(prefix="tandem-bench-sheets-") as folder,
        services(Home(Path(folder))) as running,
    ):
        environment = environment_of(running, folder, 25)
        commands = (["create_roles"], ["migrate", "--database", "owner"], ["load_england"])
        for command in commands:
            run(["manage.py", *command], environment)
        rounds = json.loads(run(["-m", "bench.sheets_rounds"], environment))
    whole = [sum(each[step] for step in STEPS) for each in rounds]
    ratios = [all_of_it / each["plain"] for all_of_it, each in zip(whole, rounds, strict=True)]
    yield Row("10,000 contacts from a sheet", statistics.median(whole), "s")
    yield Row("10,000 contacts ÷ parsing + COPY", statistics.median(ratios), "×")
    yield Row("undoing 10,000 contacts", statistics.median(e["undo"] for e in rounds), "s")
