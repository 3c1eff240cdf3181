"""Loading England against parsing and COPY into like tables; searches against raw pg_trgm.

Both in services of their own, whose database is emptied between rounds.
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


def england(_: Copy) -> Iterator[Row]:
    """First load, load of the same files again, and searches with typing errors."""
    with (
        tempfile.TemporaryDirectory(prefix="tandem-bench-england-") as folder,
        services(Home(Path(folder))) as running,
    ):
        environment = environment_of(running, folder, 25)
        for command in (["create_roles"], ["migrate", "--database", "owner"]):
            run(["manage.py", *command], environment)
        rounds = json.loads(run(["-m", "bench.england_rounds"], environment))
        official = json.loads(run(["-m", "bench.official_rounds"], environment))
        found_people = run(["-m", "bench.people_rounds"], environment)
        found_records = run(["-m", "bench.records_rounds"], environment)

    def median(of: str, against: str) -> float:
        each_round: list[float] = [each[of] / each[against] for each in rounds]
        return statistics.median(each_round)

    seconds = statistics.median(each["load"] for each in rounds)
    yield Row("England, first load", seconds, "s", must=10, aim=5)
    yield Row("England, first load ÷ parsing + COPY", median("load", "plain"), "×", 4, 2.5)
    again = 1000 * statistics.median(each["nothing new"] for each in rounds)
    yield Row("England, nothing new", again, "ms", must=500, aim=50)
    yield Row("search with typing errors ÷ raw pg_trgm", median("search", "trigrams"), "×", 3, 1.5)
    official_rounds = official["rounds"]
    ratio = statistics.median(each["import"] / each["plain"] for each in official_rounds)
    yield Row("official file of 52,000 schools ÷ parsing + COPY", ratio, "×", must=6, aim=3)
    ratio = statistics.median(each["again"] / each["plain"] for each in official_rounds)
    yield Row("the same file again ÷ parsing + COPY", ratio, "×", must=6, aim=3)
    yield Row("memory of that import", official["memory"], "MB", must=300, aim=200)
    people = json.loads(found_people)
    ratio = statistics.median(each["search"] / each["trigrams"] for each in people)
    yield Row("people search with typing errors ÷ raw pg_trgm", ratio, "×", must=3, aim=1.5)
    ratio = statistics.median(each["search"] / each["plain"] for each in json.loads(found_records))
    yield Row("rare-term search ÷ without row security", ratio, "×", must=3, aim=1.5)
