"""The requests that wait for an organisation's review, narrowed as people ask, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils import timezone

from contacts.models import OutwardCode, Place, Region
from initiatives.plans.models import Stage, Strand
from initiatives.review.models import RequestState, ReviewRequest
from organisations.actor import Actor
from organisations.models import Organisation

PAGE = 25
# So long requests wait, as people choose it: the value in the address, and its words.
WAITS = {"2": "Over 2 weeks", "4": "Over 4 weeks"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; empty means all. `region` and `place` are slugs."""

    words: str = ""
    region: str = ""
    place: str = ""
    strand: str = ""
    stage: str = ""
    waits: str = ""
    arrived: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait, of all that the filters leave."""

    total: int
    not_acknowledged: int
    overdue: int


class _IsAnyOf(Func):
    """`one = ANY(several)`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def page_of_requests(actor: Actor, filters: Filters, page: Any = 1) -> Page[Any]:
    """One page of 25 of what waits for the acting organisation, what waits longest first."""
    rows = (
        _narrowed(actor, filters)
        .select_related("initiative__partnership", "author_organisation", "author")
        .order_by("asked_at", "pk")
    )
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    return found


def counts_of(actor: Actor, filters: Filters) -> Counts:
    """How many wait, are not acknowledged, are overdue; one statement."""
    today = timezone.localdate()
    return Counts(
        **_narrowed(actor, filters).aggregate(
            total=Count("pk"),
            not_acknowledged=Count("pk", filter=Q(acknowledged_at=None)),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
        )
    )


def waiting_for_me(actor: Actor, limit: int) -> list[ReviewRequest]:
    """The requests that wait for the acting organisation longest, for home; one statement."""
    rows = _waiting(actor).select_related("initiative__partnership", "author_organisation")
    return list(rows.order_by("asked_at", "pk")[:limit])


def ticked(actor: Actor, refs: Collection[str]) -> list[ReviewRequest]:
    """Those of a page that were ticked, as far as they wait for the acting organisation."""
    rows = _waiting(actor).select_related("initiative__partnership")
    return list(rows.filter(ref__in=refs).order_by("asked_at", "pk"))


def regions() -> list[tuple[str, str]]:
    """The regions to choose from."""
    return list(Region.objects.order_by("name").values_list("slug", "name"))


def places() -> list[tuple[str, str]]:
    """The places to choose from: the areas of upper-tier councils."""
    return list(Place.objects.order_by("name").values_list("council__slug", "name"))


def _waiting(actor: Actor) -> QuerySet[ReviewRequest]:
    return ReviewRequest.objects.filter(
        acl__overlap=[actor.key],
        to_organisation_id=actor.organisation_id,
        state=RequestState.OPEN,
        initiative__withdrawn_at=None,
        partnership__closed_at=None,
    )


def _narrowed(actor: Actor, filters: Filters) -> QuerySet[ReviewRequest]:
    found = _waiting(actor)
    for word in filters.words.split():
        found = found.filter(
            Q(initiative__name__icontains=word)
            | Q(partnership__name__icontains=word)
            | Q(author_organisation__name__icontains=word)
            | Exists(_sites().filter(name__icontains=word))
        )
    if filters.region:
        found = found.filter(Exists(_sites().filter(_in_region(filters.region))))
    if filters.place:
        found = found.filter(Exists(_sites().filter(_in_place(filters.place))))
    if filters.strand in Strand.values:
        found = found.filter(initiative__strand=filters.strand)
    if filters.stage in Stage.values:
        found = found.filter(initiative__stage=filters.stage)
    if filters.waits in WAITS:
        before = timezone.now() - timedelta(weeks=int(filters.waits))
        found = found.filter(asked_at__lt=before)
    if filters.arrived == "no":
        found = found.filter(acknowledged_at=None)
    return found


def _sites() -> QuerySet[Organisation]:
    """Where an initiative takes place: its schools, and while none is named whoever looks after
    it."""
    schools = OuterRef("initiative__schools")
    number = Func(schools, function="cardinality", output_field=IntegerField())
    return Organisation.objects.alias(number=number).filter(
        Q(_IsAnyOf(F("pk"), schools)) | Q(number=0, pk=OuterRef("initiative__organisation_id"))
    )


def _in_region(slug: str) -> Q:
    """In the footprint of a board: as it is known, or else by the places there; a place that
    several boards share counts for each."""
    there = Place.objects.filter(regions__slug=slug)
    return Q(icb__region__slug=slug) | Q(
        Q(school__council__place__in=there)
        | Q(place__in=there)
        | Q(Exists(_outward(place__in=there)), school=None),
        icb=None,
    )


def _in_place(slug: str) -> Q:
    """In the area of a council: a school's own, the council itself, or by the outward postcode."""
    there = Place.objects.filter(council__slug=slug)
    return (
        Q(school__council__place__in=there)
        | Q(place__in=there)
        | Q(Exists(_outward(place__in=there)), school=None)
    )


def _outward(**where: Any) -> QuerySet[OutwardCode]:
    """The places of an organisation's outward postcode."""
    outward = Func(OuterRef("postcode"), template="split_part(%(expressions)s, ' ', 1)")
    return OutwardCode.objects.filter(outward=outward, **where)
