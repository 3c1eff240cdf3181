"""The next clear days of a large partnership against its organisation's list of partnerships.

In services of their own: twelve members, each with its own term dates or busy periods for two
years, quiet periods that all have agreed, and touchpoints every other week.
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


def slots(_: Copy) -> Iterator[Row]:
    """Both as somebody signed in asks for them, in their scope and a transaction of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="tandem-bench-slots-") as folder,
        services(Home(Path(folder))) as running,
    ):
        environment = environment_of(running, folder, 25)
        commands = (
            ["create_roles"],
            ["migrate", "--database", "owner"],
            ["load_england"],
            ["collectstatic", "--no-input", "--verbosity", "0"],
        )
        for command in commands:
            run(["manage.py", *command], environment)
        rounds = json.loads(run(["-m", "bench.slots_rounds"], environment))
    ratio = statistics.median(each["slots"] / each["list"] for each in rounds)
    yield Row("next clear slots (12 members, 2 years) ÷ list page", ratio, "×", must=1.0, aim=0.5)
    took = 1000 * statistics.median(each["slots"] for each in rounds)
    yield Row("next clear slots (12 members, 2 years)", took, "ms")
