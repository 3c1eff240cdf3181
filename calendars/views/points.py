"""Pages of pressure points: a national one, hiding and changing it, and one's own periods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calendars import asked_year, points, presenters, services
from calendars.models import OwnPeriod
from calendars.period_forms import HideForm, PeriodForm, of_period, of_point
from calendars.pressure_points import PressurePoint
from calendars.views.pages import nothing_to_do
from calendars.years import AcademicYear
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def point(request: ActingRequest, key: str) -> HttpResponse:
    """One national pressure point: what is known of it, and what the organisation did with it."""
    permissions.require(request.actor, Permission.SEE_RECORDS)
    it = _point(key)
    shown = points.one_point(request.actor, it)
    context = {
        "point": it,
        "shown": shown,
        "official": points.Shown(it, None),
        "words": presenters,
        "back": _calendar(request.actor, shown.start.year, shown.start.month),
        "may_change": permissions.can(request.actor, Permission.CHANGE_CALENDAR),
        "show_form": RecordForm(actor=request.actor),
    }
    return render(request, "calendars/point.jinja", context)


@require_http_methods(FORM_METHODS)
def hide(request: ActingRequest, key: str) -> HttpResponse:
    """Hide a national point: one year's, or every year's."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    it = _point(key)
    form = HideForm(data_for(request), actor=request.actor, year=it.year)

    def work() -> str:
        every_year = form.cleaned_data["how_long"] == HideForm.EVERY_YEAR
        services.hide_point(by=request.actor, key=key, every_year=every_year)
        return _calendar(request.actor, it.start.year, it.start.month)

    done = f"{it.name} is hidden"
    return _form(request, form, work, "calendars/hide_point.jinja", done, point=it)


@require_http_methods(FORM_METHODS)
def show_again(request: ActingRequest, key: str) -> HttpResponse:
    """Show a hidden point again."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    it = _point(key)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.show_point_again(by=request.actor, key=key)
        return _point_page(request.actor, it)

    done = f"{it.name} is shown again"
    return _form(request, form, work, "calendars/show_point.jinja", done, point=it)


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, key: str) -> HttpResponse:
    """Change a national point for the organisation: its own period stands in for it."""
    actor = request.actor
    permissions.require(actor, Permission.CHANGE_CALENDAR)
    it = _point(key)
    own = points.one_point(actor, it).own
    initial = of_period(own) if own else of_point(it)
    form = PeriodForm(data_for(request), actor=actor, initial=initial)

    def work() -> str:
        if own is None:
            services.change_point(by=actor, key=key, **form.facts())
        else:
            based_on = form.cleaned_data["based_on"] or 0
            services.change_period(by=actor, period=own, based_on=based_on, **form.facts())
        return _point_page(actor, it)

    page = "calendars/change_point.jinja"
    return _form(request, form, work, page, "Saved for our calendar", point=it, own=own)


@require_http_methods(FORM_METHODS)
def official_again(request: ActingRequest, key: str) -> HttpResponse:
    """Go back from one's own version to the national point."""
    actor = request.actor
    permissions.require(actor, Permission.CHANGE_CALENDAR)
    it = _point(key)
    own = points.one_point(actor, it).own
    form = RecordForm(data_for(request), actor=actor)
    if own is None and request.method != "POST":
        why = "Your calendar has the official pressure point already."
        return nothing_to_do(request, "Nothing was changed", why, _point_page(actor, it))

    def work() -> str:
        if own is not None:
            services.remove_period(by=actor, period=own)
        return _point_page(actor, it)

    page, done = "calendars/official_again.jinja", "The official one is back"
    return _form(request, form, work, page, done, point=it, own=own)


@require_http_methods(FORM_METHODS)
def add_period(request: ActingRequest) -> HttpResponse:
    """Add a period of one's own."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    form = PeriodForm(data_for(request), actor=request.actor)

    def work() -> str:
        added = services.add_period(by=request.actor, **form.facts())
        return _of_period(request.actor, added)

    return _form(request, form, work, "calendars/add_period.jinja", "Added to our calendar")


@require_http_methods(FORM_METHODS)
def change_period(request: ActingRequest, period: str) -> HttpResponse:
    """Change a period of one's own."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    own = _period(request.actor, period)
    form = PeriodForm(data_for(request), actor=request.actor, initial=of_period(own))

    def work() -> str:
        based_on = form.cleaned_data["based_on"] or 0
        changed = services.change_period(
            by=request.actor, period=own, based_on=based_on, **form.facts()
        )
        return _of_period(request.actor, changed)

    return _form(request, form, work, "calendars/change_period.jinja", "Changed", own=own)


@require_http_methods(FORM_METHODS)
def remove_period(request: ActingRequest, period: str) -> HttpResponse:
    """Take a period of one's own out of the calendar."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    own = _period(request.actor, period)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.remove_period(by=request.actor, period=own)
        return _of_period(request.actor, own)

    return _form(request, form, work, "calendars/remove_period.jinja", "Removed", own=own)


def _point(key: str) -> PressurePoint:
    found = points.point_with_key(key)
    if found is None:
        raise Http404("no such pressure point")
    return found


def _period(actor: Actor, ref: str) -> OwnPeriod:
    found = OwnPeriod.objects.filter(
        organisation_id=actor.key, ref=ref, removed_at=None, subscription=None
    ).first()
    if found is None:
        raise Http404("no such period, or removed")
    return found


def _calendar(actor: Actor, year: int, month: int) -> str:
    first_month = AcademicYear.first_month
    academic = AcademicYear(year if month >= first_month else year - 1)
    return f"{page_of(actor, 'calendar')}?year={asked_year.in_address(academic)}"


def _of_period(actor: Actor, period: OwnPeriod) -> str:
    return _calendar(actor, period.starts_on.year, period.starts_on.month)


def _point_page(actor: Actor, it: PressurePoint) -> str:
    return page_of(actor, "pressure-point", key=it.key)


def _form(
    request: ActingRequest,
    form: RecordForm,
    work: Callable[[], str],
    template: str,
    done: str,
    *,
    point: PressurePoint | None = None,
    own: OwnPeriod | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, done)
            return redirect(url)
        changed = form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE)
        if changed and own is not None and isinstance(form, PeriodForm):
            form.now_based_on(own.revision)
    actor = request.actor
    back = _point_page(actor, point) if point else page_of(actor, "calendar")
    if own is not None and point is None:
        back = _of_period(actor, own)
    context: dict[str, Any] = {"form": form, "point": point, "own": own, "back": back}
    return render(request, template, context)
