"""Contacts written to the directory many at a time, in the scope of the region's admin.

Not here: who may, what is right, and what goes on record (`services`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import IntegrityError

from contacts.directory_services import LAWFUL_BASIS, seat_may_be_taken
from contacts.models import ImportRow, Listing, Person, Posting, Region, WorkDetails
from contacts.sheets import bulk
from contacts.sheets.known import Snapshot

AT_ONCE = 1_000
POSTING = {
    "job_title": "text",
    "role_type_id": "bigint",
    "place_id": "bigint",
    "organisation_id": "bigint",
    "visibility": "text",
    "source": "text",
    "started_on": "date",
    "ended_on": "date",
    "checked_at": "timestamptz",
    "checked_by": "text",
    "bounced_at": "timestamptz",
    "listing": "text",
}
DETAILS = {"email": "text", "telephone": "text", "bounce_reason": "text"}
_COLUMN_OF = {"role_type_id": "role_type", "place_id": "place", "organisation_id": "organisation"}


def lock(ids: Collection[int]) -> None:
    """Let nobody else change these contacts until the transaction ends."""
    list(Posting.objects.select_for_update(of=("self",)).filter(pk__in=ids).values_list("pk"))


def change(contacts: Mapping[int, Snapshot]) -> None:
    """Make contacts what their snapshots say, those who leave first.

    Raises ValidationError when one holds a role that somebody else holds then; IntegrityError
    when row security keeps one from being changed.
    """
    ordered = sorted(contacts.items(), key=lambda each: each[1]["ended_on"] is None)
    postings = [
        {"id": pk, **{c: each[_COLUMN_OF.get(c, c)] for c in POSTING}} for pk, each in ordered
    ]
    with seat_may_be_taken():
        # One who leaves frees a seat that another of the same statement may take.
        leaving = [each for each in postings if each["ended_on"]]
        staying = [each for each in postings if not each["ended_on"]]
        touched = bulk.update("contacts_posting", "id", POSTING, leaving)
        touched += bulk.update("contacts_posting", "id", POSTING, staying)
    _all(touched, postings)
    details = [
        {"posting_id": pk, "bounce_reason": each["bounce_reason"], "email": each["email"],
         "telephone": each["telephone"]}
        for pk, each in ordered
    ]  # fmt: skip
    _all(bulk.update("contacts_workdetails", "posting_id", DETAILS, details), details)
    people = {each["person"]: each["name"] for _, each in ordered}
    names = [{"id": person, "name": name} for person, name in people.items()]
    _all(bulk.update("contacts_person", "id", {"name": "text"}, names), names)


def add(region: Region, rows: Sequence[ImportRow]) -> Iterator[int]:
    """List new contacts and note in each row which is its; says after each part how many.

    Raises ValidationError when one holds a role that somebody else holds then.
    """
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        contacts = [row.after or {} for row in some]
        people = Person.objects.bulk_create(
            Person(name=each["name"], region=region) for each in contacts
        )
        with seat_may_be_taken():
            postings = Posting.objects.bulk_create(
                _posting(region, person, each)
                for person, each in zip(people, contacts, strict=True)
            )
        WorkDetails.objects.bulk_create(
            WorkDetails(posting=posting, email=each["email"], telephone=each["telephone"])
            for posting, each in zip(postings, contacts, strict=True)
        )
        noted = []
        for row, person, posting in zip(some, people, postings, strict=True):
            row.posting_id = posting.pk
            row.after = {**(row.after or {}), "ref": posting.ref, "person": person.pk}
            noted.append({"id": row.pk, "posting_id": posting.pk, "after": row.after})
        columns = {"posting_id": "bigint", "after": "jsonb"}
        bulk.update("contacts_importrow", "id", columns, noted)
        yield start + len(some)


def _posting(region: Region, person: Person, each: Snapshot) -> Posting:
    return Posting(
        person=person,
        organisation_id=each["organisation"],
        role_type_id=each["role_type"],
        job_title=each["job_title"],
        region=region,
        place_id=each["place"],
        listing=Listing.LISTED,
        visibility=each["visibility"],
        started_on=each["started_on"],
        ended_on=each["ended_on"],
        source=each["source"],
        lawful_basis=LAWFUL_BASIS,
    )


def _all(touched: int, wanted: Sequence[Any]) -> None:
    if touched != len(wanted):
        raise IntegrityError("row security kept some contacts from being changed")
