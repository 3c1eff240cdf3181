"""Pages of measures: the list, adding one, one measure, its readings, who owns it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calendars.london import today
from calendars.terms import TermSource
from frontend.lists import Row, summary_list
from initiatives.measures import library, presenters, selectors, services
from initiatives.measures.forms import (
    ChangeForm,
    DefinitionForm,
    HandForm,
    OpenForm,
    ReadingForm,
)
from initiatives.measures.models import Level, Measure
from initiatives.measures.periods import Span, period_named
from initiatives.plans.library import templates
from initiatives.plans.models import Initiative
from initiatives.plans.selectors import initiative_of
from initiatives.small_numbers.presenters import in_short
from initiatives.small_numbers.selectors import rule_for
from organisations import audit, permissions
from organisations.actor import ActingRequest, Actor
from organisations.forms import RecordForm, data_for
from organisations.models import Membership, User
from organisations.permissions import Permission
from partnerships.agreements.selectors import shares_data
from partnerships.diary.school_terms import school_terms
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]
# In place of a key of the library: a measure of one's own.
LOCAL = "local"


@require_safe
def measures(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """The measures of an initiative."""
    actor, found = request.actor, _initiative(request, ref, initiative)
    told = selectors.measures_of(actor, found)
    days = {day for each in told for day in presenters.periods_in(each)}
    if any(each.measure.organisation_id != actor.organisation_id for each in told):
        audit.record("measures seen", by=actor, obj=found)
    context = {
        **_context(found),
        "table": presenters.measures_table(actor, told, _terms(actor, found, days)),
        "any": bool(told),
        "figures": any(each.wholes for each in told),
        "may_add": permissions.can(actor, Permission.ADD_MEASURE, found),
        "shares": shares_data(actor, found.partnership, today()),
    }
    return render(request, "measures/list.jinja", context)


@require_safe
def choose(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Choose one of the library's measures, those of the initiative's template first."""
    found = _initiative(request, ref, initiative)
    permissions.require(request.actor, Permission.ADD_MEASURE, found)
    template = templates().get(found.template)
    known = library.measures()
    suggested = [known[key] for key in template.measures] if template else []
    context = {
        **_context(found),
        "suggested": suggested,
        "levels": [
            (
                level.label,
                [e for e in known.values() if e.level == level and e not in suggested],
            )
            for level in Level
        ],
        "local": LOCAL,
    }
    return render(request, "measures/choose.jinja", context)


@require_http_methods(FORM_METHODS)
def add(request: ActingRequest, ref: str, initiative: str, key: str) -> HttpResponse:
    """Add a measure."""
    found = _initiative(request, ref, initiative)
    permissions.require(request.actor, Permission.ADD_MEASURE, found)
    known = library.measures().get(key)
    if known is None and key != LOCAL:
        raise Http404("no such measure in the library")
    form = DefinitionForm(data_for(request), actor=request.actor, known=known)

    def work() -> str:
        made = services.add_measure(
            by=request.actor,
            initiative=found,
            definition=form.definition(),
            library=known.key if known else "",
        )
        made.initiative = found
        return presenters.address(request.actor, made)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Measure added. Enter its first reading: it is the baseline")
        return redirect(url)
    context = {**_context(found), "form": form, "known": known}
    return render(request, "measures/add.jinja", context)


@never_cache
@require_safe
def measure(request: ActingRequest, ref: str, initiative: str, measure: str) -> HttpResponse:
    """One measure: what it is, its chart, and for its owner the readings as entered."""
    actor, found = request.actor, _measure(request, ref, initiative, measure)
    if found.organisation_id != actor.organisation_id:
        audit.record("measure seen", by=actor, obj=found)
    told = selectors.told_of(actor, found)
    raw = selectors.raw_of(actor, found)
    terms = _terms(actor, found.initiative, presenters.periods_in(told))
    frame = request.GET.get("frame", "")
    frame = frame if frame in presenters.FRAMES else presenters.ACADEMIC
    own = found.organisation_id == actor.organisation_id
    may_record = permissions.can(actor, Permission.RECORD_READING, found)
    context = {
        **_context(found.initiative),
        "measure": found,
        "facts": summary_list([Row(name, words) for name, words in presenters.facts(found)]),
        "chart": presenters.drawing(told, terms, frame) if told.wholes else None,
        "frame": frame,
        "frames": list(presenters.FRAMES.items()),
        "raw": presenters.raw_table(found, raw, terms) if raw else None,
        "corrections": [
            (each, period_named(found.period, *each, terms).name)
            for each in sorted({(row.starts_on, row.ends_on) for row in raw}, reverse=True)
        ]
        if may_record
        else [],
        "is_open": bool(raw) and found.owner_id != actor.user_id,
        "own": own,
        "may_record": may_record,
        "may_change": permissions.can(actor, Permission.CHANGE_MEASURE, found),
        "may_hand": permissions.can(actor, services.permission_to_hand(actor, found), found),
        "may_open": found.owner_id != actor.user_id
        and permissions.can(actor, Permission.OPEN_READINGS, found),
        "shares": shares_data(actor, found.initiative.partnership, today()),
    }
    return render(request, "measures/measure.jinja", context)


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str, initiative: str, measure: str) -> HttpResponse:
    """Change what is said about it."""
    found = _measure(request, ref, initiative, measure)
    permissions.require(request.actor, Permission.CHANGE_MEASURE, found)
    form = ChangeForm(data_for(request), actor=request.actor, measure=found)

    def work() -> str:
        services.change_measure(
            by=request.actor,
            measure=found,
            definition=form.definition(),
            based_on=form.cleaned_data["based_on"],
        )
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, "Measure changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(found.revision)
    context = {**_context(found.initiative), "form": form, "measure": found}
    return render(request, "measures/change.jinja", context)


@never_cache
@require_http_methods(FORM_METHODS)
def record(request: ActingRequest, ref: str, initiative: str, measure: str) -> HttpResponse:
    """Enter the reading of a period that has none."""
    found = _to_record(request, ref, initiative, measure)
    taken = {(row.starts_on, row.ends_on) for row in selectors.raw_of(request.actor, found)}
    spans = [
        each
        for each in services.periods_of(request.actor, found)
        if (each.starts_on, each.ends_on) not in taken
    ]
    if not spans and request.method != "POST":
        messages.info(request, "Every period that is over has its reading. Correct one instead.")
        return redirect(presenters.address(request.actor, found))
    return _reading(request, found, spans, correct=False)


@never_cache
@require_http_methods(FORM_METHODS)
def correct(
    request: ActingRequest, ref: str, initiative: str, measure: str, period: str
) -> HttpResponse:
    """Replace the reading of a period; that there was another stays on record."""
    found = _to_record(request, ref, initiative, measure)
    spans = [e for e in services.periods_of(request.actor, found) if e.key == period]
    if not spans:
        raise Http404("no such period")
    return _reading(request, found, spans, correct=True)


@require_http_methods(FORM_METHODS)
def hand(request: ActingRequest, ref: str, initiative: str, measure: str) -> HttpResponse:
    """Make a colleague the one who enters readings."""
    found = _measure(request, ref, initiative, measure)
    permissions.require(request.actor, services.permission_to_hand(request.actor, found), found)
    form = HandForm(
        data_for(request),
        actor=request.actor,
        colleagues=_colleagues(request.actor),
        now=found.owner_id,
    )

    def work() -> str:
        chosen = form.colleagues[form.cleaned_data["owner"]]
        services.hand_measure(by=request.actor, measure=found, to=chosen)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Measure handed over")
        return redirect(url)
    context = {**_context(found.initiative), "form": form, "measure": found}
    return render(request, "measures/hand.jinja", context)


@require_http_methods(FORM_METHODS)
def open_readings(request: ActingRequest, ref: str, initiative: str, measure: str) -> HttpResponse:
    """A manager opens for a short time what a colleague entered, and says why."""
    found = _measure(request, ref, initiative, measure)
    permissions.require(request.actor, Permission.OPEN_READINGS, found)
    form = OpenForm(data_for(request), actor=request.actor)

    def work() -> str:
        reason = form.cleaned_data["reason"]
        services.open_readings(by=request.actor, measure=found, reason=reason)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Open to you for 30 minutes")
        return redirect(url)
    context = {**_context(found.initiative), "form": form, "measure": found}
    return render(request, "measures/open.jinja", context)


@require_http_methods(FORM_METHODS)
def withdraw(request: ActingRequest, ref: str, initiative: str, measure: str) -> HttpResponse:
    """Take it off every page, after saying what that means."""
    found = _measure(request, ref, initiative, measure)
    permissions.require(request.actor, Permission.CHANGE_MEASURE, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_measure(by=request.actor, measure=found)
        return presenters.list_address(request.actor, found.initiative)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Measure withdrawn")
        return redirect(url)
    context = {**_context(found.initiative), "form": form, "measure": found}
    return render(request, "measures/withdraw.jinja", context)


def _reading(
    request: ActingRequest, found: Measure, spans: list[Span], *, correct: bool
) -> HttpResponse:
    rows = selectors.raw_of(request.actor, found) if correct else []
    now = [
        e
        for e in rows
        if correct and e.starts_on == spans[0].starts_on and e.ends_on == spans[0].ends_on
    ]
    form = ReadingForm(data_for(request), actor=request.actor, measure=found, spans=spans, now=now)

    def work() -> str:
        services.record_reading(
            by=request.actor, measure=found, entries=form.entries(), correct=correct
        )
        return presenters.address(request.actor, found)

    if request.method == "POST" and spans and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Reading corrected" if correct else "Reading entered")
        return redirect(url)
    context = {
        **_context(found.initiative),
        "form": form,
        "measure": found,
        "span": spans[0] if len(spans) == 1 else None,
        "correct": correct,
        "rule": in_short(rule_for(found.partnership_id)),
    }
    return render(request, "measures/reading.jinja", context)


def _initiative(request: ActingRequest, ref: str, initiative: str) -> Initiative:
    return initiative_of(request.actor, partnership_of(request.actor, ref), initiative)


def _measure(request: ActingRequest, ref: str, initiative: str, measure: str) -> Measure:
    within = _initiative(request, ref, initiative)
    return selectors.measure_of(request.actor, within, measure)


def _to_record(request: ActingRequest, ref: str, initiative: str, measure: str) -> Measure:
    found = _measure(request, ref, initiative, measure)
    permissions.require(request.actor, Permission.RECORD_READING, found)
    return found


def _context(initiative: Initiative) -> dict[str, Any]:
    return {"initiative": initiative, "partnership": initiative.partnership}


def _terms(actor: Actor, initiative: Initiative, days: set[date]) -> TermSource:
    ref = initiative.partnership.ref
    return school_terms(actor, {ref}, days or {today()}).of(ref)


def _colleagues(actor: Actor) -> list[User]:
    """Who works at the acting organisation and may edit there."""
    rows = Membership.objects.filter(organisation=actor.organisation_id, ended_at=None)
    editing = rows.filter(role__in=["editor", "manager"], user__is_active=True)
    return sorted((each.user for each in editing.select_related("user")), key=str)
