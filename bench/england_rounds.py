"""Run by `bench.england` inside an environment of its own; prints its rounds as JSON."""

from __future__ import annotations

import csv
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, connections, transaction  # noqa: E402

from contacts.imports import england  # noqa: E402
from contacts.selectors import find_organisations  # noqa: E402

ROUNDS = 5
REPEATS = 20
TYPED = (
    "Wallsall Healthcare",
    "windsor acadmy",
    "goldsmith primry",
    "Sheffeild childrens",
    "st josephs darlastn",
    "blak country integrated",
)
TRIGRAMS = """
    SELECT o.* FROM organisations_organisation o WHERE upper(%(q)s) <%% o.search_text
    ORDER BY word_similarity(upper(%(q)s), o.search_text) DESC LIMIT 20
"""


# The files that list organisations: kind, and columns of code, name, town and postcode.
NAMED = (
    ("icbs.csv", "icb", "icb_ods", "icb_name", "", ""),
    ("local_authorities.csv", "council", "new_la_code", "la_name", "", ""),
    ("nhs_trusts.csv", "nhs_trust", "org_code", "name", "addr4", "postcode"),
    (
        "academy_trusts.csv",
        "school_trust",
        "group_uid",
        "group_name",
        "group_town",
        "group_postcode",
    ),
    ("schools.csv", "school", "urn", "name", "town", "postcode"),
)


def main() -> None:
    print(json.dumps([one_round() for _ in range(ROUNDS)]))


def one_round() -> dict[str, float]:
    """Seconds of each, one after the other, so that a busy machine hits them alike."""
    empty()
    found = {
        "plain": seconds(parse_and_copy),
        "load": seconds(lambda: england.load(england.REFERENCE, silent)),
        "nothing new": seconds(lambda: england.load(england.REFERENCE, silent)),
    }
    searches, trigrams = [], []
    for _ in range(REPEATS):
        for query in TYPED:
            trigrams.append(seconds(lambda query=query: by_trigrams(query)))  # type: ignore[misc]
            searches.append(seconds(lambda query=query: find_organisations(query)))  # type: ignore[misc]
    return found | {
        "search": statistics.median(searches),
        "trigrams": statistics.median(trigrams),
    }


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Report nothing."""


def empty() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "TRUNCATE organisations_organisation, contacts_dataset, contacts_roletype CASCADE"
        )


def parse_and_copy() -> None:
    """The same files into tables of text, and their organisations into a table with the same
    columns, constraints and indexes as the real one; nothing understood, nothing merged."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE same (LIKE organisations_organisation INCLUDING ALL) ON COMMIT DROP"
        )
        with cursor.copy(
            "COPY same (kind, code, name, slug, other_code, town, area, postcode, website,"
            " icb_basis) FROM STDIN"
        ) as stream:
            for name, kind, code, title, town, postcode in NAMED:
                with (england.REFERENCE / "england" / name).open(
                    encoding="utf-8", newline=""
                ) as opened:
                    for each in csv.DictReader(opened):
                        slug = f"{kind}-{each[code]}"
                        place = each.get(town) or "", "", each.get(postcode) or ""
                        stream.write_row((kind, each[code], each[title], slug, "", *place, "", ""))
        for number, file in enumerate(sorted((england.REFERENCE / "england").glob("*.csv"))):
            with file.open(encoding="utf-8", newline="") as opened:
                rows = csv.reader(opened)
                columns = ", ".join(f"c{place} text" for place, _ in enumerate(next(rows)))
                cursor.execute(f"CREATE TEMP TABLE plain{number} ({columns}) ON COMMIT DROP")
                with cursor.copy(f"COPY plain{number} FROM STDIN") as stream:
                    for row in rows:
                        stream.write_row(row)


def by_trigrams(query: str) -> None:
    """What pg_trgm alone does, as the role that serves pages, in a transaction like a page's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TRIGRAMS, {"q": query})
        cursor.fetchall()


if __name__ == "__main__":
    main()
