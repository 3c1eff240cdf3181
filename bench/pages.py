"""The list of partnerships measured against a bare page for a signed-in person."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from bench.browser import Browser
from bench.load import Load, memory, run
from bench.rows import Row
from ops.leash import wait_until
from ops.parts import web
from ops.readiness import missing
from ops.supervisor import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.ops.copies import Copy, free_port

ROUNDS = 5
SECONDS = 2.0
HELLO = "/hello/"
LOADED = re.compile(rb'(?:<link[^>]+href|<(?:script|img)[^>]+src)="(/static/[^"]+)"')


def pages(copy: Copy) -> Iterator[Row]:
    """All rows about pages, from one web server with the bare page beside the real ones."""
    with web_server(copy) as (port, servers):
        browser = Browser(port)
        browser.sign_in(DEMO_ACCOUNTS[0], DEMO_PASSWORD)
        home, _ = browser.follow("/")
        listing = f"{home}partnerships/"
        rounds = [
            {
                path: run(
                    path, port=port, cookies=browser.cookies, servers=servers, seconds=SECONDS
                )
                for path in (HELLO, listing)
            }
            for _ in range(ROUNDS + 1)
        ][1:]  # the first warms up
        yield from ratios(rounds, listing)
        used = memory(servers)
        yield Row("memory, web master + 2 workers", used, "MB", must=200, aim=150)
        yield Row("page weight, first view", weight(browser, home), "kB", must=90, aim=60)
    yield Row("SQL statements of the list", statements(copy, listing), "", must=7, aim=5)


def ratios(rounds: list[dict[str, Load]], listing: str) -> Iterator[Row]:
    def median(of: str) -> float:
        each: list[float] = [getattr(one[listing], of) / getattr(one[HELLO], of) for one in rounds]
        return statistics.median(each)

    yield Row("list ÷ hello, requests/s", median("per_second"), "×", 0.30, 0.5, "higher")
    yield Row("list ÷ hello, p95", median("p95"), "×", must=3.5, aim=2)
    yield Row("list ÷ hello, CPU a request", median("cpu_seconds"), "×", must=4, aim=2.5)


@contextmanager
def web_server(copy: Copy) -> Iterator[tuple[int, list[int]]]:
    """The copy's web server once more, on another port, with the bare page; its processes."""
    port = free_port()
    environment = (
        os.environ
        | copy.services()
        | {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "TANDEM_HOME": str(copy.home.path),
            "PORT": str(port),
        }
    )
    part = web(copy.home, port=port, environment=environment, held=())
    part.start()
    try:
        assert wait_until(lambda: not missing(port), seconds=60), part.log.read_text()[-2000:]
        master = part.leashed.pid
        workers = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(master)], capture_output=True, text=True, check=True
        )
        yield port, [master, *map(int, workers.stdout.split())]
    finally:
        part.stop()


def weight(browser: Browser, page: str) -> float:
    """Kilobytes over the wire for a page and all it loads, with an empty cache."""
    total = len(browser.get(page, encoding="br, gzip").body)
    for path in set(LOADED.findall(browser.get(page).body)):
        total += len(browser.get(path.decode(), encoding="br, gzip").body)
    return total / 1000


def statements(copy: Copy, listing: str) -> int:
    """How many messages the database is sent for one page, counted in its own log."""
    log_statements(copy, "all")
    try:
        with web_server(copy) as (port, _):
            browser = Browser(port)
            browser.sign_in(DEMO_ACCOUNTS[0], DEMO_PASSWORD)
            browser.get(listing)
            log = copy.home.logs / "postgres.log"
            before = log.stat().st_size
            browser.connection.close()
            assert browser.get(listing).status == 200
            assert wait_until(lambda: log.stat().st_size > before, seconds=10)
            lines = log.read_bytes()[before:].decode().splitlines()
    finally:
        log_statements(copy, "none")
    # The workers of the copy itself go on writing; only the web role's lines count.
    return sum(bool(re.search(r"tandem_web .*LOG:  (statement|execute)", line)) for line in lines)


def log_statements(copy: Copy, which: str) -> None:
    with psycopg.connect(
        host=str(copy.home.sockets()),
        user="postgres",
        password=copy.home.secret("postgres-superuser"),
        dbname="tandem",
    ) as connection:
        connection.execute(
            sql.SQL("ALTER ROLE tandem_web SET log_statement = {}").format(sql.Literal(which))
        )
