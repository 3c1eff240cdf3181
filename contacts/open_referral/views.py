"""The addresses of the API, as `openapi.json` of the Open Referral UK profile has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

from contacts.models import Gateway
from contacts.open_referral import asked, records, selectors
from contacts.open_referral.answers import answer, not_found, public
from contacts.open_referral.records import Record

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/uk-profile/main/schema/openapi.json"
Row = TypeVar("Row", bound=Model)


@public
def about(request: HttpRequest) -> HttpResponseBase:
    """Which version of which profile this is."""
    return answer(request, {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI})


@public
def services(request: HttpRequest) -> HttpResponseBase:
    """A page of the gateways."""
    return _gateways(request, selectors.found, records.service, records.whole_service)


@public
def service(request: HttpRequest, id: str) -> HttpResponseBase:
    """One gateway with everything that is published of it."""
    return _gateway(request, id, "service", records.whole_service)


@public
def service_at_locations(request: HttpRequest) -> HttpResponseBase:
    """A page of the gateways that have an address."""
    return _gateways(
        request,
        lambda given: selectors.located(selectors.found(given)),
        records.service_at_location,
        records.whole_service_at_location,
    )


@public
def service_at_location(request: HttpRequest, id: str) -> HttpResponseBase:
    """One gateway at its address."""
    return _gateway(request, id, "at-location", records.whole_service_at_location)


@public
def organizations(request: HttpRequest) -> HttpResponseBase:
    """A page of the organisations that host gateways."""
    page, full = asked.page(request), asked.full(request)
    rows = selectors.hosts()
    total, here = _part(rows, page)
    if full:
        hosted = selectors.hosted_by(here)
        contents = [records.whole_organization(each, hosted[each.pk]) for each in here]
    else:
        contents = [records.organization(each) for each in here]
    return answer(request, _envelope(page, total, contents))


@public
def organization(request: HttpRequest, id: str) -> HttpResponseBase:
    """One organisation with the gateways it hosts."""
    wanted = _uuid(id)
    host = selectors.host(wanted) if wanted else None
    if host is None:
        return not_found("organization")
    return answer(request, records.whole_organization(host, selectors.hosted_by([host])[host.pk]))


@public
def taxonomies(request: HttpRequest) -> HttpResponseBase:
    """The one taxonomy."""
    page = asked.page(request)
    return answer(request, _envelope(page, 1, [records.taxonomy()][page.first :]))


@public
def taxonomy(request: HttpRequest, id: str) -> HttpResponseBase:
    """It, by its id."""
    only = records.taxonomy()
    return answer(request, only) if id.lower() == only["id"] else not_found("taxonomy")


@public
def taxonomy_terms(request: HttpRequest) -> HttpResponseBase:
    """A page of the kinds of gateway."""
    page = asked.page(request)
    total, here = _part(selectors.kinds(), page)
    return answer(request, _envelope(page, total, [records.term(each) for each in here]))


@public
def taxonomy_term(request: HttpRequest, id: str) -> HttpResponseBase:
    """One kind of gateway."""
    wanted = _uuid(id)
    kind = selectors.kind(wanted) if wanted else None
    return answer(request, records.term(kind)) if kind else not_found("taxonomy term")


def _gateways(
    request: HttpRequest,
    select: Callable[[asked.Asked], QuerySet[Gateway]],
    brief: Callable[[Gateway], Record],
    whole: Callable[[Gateway], Record],
) -> HttpResponseBase:
    page, given = asked.page(request), asked.filters(request)
    rows = select(given)
    total, here = _part(selectors.whole(rows) if given.full else rows, page)
    contents = [whole(each) if given.full else brief(each) for each in here]
    return answer(request, _envelope(page, total, contents))


def _gateway(
    request: HttpRequest, id: str, what: str, record: Callable[[Gateway], Record]
) -> HttpResponseBase:
    wanted = _uuid(id)
    found = selectors.gateway(wanted, what) if wanted else None
    if found is None or (what == "at-location" and not records.has_location(found)):
        return not_found("service" if what == "service" else "service at location")
    return answer(request, record(found))


def _uuid(given: str) -> UUID | None:
    """The UUID in an address; None where it is none, which is as unknown as any other."""
    try:
        return UUID(given)
    except ValueError:
        return None


def _part(rows: QuerySet[Row], page: asked.Page) -> tuple[int, list[Row]]:
    return rows.count(), list(rows[page.first : page.first + page.size])


def _envelope(page: asked.Page, total: int, contents: Sequence[Record]) -> dict[str, Any]:
    pages = max(1, -(-total // page.size))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page.number,
        "size": len(contents),
        "first_page": page.number == 1,
        "last_page": page.number >= pages,
        "empty": not contents,
        "contents": list(contents),
    }
