"""The page of a person's posting in the directory."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contacts.directory import freshness, presenters, sections, selectors
from contacts.models import Posting
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.permissions import Permission


def posting_of(ref: str) -> Posting:
    """A posting in the directory; raises Http404 for any other."""
    found: Posting = get_object_or_404(
        selectors.listed().select_related(
            "person", "organisation", "role_type", "region", "place__council", "deputy__person"
        ),
        ref=ref,
    )
    return found


@require_safe
def person(request: ActingRequest, ref: str) -> HttpResponse:
    """Who it is, what to approach them for, and how far that can be relied on."""
    actor = request.actor
    permissions.require(actor, Permission.SEARCH_DIRECTORY)
    it = posting_of(ref)
    context = {
        "posting": it,
        "fresh": freshness.of(it),
        "facts": presenters.person_facts(actor, it),
        "sections": sections.of_person.of(actor, it),
    }
    return render(request, "directory/person.jinja", context)
