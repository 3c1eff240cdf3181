"""Files that a regional admin takes out: the directory, the template, a preview's rows."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from contacts.sheets import directory_rows, files_out, presenters, selectors, services
from contacts.sheets.files_out import CONTENT_TYPES, CSV
from contacts.sheets.forms import ExportForm
from contacts.sheets.views import region_of
from organisations.actor import ActingRequest
from organisations.forms import data_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: ActingRequest, slug: str) -> HttpResponse:
    """The region's contacts as a file; the filters of a list may be in the address."""
    region = region_of(request, slug)
    form = ExportForm(data_for(request), actor=request.actor, region=region, given=request.GET)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        content = services.export_contacts(
            by=request.actor, region=region, kind=kind, narrowed=form.narrowed
        )
        return _file(f"contacts-{slug}-{timezone.localdate():%Y-%m-%d}", kind, content)
    return render(request, "sheets/export.jinja", {"form": form, "region": region})


@require_GET
def template(request: ActingRequest, slug: str, kind: str) -> HttpResponse:
    """An empty sheet with our headings."""
    region_of(request, slug)
    if kind not in CONTENT_TYPES:
        raise Http404("no such kind of file")
    content = files_out.write(kind, directory_rows.TEMPLATE_HEADINGS, [])
    return _file("contacts-template", kind, content)


@never_cache
@require_GET
def preview(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Every row of an import with what was found, for putting the sheet right."""
    region = region_of(request, slug)
    run = selectors.run_of(region, ref)
    if not run.checked_at or run.rows_removed_at is not None:
        raise Http404("no preview, or none any more")
    rows = list(selectors.rows_of(run))
    names = selectors.names_in(rows)
    headings = ["Row", "Result", "What was found", *run.headings]
    width = len(run.headings)
    lines: list[Sequence[files_out.Cell]] = [
        [
            row.number,
            row.get_outcome_display(),
            " ".join(presenters.sentences(run, row, names)),
            *row.cells[:width],
            *[""] * (width - len(row.cells)),
        ]
        for row in rows
    ]
    return _file(f"checked-{run.ref}", CSV, files_out.write(CSV, headings, lines))


def _file(name: str, kind: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
