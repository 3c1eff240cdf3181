"""Contacts written to the directory many at a time, in the scope of the region's admin.

Not here: who may, what is right, and what goes on record (`services`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from contacts.directory_services import LAWFUL_BASIS, seat_may_be_taken
from contacts.models import ImportRow, Person, Posting, Region
from contacts.sheets import bulk
from contacts.sheets.known import Snapshot
from organisations.references import new_ref

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
_NEW = {"ref": "text", "region_id": "bigint", "created_at": "timestamptz"}
NEW_PERSON = {**_NEW, "name": "text"}
NEW_POSTING = {
    **_NEW,
    **POSTING,
    "person_id": "bigint",
    "lawful_basis": "text",
    "single_seat": "boolean",
    "acl": "bigint[]",
}
NEW_DETAILS = {"posting_id": "bigint", **DETAILS, "acl": "bigint[]"}
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

    Raises ValidationError when one holds a role that somebody else holds then. Ids are asked
    for by reference afterwards: returned from the INSERT, each row would be judged once more.
    """
    now = timezone.now().isoformat()
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        contacts = [row.after or {} for row in some]
        of_region = {"region_id": region.pk, "created_at": now}
        people = [{**of_region, "ref": new_ref(), "name": each["name"]} for each in contacts]
        bulk.insert("contacts_person", NEW_PERSON, people)
        person_of = _ids(Person, people)
        postings = [
            {
                **{c: each[_COLUMN_OF.get(c, c)] for c in POSTING},
                **of_region,
                "ref": new_ref(),
                "person_id": person_of[person["ref"]],
                "lawful_basis": LAWFUL_BASIS,
                "single_seat": False,
                "acl": [],
            }
            for each, person in zip(contacts, people, strict=True)
        ]
        with seat_may_be_taken():
            bulk.insert("contacts_posting", NEW_POSTING, postings)
        posting_of = _ids(Posting, postings)
        noted, details = [], []
        for row, each, posting in zip(some, contacts, postings, strict=True):
            row.posting_id = posting_of[posting["ref"]]
            row.after = {**each, "ref": posting["ref"], "person": posting["person_id"]}
            noted.append({"id": row.pk, "posting_id": row.posting_id, "after": row.after})
            details.append(
                {"posting_id": row.posting_id, "acl": [], **{c: each[c] for c in DETAILS}}
            )
        bulk.insert("contacts_workdetails", NEW_DETAILS, details)
        columns = {"posting_id": "bigint", "after": "jsonb"}
        bulk.update("contacts_importrow", "id", columns, noted)
        yield start + len(some)


def _ids(model: type[Model], records: bulk.Records) -> dict[str, int]:
    """The ids of what was just inserted, by reference."""
    refs = [each["ref"] for each in records]
    return dict(model._default_manager.filter(ref__in=refs).values_list("ref", "pk"))


def _all(touched: int, wanted: Sequence[Any]) -> None:
    if touched != len(wanted):
        raise IntegrityError("row security kept some contacts from being changed")
