"""What is held on somebody, for who holds their link; and what replies wait for an admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from contacts.models import Asked, ChangeKind, Check, Posting, PostingChange, Region
from contacts.verification.links import TO_THE_PERSON, FoundLetter


@dataclass(frozen=True, slots=True)
class Held:
    """One posting of a directory, as the person in it is shown it."""

    posting_id: int
    posting_ref: str
    listing: str
    visibility: str
    name: str
    job_title: str
    organisation: str
    region: str
    place: str | None
    email: str
    telephone: str
    source: str
    lawful_basis: str
    recorded_by: str | None
    started_on: date | None
    ended_on: date | None
    checked_at: datetime | None
    checked_by: str
    check_due_on: date | None
    disputed_at: datetime | None
    bounced_at: datetime | None


def details_held(letter: FoundLetter) -> list[Held]:
    """The postings of directories with the address that a link was sent to; none if it is over."""
    if letter.kind not in TO_THE_PERSON or letter.expired:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.details_held(%s, %s)", [letter.ref, timezone.now()])
        names = [column.name for column in cursor.description]
        return [Held(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def replies_waiting(region: Region) -> QuerySet[PostingChange]:
    """Replies that their region's admin has not settled yet: who left or asked to be removed."""
    return (
        PostingChange.objects.filter(
            region=region, kind__in=[ChangeKind.LEFT, ChangeKind.REMOVED], settled_at=None
        )
        .select_related("posting__person", "posting__organisation")
        .order_by("at")
    )


def corrections(region: Region) -> QuerySet[PostingChange]:
    """What replies corrected, newest first, as far as it is not made anonymous."""
    return (
        PostingChange.objects.filter(region=region, kind=ChangeKind.CHANGED, posting__region=region)
        .exclude(changes={}, note="")
        .select_related("posting__person", "posting__organisation")
        .order_by("-at", "-pk")
    )


def history_of(posting: Posting) -> QuerySet[PostingChange]:
    """What replies changed, newest first; for the region's admin."""
    return PostingChange.objects.filter(posting=posting).order_by("-at", "-pk")


def no_answer(region: Region) -> QuerySet[Posting]:
    """Postings that nobody answered for: not the person, nor their organisation."""
    silent = Check.objects.filter(closed_at=None, step=Asked.NOBODY_ANSWERS)
    return (
        Posting.objects.filter(region=region, pk__in=silent.values("posting_id"))
        .select_related("person", "organisation", "region")
        .order_by("checked_at", "pk")
    )
