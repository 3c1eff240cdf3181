"""The directory's first page: searching for people, gateways and organisations at once."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contacts.directory import areas, presenters, selectors
from contacts.directory.forms import DirectoryForm
from contacts.directory.selectors import Filters
from contacts.paging import page_number
from contacts.selectors import find_organisations
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.addresses import page_of
from organisations.permissions import Permission

PER_PAGE = 20
# How many of each are shown beside the people, while all are looked for.
BESIDE = 5
# What a search for gateways alone keeps of a search for everything.
KEPT = ("q", "region", "place")


@require_safe
def directory(request: ActingRequest) -> HttpResponse:
    """Search the directory; without anything asked for, the ways into it."""
    actor = request.actor
    permissions.require(actor, Permission.SEARCH_DIRECTORY)
    form = DirectoryForm(request.GET, choices=selectors.choices())
    context: dict[str, Any] = {"form": form, "here": page_of(actor, "directory")}
    if not form.is_valid():
        return render(request, "directory/search.jinja", context)
    filters, kind = form.filters(), form.cleaned_data["kind"]
    asked = bool(kind or filters != Filters())
    context |= {"asked": asked, "kind": kind, "query": filters.words}
    if asked:
        context |= _found(request, filters, kind)
    else:
        assert actor.organisation_id is not None
        context |= {
            "own_regions": areas.own_regions(actor.organisation_id),
            "regions": form.known.regions,
        }
    return render(request, "directory/search.jinja", context)


def _found(request: ActingRequest, filters: Filters, kind: str) -> dict[str, Any]:
    actor, number = request.actor, page_number(request.GET.get("page", ""))
    start = (number - 1) * PER_PAGE
    found: dict[str, Any] = {}
    if kind in ("", "people"):
        people = selectors.find_people(filters, limit=PER_PAGE, offset=start)
        if number > 1 and not people.postings:
            number, start = 1, 0
            people = selectors.find_people(filters, limit=PER_PAGE)
        found |= {
            "people": people,
            "people_table": presenters.people(actor, people.postings),
            "page": _page(people.total, number),
        }
    if kind == "gateways" or (not kind and not filters.about_people):
        some = {"limit": BESIDE} if not kind else {"limit": PER_PAGE, "offset": start}
        gateways = selectors.find_gateways(filters, **some)
        found |= {
            "gateways": gateways,
            "gateway_table": presenters.gateways(actor, gateways.gateways),
        }
        if kind:
            found["page"] = _page(gateways.total, number)
        asked = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
        found["all_gateways"] = presenters.search_page(actor, **asked, kind="gateways")
    found |= _organisations(actor, filters, kind, number)
    return found


def _organisations(actor: Actor, filters: Filters, kind: str, number: int) -> dict[str, Any]:
    """Organisations by the same words; only where nothing is asked for that they do not have."""
    narrowed = filters.about_people or filters.region or filters.place
    if not filters.words or (kind != "organisations" and (kind or narrowed)):
        return {}
    limit = PER_PAGE if kind else BESIDE
    offset = (number - 1) * PER_PAGE if kind else 0
    organisations = find_organisations(filters.words, limit=limit, offset=offset)
    found: dict[str, Any] = {
        "organisations": organisations,
        "organisation_table": presenters.organisations(actor, organisations.organisations),
    }
    if kind:
        found["page"] = _page(organisations.total, number)
    return found


def _page(total: int, number: int) -> Page[int]:
    return Paginator(range(total), PER_PAGE).get_page(number)
