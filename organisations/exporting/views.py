"""Pages on which a manager takes the organisation's records away."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.exporting import selectors, services
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from organisations.signing_in import freshness


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_records(request: ActingRequest) -> HttpResponse:
    """A file with everything the organisation sees: at once, or once the worker has made it."""
    actor = request.actor
    permissions.require(actor, Permission.EXPORT_RECORDS)
    freshness.require(request)
    form = RecordForm(data_for(request), actor=actor)
    if request.method == "POST" and form.is_valid():
        if not services.is_large(by=actor):
            return _as_file(*services.export_at_once(by=actor))
        page = form.carry_out(
            lambda: page_of(actor, "records-export", ref=services.ask_for_export(by=actor).ref)
        )
        if page:
            return redirect(page)
    return render(
        request,
        "exporting/take_records.jinja",
        {"form": form, "exports": selectors.exports_of(actor)},
    )


@never_cache
@require_safe
def records_export(request: ActingRequest, ref: str) -> HttpResponse:
    """Where a file that was asked for stands, and the way to fetch it."""
    permissions.require(request.actor, Permission.EXPORT_RECORDS)
    export = selectors.export_of(request.actor, ref)
    return render(request, "exporting/records_export.jinja", {"export": export})


@never_cache
@require_GET
def download_export(request: ActingRequest, ref: str) -> HttpResponse:
    """The file, for whoever asked for it."""
    permissions.require(request.actor, Permission.EXPORT_RECORDS)
    export = selectors.export_of(request.actor, ref)
    freshness.require(request)
    try:
        return _as_file(*services.take_export(by=request.actor, export=export))
    except ValidationError:
        return redirect(page_of(request.actor, "records-export", ref=ref))


def _as_file(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
