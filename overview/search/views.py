"""The search page: everything that was found, or one kind of record."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.directory import presenters as directory
from contacts.search import typed
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.permissions import Permission
from overview.search import presenters, selectors
from overview.search.selectors import Answer


@never_cache
@require_safe
def search(request: ActingRequest) -> HttpResponse:
    """Find what the acting organisation may see."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    query = typed(request.GET.get("q", ""))
    kind = request.GET.get("kind", "")
    context: dict[str, Any] = {"query": query, "here": page_of(actor, "search")}
    if kind in selectors.RECORDS:
        answer = selectors.search_records(actor, query, kind)
        context["kind"] = kind
        context["heading"] = presenters.NAMES[kind][1]
    else:
        answer = selectors.search_everything(actor, query) if query else Answer()
        people = answer.people.postings if answer.people else []
        gateways = answer.gateways.gateways if answer.gateways else []
        context |= {
            "organisation_table": directory.organisations(
                actor, answer.organisations.organisations
            ),
            "people_table": directory.people(actor, people),
            "gateway_table": directory.gateways(actor, gateways),
        }
    context |= {
        "answer": answer,
        "parts": [
            presenters.part_of(actor, kind, group, query) for kind, group in answer.records.items()
        ],
    }
    return render(request, "search/search.jinja", context)
