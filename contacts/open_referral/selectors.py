"""What is published: gateways whose details are known, who hosts them, and what kind they are.

Nothing is read here of people: no posting, no person, no details of theirs.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from contacts.models import Gateway, GatewayMeeting, GatewayType, OutwardCode
from contacts.open_referral.asked import Asked
from contacts.open_referral.identity import named_by, uuid_of
from contacts.search import Postcode
from organisations.models import Organisation

TAXONOMY = ("gateway-types",)


def gateways() -> QuerySet[Gateway]:
    """The gateways published. One that waits for its details is not, nor one that has ended."""
    return (
        Gateway.objects.filter(described_at__isnull=False)
        .exclude(ended_on__lte=localdate())
        .select_related("type", "host", "place", "region")
        .order_by("pk")
    )


def whole(rows: QuerySet[Gateway]) -> QuerySet[Gateway]:
    """With the days on which they meet."""
    coming = GatewayMeeting.objects.filter(meets_on__gte=localdate(), cancelled_at=None)
    return rows.prefetch_related(
        Prefetch("meetings", coming.order_by("meets_on"), to_attr="coming")
    )


def found(asked: Asked) -> QuerySet[Gateway]:
    """The gateways that the filters leave."""
    rows = gateways()
    if asked.by_what_is_not_held or asked.taxonomy_id not in (None, uuid_of("taxonomy", *TAXONOMY)):
        return rows.none()
    for word in asked.words:
        rows = rows.filter(_says(word))
    if asked.term_id:
        rows = rows.filter(type__key=_only(named_by(asked.term_id, "term", _type_keys())))
    if asked.organization_id:
        kind, code = _both(named_by(asked.organization_id, "organization", _host_codes()))
        rows = rows.filter(host__kind=kind, host__code=code)
    if asked.postcode:
        rows = rows.filter(_covers(asked.postcode))
    if asked.modified_after:
        since = asked.modified_after
        rows = rows.filter(Q(described_at__gte=since) | Q(checked_at__gte=since))
    return rows


def located(rows: QuerySet[Gateway]) -> QuerySet[Gateway]:
    """Those of them that have an address to go to."""
    return rows.exclude(address="", postcode="")


def gateway(wanted: UUID, what: str = "service") -> Gateway | None:
    """The published gateway that the API knows by this UUID, as a service or at its location."""
    refs = gateways().values_list("ref")
    return whole(gateways()).filter(ref=_only(named_by(wanted, what, refs))).first()


def hosts() -> QuerySet[Organisation]:
    """The organisations that host a published gateway."""
    published = gateways().order_by().values("host_id")
    return Organisation.objects.filter(pk__in=published).order_by("pk")


def host(wanted: UUID) -> Organisation | None:
    """The one of them that the API knows by this UUID."""
    kind, code = _both(named_by(wanted, "organization", _host_codes()))
    return hosts().filter(kind=kind, code=code).first()


def hosted_by(organisations: list[Organisation]) -> dict[int, list[Gateway]]:
    """The published gateways of each of them, by its id."""
    by_host: dict[int, list[Gateway]] = {each.pk: [] for each in organisations}
    for each in whole(gateways()).filter(host__in=organisations):
        assert each.host_id is not None
        by_host[each.host_id].append(each)
    return by_host


def kinds() -> QuerySet[GatewayType]:
    """Every kind of gateway."""
    return GatewayType.objects.order_by("key")


def kind(wanted: UUID) -> GatewayType | None:
    """The kind that the API knows by this UUID."""
    return kinds().filter(key=_only(named_by(wanted, "term", _type_keys()))).first()


def _type_keys() -> QuerySet[GatewayType, tuple[str]]:
    return kinds().values_list("key")


def _host_codes() -> QuerySet[Organisation, tuple[str, str]]:
    return hosts().values_list("kind", "code")


def _only(names: tuple[str, ...]) -> str:
    return names[0] if names else ""


def _both(names: tuple[str, ...]) -> tuple[str, str]:
    return (names[0], names[1]) if names else ("", "")


def _says(word: str) -> Q:
    return (
        Q(name__icontains=word)
        | Q(about__icontains=word)
        | Q(type__name__icontains=word)
        | Q(host__name__icontains=word)
        | Q(place__name__icontains=word)
        | Q(region__name__icontains=word)
    )


def _covers(postcode: Postcode) -> Q:
    """Serving the area that a postcode lies in: its place, or a region of it."""
    places = OutwardCode.objects.filter(outward=postcode.outward).values("place_id")
    regions = OutwardCode.objects.filter(outward=postcode.outward).values(
        "place__placeregion__region_id"
    )
    return Q(place__in=places) | Q(region__in=regions)
