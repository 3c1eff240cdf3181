"""What has changed for an organisation since another one was succeeded."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contacts.paging import page_number
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.models import Organisation
from organisations.permissions import Permission
from organisations.reorganising.selectors import chain_of
from partnerships.record import selectors

PER_PAGE = 25


@require_safe
def succession(request: ActingRequest, former: str) -> HttpResponse:
    """Who took over from an organisation, and in which of one's own partnerships."""
    permissions.hide_unless(request.actor, Permission.SEE_RECORDS)
    it = get_object_or_404(Organisation, slug=former)
    places = Paginator(selectors.places_succeeded(request.actor, it), PER_PAGE)
    return render(
        request,
        "record/succession.jinja",
        {
            "former": it,
            "after": chain_of(it).after,
            "page": places.get_page(page_number(request.GET.get("page", ""))),
        },
    )
