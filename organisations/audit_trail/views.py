"""The organisation's audit trail, for its managers: the page and the file."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.audit_trail import selectors
from organisations.audit_trail.export import MOST, export_trail
from organisations.audit_trail.forms import TrailForm
from organisations.audit_trail.presenters import events_table
from organisations.permissions import Permission


@require_safe
def audit_trail(request: ActingRequest) -> HttpResponse:
    """What was done, newest first, 50 a page, narrowed as asked."""
    permissions.require(request.actor, Permission.SEE_AUDIT)
    form = TrailForm(request.GET, actor=request.actor)
    filters = form.filters()
    page = selectors.page_of_events(
        selectors.trail(request.actor, filters), request.GET.get("before", "")
    )
    context = {
        "filter_form_fields": form,
        "filtered": bool(filters),
        "events": page.events,
        "table": events_table(request.actor, page.events),
        "older": with_values(request.GET, before=page.older) if page.older else "",
        "newest": with_values(request.GET) if request.GET.get("before") else "",
        "export": page_of(request.actor, "audit-export") + with_values(request.GET),
        "most": MOST,
    }
    return render(request, "audit/trail.jinja", context)


@never_cache
@require_GET
def audit_export(request: ActingRequest) -> HttpResponse:
    """The same, as a file."""
    permissions.require(request.actor, Permission.SEE_AUDIT)
    filters = TrailForm(request.GET, actor=request.actor).filters()
    text = export_trail(by=request.actor, filters=filters)
    # A mark of the encoding, without which spreadsheets take it for another.
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    name = f"audit-trail-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def with_values(query: QueryDict, *, before: str = "") -> str:
    """The query of the same list from another place on."""
    values = query.copy()
    values.pop("before", None)
    if before:
        values["before"] = before
    return f"?{values.urlencode()}"
