"""Sheets for tests: rows as people write them, a regional admin, and each step as they do it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from contacts.models import ImportRow, ImportRun, Posting, Region
from contacts.regions.services import give_region
from contacts.sheets import services, working
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from tests.cast import Cast

HEADINGS = ("Name", "Job title", "Organisation", "Email address")
WALSALL = ("Head of service", "Head of children’s services", "RBK", "head@health.example")


def region(cast: Cast) -> Region:
    """The Black Country."""
    found: Region = cast.organisation("icb").region
    return found


def make_admin(cast: Cast, part: str = "nobody", slug: str | None = None) -> Actor:
    """Somebody of the cast manages a region, and acts as themselves."""
    given = region(cast) if slug is None else Region.objects.get(slug=slug)
    with acting(cast.operator.scope), transaction.atomic():
        give_region(by=cast.operator, region=given, email=cast.users[part].email)
    return Actor(cast.users[part].pk)


def csv_of(
    rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS, separator: str = ","
) -> bytes:
    """A CSV file in UTF-8 without a mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode()


def brought_in(cast: Cast, admin: Actor, content: bytes, name: str = "contacts.csv") -> ImportRun:
    """A file, read, with its columns as they are guessed."""
    with acting(admin.scope), transaction.atomic():
        return services.bring_in(by=admin, region=region(cast), name=name, content=content)


def checked(cast: Cast, admin: Actor, content: bytes) -> ImportRun:
    """A file whose rows the worker has checked."""
    run = brought_in(cast, admin, content)
    with acting(admin.scope), transaction.atomic():
        services.match_columns(by=admin, run=run, matching=run.matching)
    working.do_all()
    return fresh(admin, run)


def applied(cast: Cast, admin: Actor, content: bytes, **more: Any) -> ImportRun:
    """A file that the worker has applied."""
    run = checked(cast, admin, content)
    return apply(admin, run, **more)


def apply(admin: Actor, run: ImportRun, **more: Any) -> ImportRun:
    with acting(admin.scope), transaction.atomic():
        services.ask_to_apply(by=admin, run=run, **more)
    working.do_all()
    return fresh(admin, run)


def undone(admin: Actor, run: ImportRun) -> ImportRun:
    with acting(admin.scope), transaction.atomic():
        services.ask_to_undo(by=admin, run=run)
    working.do_all()
    return fresh(admin, run)


def fresh(admin: Actor, run: ImportRun) -> ImportRun:
    """The import as it stands now."""
    with acting(admin.scope), transaction.atomic():
        return ImportRun.objects.select_related("region").get(pk=run.pk)


def rows(admin: Actor, run: ImportRun) -> list[ImportRow]:
    """Its rows, in order."""
    with acting(admin.scope), transaction.atomic():
        return list(ImportRow.objects.filter(run=run).order_by("number"))


def problems(admin: Actor, run: ImportRun) -> dict[int, list[str]]:
    """What is wrong with each row that something is wrong with."""
    return {
        row.number: [each["message"] for each in row.problems]
        for row in rows(admin, run)
        if row.problems
    }


def contacts(admin: Actor) -> list[Posting]:
    """The contacts listed in the regions that an admin manages, by id."""
    with acting(admin.scope), transaction.atomic():
        listed = Posting.objects.filter(listing="listed").select_related("person", "details")
        return list(listed.order_by("pk"))
