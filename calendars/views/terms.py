"""Pages of term dates: typed, pasted, from a file, inherited again; and staff training days.

Each serves the acting organisation's own dates and, with `school`, those of a school of its trust.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calendars import asked_year, subjects
from calendars.given_terms import GivenYear
from calendars.ics.terms_from_events import FoundTerms
from calendars.london import day_in_words
from calendars.models import GivenBy
from calendars.pasted_terms import Pasted, read_pasted
from calendars.presenters import term_address, terms_page
from calendars.services import (
    CHANGED_MEANWHILE,
    give_inset_days,
    give_term_dates,
    inherit_term_dates,
)
from calendars.term_files import TermFile, read_term_file
from calendars.term_forms import (
    SPARE_ROWS,
    USUAL_NAMES,
    InheritForm,
    InsetForm,
    PasteForm,
    TermDatesForm,
    TermFileForm,
    as_texts,
    initial_rows,
    preview,
    rebase,
)
from calendars.term_rows import problem_of_inset_day
from calendars.views.pages import nothing_to_do
from calendars.years import AcademicYear
from frontend.wording import counted
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.models import Organisation
from organisations.permissions import Permission

FORM_METHODS = ["GET", "HEAD", "POST"]


class _Asked:
    """Whose dates of which year a page is about, and what is kept of them."""

    def __init__(self, request: ActingRequest, year: str, school: str | None) -> None:
        permissions.require(request.actor, Permission.CHANGE_CALENDAR)
        self.actor = request.actor
        self.subject: Organisation = subjects.subject_of(request.actor, school)
        self.year: AcademicYear = asked_year.named(year)
        self.own = subjects.own_row(self.subject, self.year)
        self.given: GivenYear = subjects.year_of(request.actor, self.subject, self.year)

    @property
    def revision(self) -> int:
        return self.own.revision if self.own else 0

    @property
    def has_own_terms(self) -> bool:
        return self.own is not None and bool(self.own.spans)

    @property
    def back(self) -> str:
        return terms_page(self.actor, self.subject, self.year)

    def address(self, what: str) -> str:
        return term_address(self.actor, self.subject, self.year, what)

    def context(self, **more: Any) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "year": self.year,
            "back": self.back,
            "own": self.own,
            "given": self.given,
            "is_typical": self.given.is_typical,
            "whose": "our" if self.subject.pk == self.actor.organisation_id else "its",
            "addresses": {
                name: self.address(name)
                for name in ("term-dates", "paste-term-dates", "term-dates-file", "inset-days")
            },
            **more,
        }

    def initial(self) -> dict[str, Any]:
        """What the typed form begins with: what is kept, else what is inherited, else names."""
        given = self.given
        rows = (
            [(name, "", "") for name in USUAL_NAMES]
            if given.is_typical
            else as_texts(given.school_year.half_terms)
        )
        own = self.own
        return {
            **initial_rows(rows),
            "inset_days": _lines(own.inset_days) if own else "",
            "standing": own.standing if own and own.spans else "",
            "source": own.source if own else "",
            "given_by": GivenBy.TYPED,
            "based_on": self.revision,
        }


@require_http_methods(FORM_METHODS)
def term_dates(request: ActingRequest, year: str, school: str | None = None) -> HttpResponse:
    """Type the half terms of a year in, or change them; what was pasted is saved here, too."""
    asked = _Asked(request, year, school)
    form = TermDatesForm(
        data_for(request), actor=request.actor, year=asked.year, initial=asked.initial()
    )

    def work() -> str:
        give_term_dates(
            by=request.actor,
            organisation=asked.subject,
            year=asked.year,
            half_terms=form.rows,
            inset_days=form.training,
            standing=form.cleaned_data["standing"],
            given_by=form.cleaned_data["given_by"],
            source=form.cleaned_data["source"],
            based_on=form.cleaned_data["based_on"],
        )
        return asked.back

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, f"Term dates of {asked.year} saved")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=CHANGED_MEANWHILE):
            form.now_based_on(asked.revision)
            context = asked.context(form=form, theirs=as_texts(asked.given.school_year.half_terms))
            return render(request, "calendars/term_dates.jinja", context)
    return render(request, "calendars/term_dates.jinja", asked.context(form=form))


@require_http_methods(FORM_METHODS)
def paste_term_dates(request: ActingRequest, year: str, school: str | None = None) -> HttpResponse:
    """Paste term dates; what was read is the typed form filled in."""
    asked = _Asked(request, year, school)
    form = PasteForm(data_for(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        found = read_pasted(form.cleaned_data["text"], asked.year)
        if found.half_terms or found.inset_days or any(line.days for line in found.lines):
            return _checked_first(request, asked, _of_pasted(asked, found), found)
        form.add_error("text", found.cautions[0])
    return render(request, "calendars/paste_term_dates.jinja", asked.context(form=form))


@require_http_methods(FORM_METHODS)
def term_dates_file(request: ActingRequest, year: str, school: str | None = None) -> HttpResponse:
    """Read term dates from a CSV file; what was read is the typed form filled in."""
    asked = _Asked(request, year, school)
    files = request.FILES if request.method == "POST" else None
    form = TermFileForm(data_for(request), actor=request.actor, files=files)
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["sheet"]
        try:
            found = read_term_file(sheet.read(), asked.year)
        except ValidationError as problem:
            form.add_error("sheet", problem)
        else:
            return _checked_first(request, asked, _of_file(asked, found, sheet.name), found)
    return render(request, "calendars/term_dates_file.jinja", asked.context(form=form))


@require_http_methods(FORM_METHODS)
def inherit(request: ActingRequest, year: str, school: str | None = None) -> HttpResponse:
    """Give up one's own half terms for those that are inherited, or typical."""
    asked = _Asked(request, year, school)
    if not asked.has_own_terms and request.method != "POST":
        why = f"No own dates of {asked.year} are kept for {asked.subject.name}."
        return nothing_to_do(request, "No dates to give up", why, asked.back)
    form = InheritForm(data_for(request), actor=request.actor, initial={"based_on": asked.revision})

    def work() -> str:
        inherit_term_dates(
            by=request.actor,
            organisation=asked.subject,
            year=asked.year,
            based_on=form.cleaned_data["based_on"],
        )
        return asked.back

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"Own dates of {asked.year} are no longer used")
        return redirect(url)
    return render(request, "calendars/inherit.jinja", asked.context(form=form))


@require_http_methods(FORM_METHODS)
def inset_days(request: ActingRequest, year: str, school: str | None = None) -> HttpResponse:
    """The staff training days of a year, one a line."""
    asked = _Asked(request, year, school)
    initial = {
        "inset_days": _lines(asked.own.inset_days) if asked.own else "",
        "based_on": asked.revision,
    }
    form = InsetForm(data_for(request), actor=request.actor, year=asked.year, initial=initial)

    def work() -> str:
        give_inset_days(
            by=request.actor,
            organisation=asked.subject,
            year=asked.year,
            days=form.days,
            based_on=form.cleaned_data["based_on"],
        )
        return asked.back

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            kept = counted(len(form.days), "staff training day")
            messages.success(request, f"{kept} of {asked.year} saved")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=CHANGED_MEANWHILE):
            rebase(form, based_on=asked.revision)
    return render(request, "calendars/inset_days.jinja", asked.context(form=form))


def found_in_calendar(
    request: ActingRequest,
    school: str | None,
    found: FoundTerms,
    *,
    given_by: GivenBy,
    source: str,
) -> HttpResponse:
    """The typed form with the dates of a calendar, to be checked; nothing has been saved."""
    asked = _Asked(request, asked_year.in_address(found.year), school)
    days = [
        day_in_words(day)
        for day in found.inset_days
        if not problem_of_inset_day(day, found.half_terms, found.year)
    ]
    filled = _filled(asked, as_texts(found.half_terms), days, given_by)
    return _checked_first(request, asked, {**filled, "source": source[:200]}, found)


def _checked_first(
    request: ActingRequest,
    asked: _Asked,
    found: dict[str, Any],
    read: Pasted | TermFile | FoundTerms,
) -> HttpResponse:
    """The typed form with what was read, to be checked; nothing has been saved."""
    if isinstance(read, Pasted) and not read.half_terms:
        # Nothing to find fault with yet.
        form = TermDatesForm(actor=request.actor, year=asked.year, initial=found)
    else:
        form = preview(request.actor, asked.year, found)
    context = asked.context(
        form=form,
        read_lines=read.lines if isinstance(read, Pasted) else (),
        cautions=read.cautions,
        preview=True,
    )
    return render(request, "calendars/term_dates.jinja", context)


def _of_pasted(asked: _Asked, found: Pasted) -> dict[str, Any]:
    rows = as_texts(found.half_terms) or [(name, "", "") for name in USUAL_NAMES]
    return _filled(asked, rows, [day_in_words(day) for day in found.inset_days], GivenBy.PASTED)


def _of_file(asked: _Asked, found: TermFile, name: str) -> dict[str, Any]:
    rows = [(row.name, row.start, row.end) for row in found.rows]
    filled = _filled(asked, rows, found.inset_days, GivenBy.CSV)
    return {**filled, "source": name[:200]}


def _filled(
    asked: _Asked, rows: Sequence[tuple[str, str, str]], days: Sequence[str], given_by: GivenBy
) -> dict[str, Any]:
    """What the typed form is filled with; the days that are kept stay when none were read."""
    kept = asked.initial()
    own_days = [] if asked.own is None else asked.own.inset_days
    return {
        **initial_rows(rows),
        "inset_days": "\n".join(days) if days else _lines(own_days),
        "standing": kept["standing"] or "published",
        "source": kept["source"],
        "given_by": given_by.value,
        "based_on": asked.revision,
        "spare": SPARE_ROWS,
    }


def _lines(days: Sequence[Any]) -> str:
    return "\n".join(day_in_words(day) for day in sorted(days))
