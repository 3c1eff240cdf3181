"""Finding an organisation among all of England's, and the page of one."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contacts import presenters, selectors, sources
from contacts.forms import FindForm
from contacts.paging import page_number
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.models import Kind, Organisation
from organisations.permissions import Permission
from organisations.reorganising.words import sentence, soon_tag

PER_PAGE = 20
# What the search calls its parts, and what the page of an organisation calls them.
SEARCH = {"q": "q", "kind": "kind", "page": "results"}


@require_safe
def find_organisation(request: ActingRequest) -> HttpResponse:
    """Find an organisation to work with."""

    came_from = _remembered(request.GET)

    def address(organisation: Organisation) -> str:
        return page_of(request.actor, "organisation", target=organisation.slug) + came_from

    return _find(request, "Find an organisation", address)


@require_safe
def find_my_organisation(request: ActingRequest) -> HttpResponse:
    """Find the organisation that one works for, in order to ask to speak for it."""

    def address(organisation: Organisation) -> str:
        return reverse("ask-to-join", args=[organisation.slug])

    return _find(request, "Find the organisation that you work for", address)


def _find(
    request: ActingRequest, title: str, address: Callable[[Organisation], str]
) -> HttpResponse:
    permissions.require(request.actor, Permission.SEARCH_DIRECTORY)
    form = FindForm(request.GET)
    context = {"title": title, "form": form, "here": request.path}
    if not form.is_valid():
        return render(request, "contacts/find.jinja", context)
    query, kind = form.cleaned_data["q"], form.cleaned_data["kind"] or None
    number = page_number(request.GET.get("page", ""))
    found = selectors.find_organisations(
        query, kind=kind, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    if number > 1 and not found.organisations:
        number = 1
        found = selectors.find_organisations(query, kind=kind, limit=PER_PAGE)
    context |= {
        "query": query,
        "kind": kind,
        "found": found,
        "explanation": presenters.explanation(query, found),
        "ended": presenters.ended(found, address),
        "result_table": presenters.results(found, address),
        "page": _page(found.total, number),
    }
    return render(request, "contacts/find.jinja", context)


def _remembered(search: QueryDict) -> str:
    """What an organisation's page needs to lead back to the list it was found in."""
    kept = QueryDict(mutable=True)
    for name, theirs in SEARCH.items():
        if given := search.get(name):
            kept[theirs] = given
    return f"?{kept.urlencode()}" if kept else ""


def _way_back(request: ActingRequest) -> str:
    """The list in which an organisation was found, or the empty search."""
    kept = QueryDict(mutable=True)
    for name, theirs in SEARCH.items():
        if given := request.GET.get(theirs):
            kept[name] = given
    return page_of(request.actor, "find-organisation") + (f"?{kept.urlencode()}" if kept else "")


def _page(total: int, number: int) -> Page[int]:
    return Paginator(range(total), PER_PAGE).get_page(number)


@require_safe
def organisation(request: ActingRequest, target: str) -> HttpResponse:
    """An organisation: what is known of it, from where, and what can be done with it."""
    actor = request.actor
    permissions.require(actor, Permission.SEARCH_DIRECTORY)
    profile = selectors.profile(target)
    if profile is None:
        raise Http404("no such organisation")

    def address(other: Organisation) -> str:
        return page_of(actor, "organisation", target=other.slug)

    shown = profile.organisation
    is_own = shown.pk == actor.organisation_id
    trust = profile.school.trust if profile.school else None
    schools = None
    if shown.kind == Kind.SCHOOL_TRUST:
        number = page_number(request.GET.get("page", ""))
        schools = Paginator(selectors.schools_of(shown), PER_PAGE).get_page(number)
    context = {
        "profile": profile,
        "shown": shown,
        "facts": presenters.facts(profile, address),
        "address": address,
        "way_back": _way_back(request),
        "found_by": request.GET.get("q"),
        "is_own": is_own,
        "trust": trust,
        "may_open": not is_own
        and trust is None
        and not presenters.has_ended(shown)
        and permissions.can(actor, Permission.OPEN_PARTNERSHIP),
        "has_ended": presenters.has_ended(shown),
        "soon": soon_tag() if profile.ahead else "",
        "announced": sentence(profile.ahead, shown.name) if profile.ahead else "",
        "schools": schools,
        "school_table": presenters.schools(schools, address) if schools else None,
        "place_table": presenters.places(profile, address),
        "source": sources.OF_KIND.get(shown.kind, ""),
        "licence": sources.LICENCE,
    }
    return render(request, "contacts/organisation.jinja", context)
