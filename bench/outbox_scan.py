"""The due-scan with a million deliveries against ten thousand, alternately, in one PostgreSQL.

A scan is what a worker does at each waking: claim a batch and, here, give it back. Both ledgers
have a thousand that are due; the others were sent, or wait for their day.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from bench.outbox import environment_of, run
from bench.rows import Row
from ops.home import Home
from ops.services import services
from tests.ops.copies import Copy

FEW, MANY = 10_000, 1_000_000
DUE, BATCH, SCANS, WARMING = 1_000, 20, 400, 40
LARGE = "large"
# Of a hundred, nine sent in the past year for each that waits for a day of the coming one.
FILL: LiteralString = """
INSERT INTO organisations_delivery
    (kind, subject, recipient, offset_minutes, revision, payload, state, phase, due_at, sent_at,
     created_at, claimed_by, attempt, uncertain_times, reply, reason)
SELECT 'bench', 'about-' || n, n || '@school.example', 0, 0, '{}',
       CASE WHEN due OR n %% 10 = 0 THEN 'pending' ELSE 'sent' END,
       CASE WHEN due OR n %% 10 = 0 THEN 0 ELSE 2 END,
       CASE WHEN due THEN now() - interval '1 minute'
            WHEN n %% 10 = 0 THEN now() + interval '1 hour' + random() * interval '1 year'
            ELSE now() - interval '2 days' - random() * interval '1 year' END,
       CASE WHEN due OR n %% 10 = 0 THEN NULL
            ELSE now() - interval '1 day' - random() * interval '1 year' END,
       now(), '', 0, 0, '', ''
FROM (SELECT n, n <= %(due)s AS due FROM generate_series(1, %(number)s) n) numbers
"""
GIVE_BACK: LiteralString = """
UPDATE organisations_delivery SET state = 'pending', claimed_by = '', lease_until = NULL
WHERE id = ANY (%(ids)s)
"""


def scan(_: Copy) -> Iterator[Row]:
    """Two ledgers in one server, as the worker's role."""
    with (
        tempfile.TemporaryDirectory(prefix="tandem-bench-scan-") as folder,
        services(Home(Path(folder))) as running,
    ):
        environment = environment_of(running, folder, port=0)
        for command in (["create_roles"], ["migrate", "--database", "owner"]):
            run(["manage.py", *command], environment)
        times = json.loads(run(["-m", "bench.outbox_scan"], environment))
    yield Row("due-scan, 1M ÷ 10k deliveries", times["many"] / times["few"], "×", 1.3, 1.1)
    yield Row("due-scan with 1M deliveries", times["many"], "ms", None, None)


def main(environment: dict[str, str]) -> None:
    """Fill both, then scan by turns; prints the medians in milliseconds."""
    import django

    django.setup()
    superuser, worker = environment["SUPERUSER_DATABASE_URL"], environment["WORKER_DATABASE_URL"]
    name = urlsplit(superuser).path[1:]
    with psycopg.connect(database(superuser, "postgres"), autocommit=True) as server:
        copy = SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(copy.format(Identifier(LARGE), Identifier(name)))
    fill(superuser, FEW)
    fill(database(superuser, LARGE), MANY)
    with (
        psycopg.connect(worker, autocommit=True) as few,
        psycopg.connect(database(worker, LARGE), autocommit=True) as many,
    ):
        found: dict[str, list[float]] = {"few": [], "many": []}
        for _ in range(SCANS):
            found["few"].append(milliseconds(few))
            found["many"].append(milliseconds(many))
    print(json.dumps({key: statistics.median(each[WARMING:]) for key, each in found.items()}))


def fill(url: str, number: int) -> None:
    """A ledger of that many, as autovacuum would leave it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL, {"number": number, "due": DUE})
        connection.execute("VACUUM ANALYZE organisations_delivery")


def milliseconds(connection: psycopg.Connection[Any]) -> float:
    """How long one scan takes."""
    from organisations.outbox.ledger import CLAIM

    values = {"now": None, "size": BATCH, "worker": "bench:1:1", "lease": 120}
    began = time.perf_counter()
    rows = connection.execute(CLAIM.encode(), values).fetchall()
    took = time.perf_counter() - began
    assert len(rows) == BATCH
    connection.execute(GIVE_BACK, {"ids": [row[0] for row in rows]})
    return took * 1000


def database(url: str, name: str) -> str:
    """The same address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


if __name__ == "__main__":
    import os

    main(dict(os.environ))
