"""The steps of an import: its columns, possible duplicates, applying, undoing, throwing away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contacts.models import ImportRun, Outcome, Region, RunState
from contacts.sheets import presenters, selectors, services
from contacts.sheets.forms import ApplyForm, ColumnsForm, DuplicatesForm
from contacts.sheets.views import region_of
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for

ASKED_AT_ONCE = 20
page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@page_with_form
def columns(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Say which column is which."""
    region, run = _run(request, slug, ref)
    if run.state not in (RunState.MATCHING, RunState.CHECKED):
        return _back(slug, run)
    examples = selectors.first_rows(run)
    form = ColumnsForm(data_for(request), actor=request.actor, run=run, examples=examples)

    def work() -> None:
        services.match_columns(by=request.actor, run=run, matching=form.matching)

    return _form(request, region, run, form, work, "sheets/columns.jinja")


@never_cache
@page_with_form
def duplicates(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Say of possible duplicates what to do, some at a time."""
    region, run = _run(request, slug, ref)
    left = run.counts.get(Outcome.UNDECIDED, 0)
    if run.state != RunState.CHECKED or not left:
        return _back(slug, run)
    rows = list(selectors.rows_of(run, Outcome.UNDECIDED)[:ASKED_AT_ONCE])
    asked = [(row, presenters.who(run, row)) for row in rows]
    names = selectors.names_in(rows)
    form = DuplicatesForm(data_for(request), actor=request.actor, rows=asked, names=names)

    def work() -> None:
        services.decide(by=request.actor, run=run, choices=form.choices)

    more = {"left": left, "shown": len(rows)}
    return _form(request, region, run, form, work, "sheets/duplicates.jinja", **more)


@never_cache
@page_with_form
def all_duplicates(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Say the same of all possible duplicates."""
    region, run = _run(request, slug, ref)
    left = run.counts.get(Outcome.UNDECIDED, 0)
    choice = request.POST.get("choice") or request.GET.get("choice", "")
    if run.state != RunState.CHECKED or not left:
        return _back(slug, run)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> None:
        services.decide_all(by=request.actor, run=run, choice=choice)

    more = {"left": left, "choice": "leave_out" if choice == "leave_out" else "add"}
    return _form(request, region, run, form, work, "sheets/all_duplicates.jinja", **more)


@never_cache
@page_with_form
def check_again(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Check the rows once more, because the directory has changed."""
    region, run = _run(request, slug, ref)
    if run.state != RunState.CHECKED:
        return _back(slug, run)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> None:
        services.match_columns(by=request.actor, run=run, matching=run.matching)

    return _form(request, region, run, form, work, "sheets/check_again.jinja")


@never_cache
@page_with_form
def apply(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Apply what was checked."""
    region, run = _run(request, slug, ref)
    if run.state != RunState.CHECKED:
        return _back(slug, run)
    wrong = sum(run.counts.get(each, 0) for each in (Outcome.PROBLEM, Outcome.UNDECIDED))
    form = ApplyForm(data_for(request), actor=request.actor, wrong=wrong)

    def work() -> None:
        only_good = bool(form.cleaned_data.get("only_good"))
        services.ask_to_apply(by=request.actor, run=run, only_good=only_good)

    more = {"counts": presenters.counts(run), "wrong": wrong}
    return _form(request, region, run, form, work, "sheets/apply.jinja", **more)


@never_cache
@page_with_form
def undo(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Undo an import."""
    region, run = _run(request, slug, ref)
    if run.state != RunState.APPLIED or run.rows_removed_at is not None:
        return _back(slug, run)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> None:
        services.ask_to_undo(by=request.actor, run=run)

    return _form(request, region, run, form, work, "sheets/undo.jinja")


@never_cache
@page_with_form
def discard(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Throw an import away."""
    region, run = _run(request, slug, ref)
    if run.state not in (RunState.MATCHING, RunState.CHECKED):
        return _back(slug, run)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> None:
        services.discard(by=request.actor, run=run)
        messages.success(request, f"{run.file_name} was thrown away")

    return _form(request, region, run, form, work, "sheets/discard.jinja")


def _run(request: ActingRequest, slug: str, ref: str) -> tuple[Region, ImportRun]:
    region = region_of(request, slug)
    return region, selectors.run_of(region, ref)


def _back(slug: str, run: ImportRun) -> HttpResponse:
    """To where the import stands now."""
    return redirect("sheet", slug, run.ref)


def _form(
    request: ActingRequest,
    region: Region,
    run: ImportRun,
    form: RecordForm,
    work: Callable[[], None],
    template: str,
    **more: Any,
) -> HttpResponse:
    page = reverse("sheet", args=[region.slug, run.ref])

    def carried_out() -> str:
        work()
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(carried_out)):
        return redirect(url)
    return render(request, template, {"form": form, "region": region, "run": run, **more})
