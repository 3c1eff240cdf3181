"""Pages of many readings: the rows, what they would do, saving them; and the template."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calendars.london import today
from contacts.sheets.files_out import CONTENT_TYPES, XLSX
from frontend.wording import counted
from initiatives.measures import presenters, selectors, services
from initiatives.measures.models import Measure
from initiatives.measures.periods import ended_periods, periods_to_come
from initiatives.measures.sheets import presenters as sheet_presenters
from initiatives.measures.sheets.columns import columns_of
from initiatives.measures.sheets.forms import RowsForm, SaveForm
from initiatives.measures.sheets.judging import Judged, Outcome, judge, readings_in
from initiatives.measures.sheets.reading import Periods, Sheet
from initiatives.measures.sheets.template import template
from initiatives.plans.selectors import initiative_of
from initiatives.small_numbers.presenters import in_short
from initiatives.small_numbers.selectors import rule_for
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.drafts import never_kept
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.diary.school_terms import school_terms
from partnerships.record.selectors import partnership_of


@never_kept
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_many(request: ActingRequest, ref: str, initiative: str, measure: str) -> HttpResponse:
    """Enter many readings: check rows, then save what was checked."""
    found = _to_record(request, ref, initiative, measure)
    if "checked" in request.POST:
        return _save(request, found)
    periods = periods_for(request.actor, found)
    files = request.FILES if request.method == "POST" else None
    form = RowsForm(
        data_for(request), actor=request.actor, measure=found, periods=periods, files=files
    )
    if request.method == "POST" and form.is_valid() and form.read is not None:
        return _preview(request, found, form, form.read)
    return _page(request, found, form)


@never_cache
@require_safe
def readings_template(
    request: ActingRequest, ref: str, initiative: str, measure: str
) -> HttpResponse:
    """The workbook to fill in."""
    found = _to_record(request, ref, initiative, measure)
    periods = periods_for(request.actor, found)
    read = {(row.starts_on, row.ends_on) for row in selectors.raw_of(request.actor, found)}
    missing = [each for each in periods.over if (each.starts_on, each.ends_on) not in read]
    response = HttpResponse(template(found, missing), content_type=CONTENT_TYPES[XLSX])
    response["Content-Disposition"] = f'attachment; filename="readings-{found.ref}.xlsx"'
    return response


def periods_for(actor: Actor, measure: Measure) -> Periods:
    """The periods of a measure, as the partnership's schools have their terms."""
    day = today()
    ref = measure.initiative.partnership.ref
    days = {day - timedelta(days=4 * 366), day + timedelta(days=366)}
    terms = school_terms(actor, {ref}, days).of(ref)
    return Periods(
        ended_periods(measure.period, day, terms), periods_to_come(measure.period, day, terms)
    )


def _preview(request: ActingRequest, found: Measure, form: RowsForm, sheet: Sheet) -> HttpResponse:
    standing = selectors.raw_of(request.actor, found)
    rows = judge(found, sheet, form.periods, standing)
    wrong = sum(row.outcome == Outcome.PROBLEM for row in rows)
    save = None
    if not wrong and (readings := readings_in(rows)):
        save = SaveForm(
            actor=request.actor,
            measure=found,
            periods=form.periods,
            readings=readings,
            based_on=max((each.pk for each in standing), default=0),
        )
    # A file cannot be shown again; rows that were pasted are there to be put right.
    return _page(request, found, form, rows=rows, sheet=sheet, save=save, wrong=wrong)


def _save(request: ActingRequest, found: Measure) -> HttpResponse:
    actor = request.actor
    periods = periods_for(actor, found)
    save = SaveForm(request.POST, actor=actor, measure=found, periods=periods)

    def work() -> str:
        services.record_readings(
            by=actor, measure=found, readings=save.readings, based_on=save.based_on
        )
        return presenters.address(actor, found)

    if save.is_valid() and (url := save.carry_out(work)):
        said = counted(len(save.readings), "reading")
        messages.success(request, f"{said} saved")
        return redirect(url)
    form = RowsForm(actor=actor, measure=found, periods=periods)
    return _page(request, found, form, refused=save)


def _page(
    request: ActingRequest,
    found: Measure,
    form: RowsForm,
    *,
    rows: list[Judged] | None = None,
    sheet: Sheet | None = None,
    save: SaveForm | None = None,
    wrong: int = 0,
    refused: SaveForm | None = None,
) -> HttpResponse:
    rule = rule_for(found.partnership_id)
    context = {
        "initiative": found.initiative,
        "partnership": found.initiative.partnership,
        "measure": found,
        "rule": in_short(rule),
        "columns": columns_of(found),
        # Whose errors the page names first.
        "form": refused or form,
        "rows_form": form,
        "rows": rows,
        "table": sheet_presenters.preview(found, rows, rule) if rows else None,
        "how_many": sheet_presenters.how_many(rows or []),
        "sheet": sheet,
        "save": save,
        "wrong": wrong,
    }
    return render(request, "measures/many.jinja", context)


def _to_record(request: ActingRequest, ref: str, initiative: str, measure: str) -> Measure:
    within = initiative_of(request.actor, partnership_of(request.actor, ref), initiative)
    found = selectors.measure_of(request.actor, within, measure)
    permissions.require(request.actor, Permission.RECORD_READING, found)
    return found
