"""Reads for whoever manages a region: its contacts, narrowed, and one of them with its history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from contacts.keeping.states import STATES
from contacts.models import (
    DetailsOpened,
    DetailsRequest,
    Listing,
    Merge,
    Place,
    PlaceRegion,
    Posting,
    Region,
    Report,
    ReportState,
    RoleType,
)
from organisations.models import AuditEvent, Organisation

MOST_EVENTS = 50
REGION_WIDE = "region-wide"
# Of whom it can be said that they are right: in the directory, and in post.
CHECKABLE = Q(listing=Listing.LISTED, ended_on=None)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """How the list of a region's contacts is narrowed; what is empty narrows nothing."""

    state: str = ""
    place: str = ""
    role: str = ""
    organisation: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return self != Narrowed()


def in_directory(region: Region) -> QuerySet[Posting]:
    """What is in a region's directory or was offered to it. Row security says whose it is."""
    return Posting.objects.filter(region=region).exclude(listing=Listing.PRIVATE)


def contacts_of(region: Region, narrowed: Narrowed) -> QuerySet[Posting]:
    """The region's contacts, narrowed, those that wait longest for a check first."""
    found = in_directory(region).select_related(
        "person", "organisation", "role_type", "place__council"
    )
    state = STATES.get(narrowed.state)
    if state is not None:
        found = found.filter(state.condition)
    else:
        found = found.filter(ended_on=None).exclude(listing=Listing.DECLINED)
    if narrowed.place == REGION_WIDE:
        found = found.filter(place=None)
    elif narrowed.place:
        found = found.filter(place__council__slug=narrowed.place)
    if narrowed.role:
        found = found.filter(role_type__key=narrowed.role)
    if narrowed.organisation:
        found = found.filter(organisation__slug=narrowed.organisation)
    for word in narrowed.words.split():
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(job_title__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    return found.order_by(F("check_due_on").asc(nulls_last=True), "pk")


def contact_of(region: Region, ref: str) -> Posting | None:
    """One contact of a region, with everything that its page shows."""
    return (
        in_directory(region)
        .select_related(
            "person",
            "details",
            "organisation",
            "role_type",
            "place",
            "region",
            "recorded_by",
            "deputy__person",
            "offered_to",
            "merged_into__person",
        )
        .filter(ref=ref)
        .first()
    )


def deputies_for(posting: Posting) -> QuerySet[Posting]:
    """Who of the same organisation and directory may stand in for somebody."""
    assert posting.region is not None
    return (
        in_directory(posting.region)
        .filter(listing=Listing.LISTED, organisation=posting.organisation, ended_on=None)
        .exclude(pk=posting.pk)
        .select_related("person")
        .order_by("person__name", "pk")
    )


def history_of(posting: Posting) -> list[AuditEvent]:
    """What was done to a contact of the directory, the newest first."""
    about = Q(object_table=Posting._meta.db_table, object_id=posting.pk)
    # Openings and requests are events of their own, so that no recorder learns who else looks.
    for model in (DetailsOpened, DetailsRequest):
        theirs = model.objects.filter(posting=posting)
        about |= Q(object_table=model._meta.db_table, object_id__in=theirs.values("pk"))
    return list(AuditEvent.objects.filter(about).order_by("-at", "-id")[:MOST_EVENTS])


def places_of(region: Region) -> list[Place]:
    """The places that lie in a region, by name."""
    inside = PlaceRegion.objects.filter(region=region, place=OuterRef("pk"))
    return list(Place.objects.filter(Exists(inside)).select_related("council").order_by("name"))


def place_for(organisation: Organisation, region: Region) -> Place | None:
    """The place that an organisation lies in, where that is one and lies in the region.

    A council's or school's own; nothing for one that works across places.
    """
    here = Place.objects.filter(regions=region)
    return here.filter(
        Q(council=organisation) | Q(council__schools_in_area__organisation=organisation)
    ).first()


def by_refs(region: Region, refs: Collection[str]) -> list[Posting]:
    """Several contacts of a region who are in post."""
    found = in_directory(region).filter(ref__in=refs, listing=Listing.LISTED, ended_on=None)
    return list(found.select_related("person", "region"))


def role_choices() -> list[RoleType]:
    """Every kind of job, by name."""
    return list(RoleType.objects.all())


def alike(posting: Posting) -> list[Posting]:
    """Others in post in the same directory who may be the same person: by name or job there."""
    assert posting.region is not None
    same_job = Q(organisation=posting.organisation, job_title__iexact=posting.job_title)
    found = in_directory(posting.region).filter(
        Q(person__name__iexact=posting.person.name) | same_job,
        listing=Listing.LISTED,
        ended_on=None,
    )
    return list(found.exclude(pk=posting.pk).select_related("person", "organisation")[:5])


def open_reports(region: Region) -> QuerySet[Report]:
    """What readers said is wrong with the region's contacts and nobody decided, oldest first."""
    found = Report.objects.filter(posting__region=region, state=ReportState.OPEN)
    return found.select_related(
        "posting__person", "posting__organisation", "organisation"
    ).order_by("created_at", "pk")


def report_on(region: Region, ref: str) -> Report | None:
    """One report about a contact of a region, decided or not."""
    found = Report.objects.filter(posting__region=region, ref=ref)
    return found.select_related("posting__region", "organisation", "user").first()


def offered_by_others(region: Region) -> QuerySet[Posting]:
    """Contacts that other regions want to pass on to this one."""
    found = Posting.objects.filter(offered_to=region, listing=Listing.LISTED, ended_on=None)
    return found.select_related(
        "person", "organisation", "region", "role_type", "place", "details", "recorded_by", "deputy"
    ).order_by("pk")


def pairs_alike(region: Region, limit: int) -> tuple[int, list[tuple[Posting, Posting]]]:
    """How many pairs of contacts may be the same person, and the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one, other FROM tandem.alike_in_directory(%s) ORDER BY one, other", [region.pk]
        )
        pairs = cursor.fetchall()
    wanted = {key for pair in pairs[:limit] for key in pair}
    found = in_directory(region).filter(pk__in=wanted)
    by_key = {each.pk: each for each in found.select_related("person", "organisation")}
    return len(pairs), [
        (by_key[one], by_key[other])
        for one, other in pairs[:limit]
        if one in by_key and other in by_key
    ]


def merges_of(posting: Posting) -> list[Merge]:
    """What was merged into a contact and can perhaps be undone, the latest first."""
    found = Merge.objects.filter(kept=posting, undone_at=None)
    return list(found.select_related("folded__person").order_by("-done_at"))


def merge_in(region: Region, ref: str) -> Merge | None:
    """A merge in a region."""
    found = Merge.objects.filter(region=region, ref=ref)
    return found.select_related("region", "kept__person", "folded__person").first()


def others_at(posting: Posting) -> QuerySet[Posting]:
    """Who else is in post at the same organisation, the deputy first."""
    people = deputies_for(posting).select_related("person", "organisation", "details")
    first = Case(When(pk=posting.deputy_id, then=0), default=1)
    return people.order_by(first, "person__name", "pk")
