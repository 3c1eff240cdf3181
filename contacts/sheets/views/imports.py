"""The region's imports, bringing a sheet in, and where one stands."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts.models import ImportRun, Outcome, Region, RunState
from contacts.sheets import presenters, selectors, services
from contacts.sheets.forms import SheetForm
from contacts.sheets.steps import progress_of
from contacts.sheets.views import region_of
from frontend.lists import pagination
from organisations.actor import ActingRequest
from organisations.forms import data_for

ON_A_PAGE = 50
SHOWS_ROWS = (RunState.CHECKED, RunState.APPLIED)


@never_cache
@require_safe
def sheets(request: ActingRequest, slug: str) -> HttpResponse:
    """What was brought in, and the ways in and out."""
    region = region_of(request, slug)
    table = presenters.history(slug, selectors.runs_of(region))
    return render(request, "sheets/list.jinja", {"region": region, "table": table})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: ActingRequest, slug: str) -> HttpResponse:
    """Choose a file."""
    region = region_of(request, slug)
    files = request.FILES if request.method == "POST" else None
    form = SheetForm(data_for(request), files=files, actor=request.actor)

    def work() -> str:
        sheet = form.cleaned_data["sheet"]
        run = services.bring_in(
            by=request.actor, region=region, name=sheet.name, content=sheet.read()
        )
        return reverse("sheet-columns", args=[slug, run.ref])

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return render(request, "sheets/bring_in.jinja", {"form": form, "region": region})


@never_cache
@require_safe
def sheet(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Where an import stands: being worked on, its preview, or what it did."""
    region = region_of(request, slug)
    run = selectors.run_of(region, ref)
    context = {"region": region, "run": run, "slug": slug}
    if run.at_work:
        context |= {"done": progress_of(run)}
        return render(request, "sheets/at_work.jinja", context)
    if getattr(request, "htmx", False):
        # The page that waited shows what came of it.
        return HttpResponse(headers={"HX-Refresh": "true"})
    if run.state in SHOWS_ROWS and run.rows_removed_at is None:
        context |= _rows(request, region, run)
    return render(request, "sheets/sheet.jinja", context)


def _rows(request: ActingRequest, region: Region, run: ImportRun) -> dict[str, object]:
    outcome = request.GET.get("result", "")
    pages = Paginator(selectors.rows_of(run, outcome), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = list(page)
    names = selectors.names_in(rows)
    wrong = sum(run.counts.get(each, 0) for each in (Outcome.PROBLEM, Outcome.UNDECIDED))
    return {
        "counts": presenters.counts(run),
        "chosen": outcome if outcome in Outcome.values else "",
        "table": presenters.preview(run, rows, names) if rows else None,
        "total": pages.count,
        "pages": pagination(page, request.GET),
        "wrong": wrong,
        "would_write": any(run.counts.get(each) for each in (Outcome.NEW, Outcome.CHANGED)),
    }
