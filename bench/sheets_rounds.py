"""Run by `bench.sheets` inside an environment of its own; prints its rounds as JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connections, transaction  # noqa: E402

from contacts.models import ImportRun, Region, RunState  # noqa: E402
from contacts.sheets import services, working  # noqa: E402
from organisations.actor import Actor  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402
from organisations.tenancy.scope import acting  # noqa: E402

ROUNDS = 3
ROWS = 10_000
HEADINGS = ("Name", "Job title", "Organisation code", "Email address", "Telephone", "Started on")
GRANT = """
INSERT INTO contacts_regiongrant (content_object_id, user_id, permission_id, given_by_id)
SELECT %s, %s, p.id, %s FROM auth_permission p WHERE codename = 'manage_region'
"""


def main() -> None:
    admin = an_admin()
    print(json.dumps([one_round(admin, number) for number in range(ROUNDS)]))


def one_round(admin: Actor, number: int) -> dict[str, float]:
    """Seconds of each, one after the other, so that a busy machine hits them alike."""
    content = a_sheet(number)
    run: list[ImportRun] = []
    found = {
        "plain": seconds(lambda: parse_and_copy(content)),
        "read": seconds(lambda: run.append(read(admin, content))),
        "check": seconds(lambda: check(admin, run[0])),
        "apply": seconds(lambda: apply(admin, run[0])),
        "undo": seconds(lambda: undo(admin, run[0])),
    }
    with acting(admin.scope), transaction.atomic():
        assert ImportRun.objects.get(pk=run[0].pk).state == RunState.UNDONE
    return found


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def read(admin: Actor, content: bytes) -> ImportRun:
    with acting(admin.scope), transaction.atomic():
        region = Region.objects.get(slug="black-country")
        return services.bring_in(by=admin, region=region, name="a.csv", content=content)


def check(admin: Actor, run: ImportRun) -> None:
    with acting(admin.scope), transaction.atomic():
        services.match_columns(by=admin, run=run, matching=run.matching)
    working.do_all()


def apply(admin: Actor, run: ImportRun) -> None:
    with acting(admin.scope), transaction.atomic():
        services.ask_to_apply(by=admin, run=run)
    working.do_all()
    with acting(admin.scope), transaction.atomic():
        assert ImportRun.objects.get(pk=run.pk).state == RunState.APPLIED


def undo(admin: Actor, run: ImportRun) -> None:
    with acting(admin.scope), transaction.atomic():
        services.ask_to_undo(by=admin, run=run)
    working.do_all()


def an_admin() -> Actor:
    """Somebody who manages a region, arranged behind the policies."""
    import psycopg

    users = [
        User.objects.db_manager("owner").create_user(f"{each}@bench.example", "x" * 20, name=each)
        for each in ("admin", "operator")
    ]
    region = Region.objects.get(slug="black-country")
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as superuser:
        superuser.execute(GRANT, [region.pk, *(each.pk for each in users)])
    return Actor(users[0].pk)


def a_sheet(number: int) -> bytes:
    """Ten thousand people nobody has heard of, at real organisations."""
    codes = list(Organisation.objects.filter(closed_on=None).values_list("code", flat=True)[:2000])
    codes = [code for code in codes if len(code) > 4]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for n in range(ROWS):
        address = f"person{n}.{number}@bench.example"
        code = codes[n % len(codes)]
        writer.writerow([f"Person {n}", "Head", code, address, "0121 496 0000", "01/09/2026"])
    return out.getvalue().encode()


def parse_and_copy(content: bytes) -> None:
    """The same rows into tables with the same columns, keys and indexes; nothing understood,
    nobody asked, nothing on record."""
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in ("person", "posting", "workdetails"):
            cursor.execute(
                f"CREATE TEMP TABLE same_{table} (LIKE contacts_{table} INCLUDING ALL)"
                " ON COMMIT DROP"
            )
        with cursor.copy("COPY same_person (id, ref, name, region_id, created_at) FROM STDIN") as s:
            for n, row in enumerate(rows):
                s.write_row((n, f"p{n}", row[0], 1, "2026-09-01"))
        columns = (
            "id, ref, person_id, organisation_id, job_title, region_id, listing, visibility, "
            "started_on, source, lawful_basis, checked_by, single_seat, created_at, acl, "
            "search_text"
        )
        with cursor.copy(f"COPY same_posting ({columns}) FROM STDIN") as s:
            for n, row in enumerate(rows):
                what = ("listed", "region", "2026-09-01", "", "", "", False, "2026-09-01", "{}")
                words = f"{row[0]} {row[1]} {row[2]}"
                s.write_row((n, f"p{n}", n, 1, row[1], 1, *what, words))
        columns = "posting_id, email, telephone, bounce_reason, acl"
        with cursor.copy(f"COPY same_workdetails ({columns}) FROM STDIN") as s:
            for n, row in enumerate(rows):
                s.write_row((n, row[3], row[4], "", "{}"))


if __name__ == "__main__":
    main()
