"""Pages of a trust's schools: where the dates of each come from, one school's, and copying."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calendars import asked_year, presenters, subjects
from calendars.services import CHANGED_MEANWHILE, copy_term_dates
from calendars.term_forms import CopyForm, rebase
from calendars.views.pages import nothing_to_do
from calendars.years import AcademicYear
from frontend.wording import counted
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission

PER_PAGE = 25
LONGEST_SEARCH = 100


@require_safe
def schools(request: ActingRequest) -> HttpResponse:
    """The schools of the trust with where each one's dates come from."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    if not subjects.has_schools(actor):
        raise Http404("only a school trust has schools")
    year = asked_year.named_or_this(request.GET.get("year", ""))
    words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    page = Paginator(subjects.schools_of(actor, words), PER_PAGE).get_page(request.GET.get("page"))
    lines = subjects.school_lines(list(page.object_list), year)
    here = page_of(actor, "calendar-schools")
    context = {
        "year": year,
        "years": _years(here, year),
        "words": words,
        "page": page,
        "here": f"{here}?year={asked_year.in_address(year)}",
        "back": f"{page_of(actor, 'calendar')}?year={asked_year.in_address(year)}",
        "written_year": asked_year.in_address(year),
        "table": presenters.schools_table(actor, lines, year) if lines else None,
    }
    return render(request, "calendars/schools.jinja", context)


@require_safe
def school(request: ActingRequest, school: str) -> HttpResponse:
    """What holds for one school of the trust in a year."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    year = asked_year.named_or_this(request.GET.get("year", ""))
    subject = subjects.subject_of(actor, school)
    given = subjects.year_of(actor, subject, year)
    context = {
        "subject": subject,
        "year": year,
        "years": _years(page_of(actor, "school-calendar", school=subject.slug), year),
        "back": f"{page_of(actor, 'calendar-schools')}?year={asked_year.in_address(year)}",
        "it": presenters.terms_facts(actor, subject, year, given),
    }
    return render(request, "calendars/school.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: ActingRequest, year: str, school: str | None = None) -> HttpResponse:
    """Copy the dates of the trust, or of one of its schools, to several of its schools."""
    actor = request.actor
    permissions.require(actor, Permission.CHANGE_CALENDAR)
    if not subjects.has_schools(actor):
        raise Http404("only a school trust has schools")
    subject, academic = subjects.subject_of(actor, school), asked_year.named(year)
    dates = subjects.own_row(subject, academic)
    back = presenters.terms_page(actor, subject, academic)
    if dates is None or not dates.spans:
        why = f"No own dates of {academic} are kept for {subject.name}. Enter them first."
        return nothing_to_do(request, "No dates to copy", why, back)
    others = {
        line.school.organisation.pk: line
        for line in _lines(actor, academic)
        if line.school.organisation.pk != subject.pk
    }
    seen = {pk: line.own.revision for pk, line in others.items() if line.own}
    form = CopyForm(
        data_for(request),
        actor=actor,
        schools=[(pk, line.school.organisation.name) for pk, line in others.items()],
        hints={pk: _hint(line) for pk, line in others.items()},
        seen=seen,
    )
    changed = 0

    def work() -> str:
        nonlocal changed
        every = form.cleaned_data["which"] == CopyForm.EVERY
        chosen = list(others) if every else form.cleaned_data["schools"]
        changed = copy_term_dates(
            by=actor,
            dates=dates,
            schools=[others[pk].school.organisation for pk in chosen],
            seen=form.cleaned_data["seen"],
            with_inset_days=form.cleaned_data["with_inset_days"],
        )
        return f"{page_of(actor, 'calendar-schools')}?year={asked_year.in_address(academic)}"

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, f"Dates copied: {counted(changed, 'school')} changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=CHANGED_MEANWHILE):
            rebase(form, seen=CopyForm.kept(seen))
    context = {
        "form": form,
        "subject": subject,
        "year": academic,
        "back": back,
        "others": len(others),
        "has_inset": bool(dates.inset_days),
    }
    return render(request, "calendars/copy.jinja", context)


def _lines(actor: Actor, year: AcademicYear) -> list[subjects.SchoolLine]:
    return subjects.school_lines(list(subjects.schools_of(actor)), year)


def _hint(line: subjects.SchoolLine) -> str:
    if line.has_own_terms:
        return "Has dates of its own, which will be replaced"
    return f"Now: {presenters.from_words(line)}"


def _years(page: str, shown: AcademicYear) -> list[tuple[Any, ...]]:
    return [
        (each.label, f"{page}?year={asked_year.in_address(each)}", each == shown)
        for each in asked_year.offered(shown)
    ]
