"""The history of one shared record, for everyone of its members."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.audit_trail import selectors
from organisations.audit_trail.presenters import events_table
from organisations.audit_trail.views import with_values
from organisations.permissions import Permission
from partnerships.record.selectors import partnership_of


@require_safe
def partnership_history(request: ActingRequest, ref: str) -> HttpResponse:
    """What was done to a partnership and everything below it, newest first, 50 a page."""
    found = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.SEE_PARTNERSHIP, found)
    page = selectors.page_of_events(
        selectors.history(request.actor, found.pk), request.GET.get("before", "")
    )
    context = {
        "partnership": found,
        "events": page.events,
        "table": events_table(request.actor, page.events),
        "older": with_values(request.GET, before=page.older) if page.older else "",
        "newest": with_values(request.GET) if request.GET.get("before") else "",
    }
    return render(request, "audit/history.jinja", context)
