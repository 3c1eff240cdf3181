"""Pages of imports of history: the list, the template, bringing one in, its preview, undoing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from contacts.sheets.files_out import CONTENT_TYPES, XLSX
from frontend.lists import pagination
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from overview.history_import import presenters, selectors, services
from overview.history_import.forms import PartnersForm, WorkbookForm
from overview.history_import.models import HistoryRun, Outcome, RunState
from overview.history_import.template import template

FORM_METHODS = ["GET", "HEAD", "POST"]
ON_A_PAGE = 50


@never_cache
@require_safe
def imports(request: ActingRequest) -> HttpResponse:
    """What was brought in, and how to bring something in."""
    permissions.require(request.actor, Permission.IMPORT_HISTORY)
    table = presenters.history(request.actor, selectors.runs_of(request.actor))
    return render(request, "history_import/list.jinja", {"table": table})


@require_GET
def empty_workbook(request: ActingRequest) -> HttpResponse:
    """The template, to be filled in."""
    permissions.require(request.actor, Permission.IMPORT_HISTORY)
    response = HttpResponse(template(), content_type=CONTENT_TYPES[XLSX])
    response["Content-Disposition"] = 'attachment; filename="history-template.xlsx"'
    return response


@never_cache
@require_http_methods(FORM_METHODS)
def bring_in(request: ActingRequest) -> HttpResponse:
    """Choose a workbook."""
    permissions.require(request.actor, Permission.IMPORT_HISTORY)
    files = request.FILES if request.method == "POST" else None
    form = WorkbookForm(data_for(request), files=files, actor=request.actor)

    def work() -> str:
        sheet = form.cleaned_data["sheet"]
        run = services.bring_in(by=request.actor, name=sheet.name, content=sheet.read())
        return _page(request, run)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return render(request, "history_import/bring_in.jinja", {"form": form})


@never_cache
@require_http_methods(FORM_METHODS)
def history_import(request: ActingRequest, ref: str) -> HttpResponse:
    """What an import would do, with the partners to choose; or what it did."""
    run = _run(request, ref)
    form = PartnersForm(
        data_for(request),
        actor=request.actor,
        run=run,
        organisations=selectors.offered(run),
    )

    def work() -> str:
        services.choose_partners(by=request.actor, run=run, choices=form.choices)
        return _page(request, run)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Rows checked again")
        return redirect(url)
    outcome = request.GET.get("result", "")
    pages = Paginator(selectors.rows_of(run, outcome), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    shown = run.state != RunState.DISCARDED and run.rows_removed_at is None
    context = {
        "run": run,
        "form": form if run.state == RunState.CHECKED and run.offers else None,
        "counts": presenters.counts(run),
        "new": presenters.total(run, Outcome.NEW),
        "wrong": presenters.total(run, Outcome.PROBLEM),
        "unknown": presenters.total(run, Outcome.UNKNOWN),
        "chosen": outcome if outcome in Outcome.values else "",
        "results": presenters.results(run),
        "table": presenters.preview(run, page) if shown and page.object_list else None,
        "total": pages.count,
        "pages": pagination(page, request.GET),
    }
    return render(request, "history_import/import.jinja", context)


@never_cache
@require_http_methods(FORM_METHODS)
def save(request: ActingRequest, ref: str) -> HttpResponse:
    """Save what is new, after saying what that means."""
    run = _run(request, ref)
    context = {
        "counts": presenters.counts(run),
        "new": presenters.total(run, Outcome.NEW),
        "wrong": presenters.total(run, Outcome.PROBLEM),
    }
    return _step(
        request, run, "save", "History saved", services.save_history, RunState.CHECKED, context
    )


@never_cache
@require_http_methods(FORM_METHODS)
def undo(request: ActingRequest, ref: str) -> HttpResponse:
    """Take back what an import made."""
    run = _run(request, ref)
    return _step(request, run, "undo", "Import undone", services.undo_history, RunState.APPLIED)


@never_cache
@require_http_methods(FORM_METHODS)
def discard(request: ActingRequest, ref: str) -> HttpResponse:
    """Throw an import away that was not saved."""
    run = _run(request, ref)
    return _step(request, run, "discard", "Import thrown away", services.discard, RunState.CHECKED)


def _step(
    request: ActingRequest,
    run: HistoryRun,
    name: str,
    said: str,
    service: Callable[..., HistoryRun],
    state: str,
    context: Mapping[str, object] | None = None,
) -> HttpResponse:
    """A page that is only a button, for an import in one state; one that has moved on is shown."""
    if request.method != "POST" and run.state != state:
        return redirect(_page(request, run))
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        service(by=request.actor, run=run)
        return _page(request, run)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, said)
        return redirect(url)
    return render(
        request, f"history_import/{name}.jinja", {"form": form, "run": run, **(context or {})}
    )


def _run(request: ActingRequest, ref: str) -> HistoryRun:
    permissions.require(request.actor, Permission.IMPORT_HISTORY)
    return selectors.run_of(request.actor, ref)


def _page(request: ActingRequest, run: HistoryRun) -> str:
    return page_of(request.actor, "history-import", ref=run.ref)
