"""Run by `bench.england` after England is loaded; prints rounds of people searches as JSON.

30,000 people in the directory, against pg_trgm alone over a plain table of the same words with
the same index, without row security.
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
from contacts.directory.selectors import Filters, find_people  # noqa: E402
from organisations.tenancy.scope import Scope, acting  # noqa: E402

ROUNDS = 5
REPEATS = 10
PEOPLE = 30_000
TYPED = (
    "scool nursng wallsall",
    "directr public helth",
    "mental helth suport dudley",
    "widening particpation",
    "imunisation lead bristol",
    "familly hub managr leeds",
)
FILL = f"""
    INSERT INTO contacts_person (ref, name, region_id, created_at)
    SELECT tandem.new_ref(), 'Practitioner ' || n, (SELECT min(id) FROM contacts_region), now()
    FROM generate_series(1, {PEOPLE}) n;
    INSERT INTO contacts_posting (ref, person_id, organisation_id, role_type_id, job_title,
        region_id, place_id, listing, visibility, source, lawful_basis, checked_by, created_at,
        single_seat, search_text, acl)
    SELECT tandem.new_ref(), p.id, o.organisation_id, r.id, r.name, x.region_id, x.place_id,
        'listed', 'joined', '', '', '', now(), false, '', '{{}}'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts_person) p
    JOIN (SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS n FROM contacts_roletype
          WHERE NOT single_seat) r
      ON r.n = p.n % (SELECT count(*) FROM contacts_roletype WHERE NOT single_seat)
    JOIN (SELECT organisation_id, row_number() OVER (ORDER BY organisation_id) - 1 AS n
          FROM organisations_school) o ON o.n = p.n % (SELECT count(*) FROM organisations_school)
    JOIN (SELECT region_id, place_id, row_number() OVER (ORDER BY id) - 1 AS n
          FROM contacts_placeregion) x ON x.n = p.n % (SELECT count(*) FROM contacts_placeregion);
    CREATE TABLE bench_words AS SELECT id, search_text FROM contacts_posting;
    CREATE INDEX bench_words_idx ON bench_words USING gin (search_text gin_trgm_ops);
    GRANT SELECT ON bench_words TO tandem_web;
    UPDATE organisations_organisation SET joined_at = now()
    WHERE id = (SELECT min(id) FROM organisations_organisation WHERE kind = 'school_trust');
"""
TRIGRAMS = """
    SELECT id FROM bench_words WHERE upper(%(q)s) <%% search_text
    ORDER BY word_similarity(upper(%(q)s), search_text) DESC LIMIT 20
"""


def main() -> None:
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as superuser:
        superuser.execute(FILL)
        superuser.execute("VACUUM ANALYZE contacts_posting, contacts_person, bench_words")
        row = superuser.execute(
            "SELECT id FROM organisations_organisation WHERE joined_at IS NOT NULL"
        ).fetchone()
    assert row is not None
    with acting(Scope(organisation_id=row[0], user_id=0)):
        print(json.dumps([one_round() for _ in range(ROUNDS)]))


def one_round() -> dict[str, float]:
    """Seconds of each, one after the other, so that a busy machine hits them alike."""
    searches, trigrams = [], []
    for _ in range(REPEATS):
        for query in TYPED:
            trigrams.append(seconds(lambda query=query: by_trigrams(query)))  # type: ignore[misc]
            searches.append(seconds(lambda query=query: by_us(query)))  # type: ignore[misc]
    return {"search": statistics.median(searches), "trigrams": statistics.median(trigrams)}


def by_us(query: str) -> None:
    """As a page does it: ids, then the rows under row security."""
    with transaction.atomic():
        find_people(Filters(words=query))


def by_trigrams(query: str) -> None:
    """What pg_trgm alone does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.5")
        cursor.execute(TRIGRAMS, {"q": query})
        cursor.fetchall()


if __name__ == "__main__":
    main()
