"""Home, the list of partnerships, the partnership page, and links that name no organisation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.permissions import Hidden, Permission
from overview import neutral_links, partnership_page
from overview.home_page import home_page
from overview.partnership_list import partnership_table
from partnerships.record import selectors as record
from partnerships.record.forms import FilterForm


@require_safe
def home(request: ActingRequest) -> HttpResponse:
    """What needs me today, my partnerships, and the next six weeks."""
    permissions.require(request.actor, Permission.SEE_RECORDS)
    return render(request, "overview/home.jinja", {"home": home_page(request.actor)})


@require_safe
def partnerships(request: ActingRequest) -> HttpResponse:
    """All partnerships of the acting organisation, 25 a page, narrowed as asked."""
    permissions.require(request.actor, Permission.SEE_RECORDS)
    form = FilterForm(request.GET)
    filters = form.filters()
    page = record.page_of_partnerships(request.actor, filters, request.GET.get("page"))
    context = {
        "filter_form_fields": form,
        "filtered": bool(filters),
        "page": page,
        "table": partnership_table(request.actor, list(page)),
        "may_open": permissions.can(request.actor, Permission.OPEN_PARTNERSHIP),
        "may_import": permissions.can(request.actor, Permission.IMPORT_HISTORY),
    }
    return render(request, "overview/partnerships.jinja", context)


@require_safe
def partnership(request: ActingRequest, ref: str) -> HttpResponse:
    """One partnership: who is in it, what was said, when we meet. A look by others is audited."""
    found = record.partnership_of(request.actor, ref)
    if found.owner_id != request.actor.organisation_id:
        audit.record("partnership seen", by=request.actor, obj=found)
    page = partnership_page.compose(request.actor, found)
    return render(request, "overview/partnership.jinja", {"page": page, "partnership": found})


@require_safe
def neutral_link(request: ActingRequest, kind: str, ref: str) -> HttpResponse:
    """Lead from an e-mail's link to the reader's own page of a partnership or touchpoint."""
    ways = neutral_links.ways(request.actor, kind, ref)
    if not ways:
        raise Hidden(Permission.SEE_PARTNERSHIP.value)
    if len(ways) == 1:
        return redirect(ways[0].href)
    context = {"ways": ways, "back": reverse("my-organisations")}
    return render(request, "overview/choose_organisation.jinja", context)
