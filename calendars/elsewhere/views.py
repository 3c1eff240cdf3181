"""Pages of calendars elsewhere: bringing a file in, choosing from it, addresses and their state."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calendars import asked_year, tasks
from calendars.elsewhere import presenters, selectors, services
from calendars.elsewhere.forms import AddressForm, CalendarFileForm, TakePeriodsForm
from calendars.ics.found import busy_back
from calendars.models import CalendarFile, GivenBy, Purpose, Subscription
from calendars.views.terms import found_in_calendar
from frontend.wording import counted
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def elsewhere(request: ActingRequest) -> HttpResponse:
    """The calendars that are read, the files that were brought in, and the ways to add one."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    context = {
        "addresses": presenters.addresses_table(actor, selectors.addresses_of(actor)),
        "files": presenters.files_table(actor, selectors.files_of(actor)),
        "may_change": permissions.can(actor, Permission.CHANGE_CALENDAR),
        "keeps_terms": selectors.keeps_terms(actor),
        "reads_addresses": settings.CALENDARS_FROM_ADDRESSES,
    }
    return render(request, "calendars/elsewhere/list.jinja", context)


@never_cache
@page_with_form
def bring_in(request: ActingRequest, purpose: str) -> HttpResponse:
    """Choose a calendar file."""
    actor = request.actor
    permissions.require(actor, Permission.CHANGE_CALENDAR)
    wanted = _purpose(request, purpose)
    form = CalendarFileForm(
        data_for(request),
        files=request.FILES if request.method == "POST" else None,
        actor=actor,
        subjects=selectors.subjects_of(actor, wanted),
    )

    def work() -> str:
        chosen = form.cleaned_data["calendar"]
        file = services.bring_in_file(
            by=actor,
            purpose=wanted,
            subject=form.subject,
            name=chosen.name,
            content=chosen.read(),
        )
        return page_of(actor, "calendar-file", ref=file.ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    context = {"form": form, "for_terms": wanted == Purpose.TERMS}
    return render(request, "calendars/elsewhere/bring_in.jinja", context)


@never_cache
@page_with_form
def file(request: ActingRequest, ref: str) -> HttpResponse:
    """What a file holds: to choose from, or what was taken."""
    actor = request.actor
    permissions.require(actor, Permission.CHANGE_CALENDAR)
    shown = selectors.file_of(actor, ref)
    if shown.purpose == Purpose.TERMS:
        context = _terms(request, shown)
        return render(request, "calendars/elsewhere/terms_file.jinja", context)
    found = busy_back(shown.found)
    if shown.taken_at is not None:
        table = presenters.periods_table(selectors.periods_of(shown))
        return render(request, "calendars/elsewhere/file.jinja", {"file": shown, "table": table})
    form = TakePeriodsForm(data_for(request), actor=actor, periods=found.periods)

    def work() -> str:
        services.take_from_file(
            by=actor, file=shown, keys=form.cleaned_data["periods"], shared=form.shared
        )
        return page_of(actor, "calendar-file", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        taken = counted(len(form.cleaned_data["periods"]), "busy period")
        messages.success(request, f"{taken} added to your calendar")
        return redirect(url)
    context = {"form": form, "file": shown, "cautions": found.cautions}
    return render(request, "calendars/elsewhere/take.jinja", context)


@never_cache
@require_safe
def check_terms(request: ActingRequest, ref: str, year: str) -> HttpResponse:
    """The term dates of one year in a file, in the form that saves them."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    return _check(request, selectors.file_of(request.actor, ref), year, GivenBy.ICS_FILE)


@never_cache
@require_safe
def check_found_terms(request: ActingRequest, ref: str, year: str) -> HttpResponse:
    """The same of a calendar at an address."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    return _check(request, selectors.address_of(request.actor, ref), year, GivenBy.ICS_ADDRESS)


def _check(
    request: ActingRequest, source: Subscription | CalendarFile, year: str, given_by: GivenBy
) -> HttpResponse:
    wanted = asked_year.named(year)
    found = next((each for each in selectors.found_terms(source) if each.year == wanted), None)
    if found is None:
        raise Http404("no such year in this calendar")
    own = source.subject_id == source.organisation_id
    school = None if own else source.subject.slug
    return found_in_calendar(request, school, found, given_by=given_by, source=source.name)


@never_cache
@page_with_form
def undo(request: ActingRequest, ref: str) -> HttpResponse:
    """Take what came from a file out of the calendar again."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    shown = selectors.file_of(request.actor, ref)
    if shown.taken_at is None or shown.undone_at is not None:
        return redirect(page_of(request.actor, "calendar-file", ref=ref))

    def work() -> str:
        gone = services.undo_file(by=request.actor, file=shown)
        return f"{counted(gone, 'busy period')} taken out of your calendar"

    return _button(request, shown, "undo", "calendar-file", work)


@never_cache
@page_with_form
def add(request: ActingRequest, purpose: str) -> HttpResponse:
    """Say at which address a calendar lies."""
    actor = request.actor
    permissions.require(actor, Permission.CHANGE_CALENDAR)
    wanted = _purpose(request, purpose)
    if not settings.CALENDARS_FROM_ADDRESSES:
        raise Http404("calendars are not read from addresses here")
    form = AddressForm(
        data_for(request),
        actor=actor,
        subjects=selectors.subjects_of(actor, wanted),
        asks_who_sees=wanted == Purpose.BUSY,
    )

    def work() -> str:
        added = services.add_address(
            by=actor,
            purpose=wanted,
            subject=form.subject,
            name=form.cleaned_data["name"],
            url=form.cleaned_data["url"],
            shared=form.shared,
        )
        return page_of(actor, "calendar-address", ref=added.ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        tasks.wake_when_saved()
        return redirect(url)
    context = {"form": form, "for_terms": wanted == Purpose.TERMS}
    return render(request, "calendars/elsewhere/add.jinja", context)


@never_cache
@require_safe
def address(request: ActingRequest, ref: str) -> HttpResponse:
    """How a calendar at an address stands, and what came from it."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    shown = selectors.address_of(actor, ref)
    may_change = permissions.can(actor, Permission.CHANGE_CALENDAR)
    context = {
        **_terms(request, shown),
        "subscription": shown,
        "state": presenters.state_of(shown),
        "table": presenters.periods_table(selectors.periods_of(shown)),
        "waits": selectors.waits_to_be_checked(shown),
        "may_change": may_change,
        "reads_addresses": settings.CALENDARS_FROM_ADDRESSES,
    }
    return render(request, "calendars/elsewhere/address.jinja", context)


@never_cache
@page_with_form
def read_now(request: ActingRequest, ref: str) -> HttpResponse:
    """Have it read at the worker's next turn."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    shown = selectors.address_of(request.actor, ref)

    def work() -> str:
        services.read_soon(by=request.actor, subscription=shown)
        tasks.wake_when_saved()
        return "The calendar is being read. Reload this page in a moment"

    return _button(request, shown, "read_now", "calendar-address", work)


@never_cache
@page_with_form
def stop(request: ActingRequest, ref: str) -> HttpResponse:
    """Read it no more."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    shown = selectors.address_of(request.actor, ref)
    if shown.ended_at is not None:
        return redirect(page_of(request.actor, "calendar-address", ref=ref))

    def work() -> str:
        services.stop_address(by=request.actor, subscription=shown)
        return f"{shown.name} is not being read any more"

    return _button(request, shown, "stop", "calendars-elsewhere", work)


@never_cache
@page_with_form
def leave(request: ActingRequest, ref: str) -> HttpResponse:
    """Say that found term dates have been looked at."""
    permissions.require(request.actor, Permission.CHANGE_CALENDAR)
    shown = selectors.address_of(request.actor, ref)

    def work() -> str:
        services.leave_term_dates(by=request.actor, subscription=shown)
        return "Your term dates stay as they are"

    return _button(request, shown, "leave", "calendar-address", work)


def _button(
    request: ActingRequest,
    shown: Subscription | CalendarFile,
    page: str,
    back: str,
    work: Callable[[], str],
) -> HttpResponse:
    """A page that is only a button; `work` does it and says in words what was done."""
    form = RecordForm(data_for(request), actor=request.actor)
    ref = {} if back == "calendars-elsewhere" else {"ref": shown.ref}
    leads_to = page_of(request.actor, back, **ref)
    done: list[str] = []

    def carry_out() -> str:
        done.append(work())
        return leads_to

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(carry_out)):
        messages.success(request, done[0])
        return redirect(url)
    context = {"form": form, "shown": shown}
    return render(request, f"calendars/elsewhere/{page}.jinja", context)


def _purpose(request: ActingRequest, purpose: str) -> Purpose:
    """What a calendar is read for; term dates only where there are any."""
    if purpose not in Purpose.values:
        raise Http404("no such purpose")
    if purpose == Purpose.TERMS and not selectors.keeps_terms(request.actor):
        raise Http404("an organisation without school terms")
    return Purpose(purpose)


def _terms(request: ActingRequest, source: Subscription | CalendarFile) -> dict[str, object]:
    """The school years found, each with whether it is kept just so and where to check it."""
    found = selectors.found_terms(source)
    kept = selectors.kept_already(source, found)
    page = "calendar-file-terms" if isinstance(source, CalendarFile) else "calendar-address-terms"
    cautions = source.found.get("cautions", []) if found and source.found else []
    return {
        "file": source,
        "years": [
            (
                each,
                each.year.starts_in in kept,
                page_of(request.actor, page, ref=source.ref, year=asked_year.in_address(each.year)),
            )
            for each in found
        ],
        "cautions": cautions,
    }
