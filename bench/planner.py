"""The planner of an organisation with thousands of items, held to the budget of the list page."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import psycopg

from bench.browser import Browser
from bench.load import Load, run
from bench.pages import HELLO, ROUNDS, SECONDS, web_server
from bench.rows import Row
from ops.supervisor import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.ops.copies import Copy

ITEMS, PARTNERSHIPS = 5_000, 40
FILL = f"""
    INSERT INTO record_partnership (ref, owner_id, name, purpose, opened_at, opened_by_id, acl)
    SELECT tandem.new_ref(), p.owner_id, 'Partnership ' || n, '', now(), p.opened_by_id, '{{}}'
    FROM generate_series(1, {PARTNERSHIPS}) n,
        (SELECT * FROM record_partnership ORDER BY id LIMIT 1) p;
    INSERT INTO record_member (partnership_id, organisation_id, side, state, added_at,
        decline_reason, acl)
    SELECT p.id, m.organisation_id, m.side, 'accepted', now(), '', '{{}}'
    FROM record_partnership p, record_member m
    WHERE p.name LIKE 'Partnership %'
        AND m.partnership_id = (SELECT min(id) FROM record_partnership) AND m.state = 'accepted';
    INSERT INTO touchpoints_touchpoint (ref, partnership_id, author_organisation_id, author_id,
        kind, starts_at, minutes, venue, agenda, revision, state, outcome_notes, created_at,
        reminder_minutes, acl)
    SELECT tandem.new_ref(), p.id, p.owner_id, p.opened_by_id, 'update',
        date_trunc('year', now()) + n % 700 * interval '1 day' + (9 + n % 7) * interval '1 hour',
        30, '', '', 0, 'scheduled', '', now(), '{{1440}}', '{{}}'
    FROM generate_series(1, {ITEMS * 2}) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM record_partnership
          WHERE name LIKE 'Partnership %') p ON p.place = n % {PARTNERSHIPS};
"""


def planner(copy: Copy) -> Iterator[Row]:
    """What a planner of thousands takes, as often as the bare page and the list of partnerships."""
    fill(copy)
    with web_server(copy) as (port, servers):
        browser = Browser(port)
        browser.sign_in(DEMO_ACCOUNTS[0], DEMO_PASSWORD)
        home, _ = browser.follow("/")
        listing, planned = f"{home}partnerships/", f"{home}planner/"
        rounds = [
            {
                path: run(
                    path, port=port, cookies=browser.cookies, servers=servers, seconds=SECONDS
                )
                for path in (HELLO, listing, planned)
            }
            for _ in range(ROUNDS + 1)
        ][1:]  # the first warms up

    def median(of: str, beside: str) -> float:
        return statistics.median(part(one[planned], of) / part(one[beside], of) for one in rounds)

    name = "planner of 5,000 items"
    yield Row(f"{name} ÷ hello, CPU a request", median("cpu_seconds", HELLO), "×", must=4, aim=2.5)
    yield Row(f"{name} ÷ hello, p95", median("p95", HELLO), "×", must=3.5, aim=2)
    yield Row(f"{name} ÷ list page, CPU a request", median("cpu_seconds", listing), "×")


def part(load: Load, of: str) -> float:
    """One number of a load."""
    value: float = getattr(load, of)
    return value


def fill(copy: Copy) -> None:
    """Twice as many touchpoints in two years as a planner of one year is to show."""
    with psycopg.connect(
        host=str(copy.home.sockets()),
        user="postgres",
        password=copy.home.secret("postgres-superuser"),
        dbname="tandem",
        autocommit=True,
    ) as connection:
        connection.execute(FILL)
        connection.execute("VACUUM ANALYZE record_partnership, record_member")
        connection.execute("VACUUM ANALYZE touchpoints_touchpoint")
