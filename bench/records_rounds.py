"""Run by `bench.england` after England is loaded; prints rounds of searches of records as JSON.

200,000 conversations in 2,000 partnerships, of which one organisation sees every twentieth; a word
that few have, and one that many have; against the same words and index in a plain table, without
row security, narrowed to the same organisation by hand.
"""

from __future__ import annotations

import json
import os
import statistics

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from bench.england_rounds import seconds  # noqa: E402
from organisations.tenancy.scope import Scope, acting  # noqa: E402
from overview.search import selectors  # noqa: E402

ROUNDS = 5
REPEATS = 20
CONVERSATIONS = 200_000
PARTNERSHIPS = 2_000
EVERY = 20
RARE = [f"rare{number}" for number in range(20, 20 * REPEATS + 1, 20)]
FILL = f"""
    SET session_replication_role = replica;
    INSERT INTO record_partnership (ref, organisation_id, name, purpose, opened_at, acl)
    SELECT tandem.new_ref(), %(us)s, 'Partnership ' || n, 'Of number ' || n, now(),
        ARRAY[CASE WHEN n %% {EVERY} = 0 THEN %(us)s ELSE 10000000 + n END]
    FROM generate_series(1, {PARTNERSHIPS}) n;
    INSERT INTO conversations_conversation (ref, partnership_id, author_organisation_id, author_id,
        kind, held_on, summary, internal, people, others, introduced_by, created_at, acl)
    SELECT tandem.new_ref(), p.id, %(us)s, 0, 'meeting', date '2026-09-01' + n %% 60,
        'We met about attendance, asthma and the rota; rare' || n || ' was on the agenda too.',
        false, '{{}}', '', '', now(), p.acl
    FROM generate_series(1, {CONVERSATIONS}) n
    JOIN (SELECT id, acl, row_number() OVER (ORDER BY id) AS k FROM record_partnership
          WHERE name LIKE 'Partnership %%') p ON p.k = 1 + (n - 1) %% {PARTNERSHIPS};
    SET session_replication_role = origin;
    CREATE TABLE bench_said AS SELECT id, partnership_id, held_on, summary, acl
        FROM conversations_conversation;
    CREATE INDEX ON bench_said USING gin (tandem.search_document('', summary));
    CREATE INDEX ON bench_said USING gin (acl);
    CREATE INDEX ON bench_said (id);
    GRANT SELECT ON bench_said TO tandem_web;
"""
PLAIN = """
    SELECT id, held_on, summary FROM bench_said
    WHERE acl && %(keys)s AND tandem.search_document('', summary) @@ to_tsquery('english', %(q)s)
    ORDER BY held_on DESC, id DESC LIMIT 5
"""


def main() -> None:
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as superuser:
        row = superuser.execute(
            "SELECT id FROM organisations_organisation WHERE joined_at IS NOT NULL"
        ).fetchone()
        assert row is not None
        cursor = psycopg.ClientCursor(superuser)
        cursor.execute(FILL, {"us": row[0]})
        superuser.execute("VACUUM ANALYZE conversations_conversation")
        superuser.execute("VACUUM ANALYZE record_partnership")
        superuser.execute("VACUUM ANALYZE bench_said")
    with acting(Scope(organisation_id=row[0], user_id=0)):
        print(json.dumps([one_round(row[0]) for _ in range(ROUNDS)]))


def one_round(us: int) -> dict[str, float]:
    """Seconds of each, one after the other, so that a busy machine hits them alike."""
    ours, plain = [], []
    for word in RARE:
        plain.append(seconds(lambda word=word: by_hand(us, word)))  # type: ignore[misc]
        ours.append(seconds(lambda word=word: by_us(word)))  # type: ignore[misc]
    return {"search": statistics.median(ours), "plain": statistics.median(plain)}


def by_us(word: str) -> None:
    """The ids."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM tandem.search_records(%s, NULL, %s)", [word, selectors.BESIDE]
        )
        assert cursor.fetchall()


def by_hand(us: int, word: str) -> None:
    """What full-text search alone does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN, {"q": f"{word}:*", "keys": [us]})
        assert cursor.fetchall()


if __name__ == "__main__":
    main()
