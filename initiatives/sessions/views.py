"""Pages of sessions: the list, planning, one session, quick entry, moving and cancelling it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from calendars.london import london_day, today
from frontend.lists import Row, summary_list
from frontend.wording import counted
from initiatives.plans.models import Initiative
from initiatives.plans.selectors import initiative_of, schools_at
from initiatives.sessions import presenters, selectors, services
from initiatives.sessions.forms import (
    CancelForm,
    ChangeForm,
    OpenForm,
    PlanForm,
    QuickEntryForm,
    days_in_words,
)
from initiatives.sessions.models import Group, Session, State
from initiatives.small_numbers.presenters import masked_words
from initiatives.small_numbers.selectors import rule_for
from initiatives.suppression.rules import Rule
from organisations import audit, permissions, submissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.agreements.selectors import shares_data
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def sessions(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """The sessions of an initiative: those that lack their numbers first."""
    actor = request.actor
    found = initiative_of(actor, partnership_of(actor, ref), initiative)
    past = selectors.past_of(actor, found, request.GET.get("page"))
    totals = selectors.totals_of(actor, found)
    gone = list(past.object_list)
    told = selectors.told_of(actor, gone)
    if found.organisation_id != actor.organisation_id:
        audit.record("sessions seen", by=actor, obj=found)
    coming = selectors.coming_of(actor, found)
    context = {
        **_context(found),
        "lacking": [
            (each, permissions.can(actor, Permission.RECORD_ATTENDANCE, each))
            for each in selectors.lacking_of(actor, found)
        ],
        "coming": presenters.sessions_table(actor, coming) if coming else None,
        "past": presenters.sessions_table(actor, gone, told) if gone else None,
        "page": past,
        "to_add_up": [
            (term, last, submissions.new_token(actor.user_id))
            for term, last in selectors.to_add_up(actor, found).items()
            if permissions.can(actor, Permission.RECORD_ATTENDANCE, last)
        ],
        "totals": presenters.totals_table(totals) if totals else None,
        "may_plan": permissions.can(actor, Permission.PLAN_SESSION, found),
        "shares": shares_data(actor, found.partnership, today()),
    }
    return render(request, "initiative_sessions/list.jinja", context)


@require_http_methods(FORM_METHODS)
def plan(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Plan a session, or a run of them."""
    actor = request.actor
    partnership = partnership_of(actor, ref)
    found = initiative_of(actor, partnership, initiative)
    permissions.require(actor, Permission.PLAN_SESSION, found)
    form = PlanForm(
        data_for(request),
        actor=actor,
        schools=schools_at(found),
        staff=services.who_may_run(actor, found),
    )
    said: list[str] = []

    def work() -> str:
        given = form.values()
        if not form.is_run:
            made = services.plan_session(by=actor, initiative=found, **given)
            said.append("Session planned")
            begun = london_day(made.starts_at) <= today()
            own = made.organisation_id == actor.organisation_id
            return presenters.address(actor, made, "record-session" if begun and own else "session")
        run = services.plan_run(
            by=actor,
            initiative=found,
            every=form.cleaned_data["every"],
            until=form.cleaned_data["until"],
            **given,
        )
        said.append(f"{counted(len(run.sessions), 'session')} planned")
        if run.left_out:
            days = days_in_words([each.day for each in run.left_out])
            said.append(f"Left out, because the day does not suit everyone: {days}")
        return presenters.list_address(actor, found)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        messages.success(request, ". ".join(said))
        return redirect(url)
    return render(request, "initiative_sessions/plan.jinja", {**_context(found), "form": form})


@require_safe
def session(request: ActingRequest, ref: str, initiative: str, session: str) -> HttpResponse:
    """One session: what it is, what became of it, and what others see of who came."""
    actor = request.actor
    found = _found(request, ref, initiative, session)
    if found.organisation_id != actor.organisation_id:
        audit.record("session seen", by=actor, obj=found)
    may_record = permissions.can(actor, Permission.RECORD_ATTENDANCE, found)
    may_change = permissions.can(actor, Permission.CHANGE_SESSION, found)
    told = selectors.told_of(actor, [found]).get(found.pk, presenters.NOTHING_TOLD)
    counted_now = selectors.counted_at(actor, found)
    openings = selectors.openings_of(actor, found)
    rule = rule_for(found.partnership_id)
    context = {
        **_context(found.initiative),
        "session": found,
        "own": found.organisation_id == actor.organisation_id,
        "status": presenters.state_tag(found),
        "facts": _facts(found),
        "told": presenters.others_see(told),
        "counted": [
            (group.label, counted_now[group].number) for group in Group if group in counted_now
        ],
        "shares": shares_data(actor, found.partnership, today()),
        "few": _few_pupils(found, rule),
        "masked": masked_words(rule),
        "openings": openings,
        "is_open": any(
            each.opened_by_id == actor.user_id and each.ends_at > timezone.now()
            for each in openings
        ),
        "may_record": may_record and london_day(found.starts_at) <= today(),
        "may_change": may_change and found.state != State.CANCELLED,
        "may_cancel": may_change and found.state == State.PLANNED,
        "may_open": found.state == State.HELD
        and permissions.can(actor, Permission.OPEN_ATTENDANCE, found)
        and len(counted_now) < len(told),
    }
    return render(request, "initiative_sessions/session.jinja", context)


@require_http_methods(FORM_METHODS)
def record(request: ActingRequest, ref: str, initiative: str, session: str) -> HttpResponse:
    """Quick entry by the person in the room: one screen, saved in one tap."""
    actor = request.actor
    found = _found(request, ref, initiative, session)
    permissions.require(actor, Permission.RECORD_ATTENDANCE, found)
    if london_day(found.starts_at) > today():
        messages.info(request, "This session is still to come. Record it on its day, or move it.")
        return redirect(presenters.address(actor, found))
    known = selectors.counted_at(actor, found)
    form = QuickEntryForm(
        data_for(request),
        actor=actor,
        session=found,
        numbers={group: each.number for group, each in known.items()},
    )

    def work() -> str:
        given = form.cleaned_data
        if form.was_held:
            services.record_attendance(
                by=actor,
                session=found,
                numbers=form.numbers(),
                note=given["note"],
                based_on=given["based_on"],
            )
        else:
            services.cancel_session(by=actor, session=found, reason=given["reason"])
        return presenters.address(actor, found)

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, "Saved" if form.was_held else "Saved: it did not take place")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(found.revision)
    rule = rule_for(found.partnership_id)
    context = {
        **_context(found.initiative),
        "form": form,
        "session": found,
        "when": presenters.when_words(found),
        "where": presenters.where_words(found),
        "hidden": found.state == State.HELD and not known,
        "few": _few_pupils(found, rule),
        "masked": masked_words(rule),
    }
    return render(request, "initiative_sessions/record.jinja", context)


@require_http_methods(FORM_METHODS)
def add_up(request: ActingRequest, ref: str, initiative: str, session: str) -> HttpResponse:
    """Publish the sum of a term that is over: one click on the list, or here."""
    actor = request.actor
    found = _found(request, ref, initiative, session)
    permissions.require(actor, Permission.RECORD_ATTENDANCE, found)
    form = RecordForm(data_for(request), actor=actor)

    def work() -> str:
        services.add_up_terms(by=actor, session=found)
        return f"{presenters.list_address(actor, found.initiative)}#terms"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Added up")
        return redirect(url)
    context = {**_context(found.initiative), "form": form}
    return render(request, "initiative_sessions/add_up.jinja", context)


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str, initiative: str, session: str) -> HttpResponse:
    """Move a session, or change what it is."""
    actor = request.actor
    found = _found(request, ref, initiative, session)
    permissions.require(actor, Permission.CHANGE_SESSION, found)
    if found.state == State.CANCELLED:
        return _cancelled_already(request, found)
    schools = schools_at(found.initiative)
    if found.school is not None and found.school_id not in {each.pk for each in schools}:
        schools = [found.school, *schools]
    form = ChangeForm(data_for(request), actor=actor, schools=schools, session=found)

    def work() -> str:
        services.change_session(
            by=actor, session=found, plan=form.plan(), based_on=form.cleaned_data["based_on"]
        )
        return presenters.address(actor, found)

    if request.method == "POST" and form.goes_ahead(found.partnership):
        if url := form.carry_out(work):
            messages.success(request, "Session changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(found.revision)
    context = {**_context(found.initiative), "form": form, "session": found}
    return render(request, "initiative_sessions/change.jinja", context)


@require_http_methods(FORM_METHODS)
def cancel(request: ActingRequest, ref: str, initiative: str, session: str) -> HttpResponse:
    """Say that it does not take place, and why."""
    actor = request.actor
    found = _found(request, ref, initiative, session)
    permissions.require(actor, Permission.CHANGE_SESSION, found)
    form = CancelForm(data_for(request), actor=actor)

    def work() -> str:
        services.cancel_session(by=actor, session=found, reason=form.cleaned_data["reason"])
        return presenters.address(actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Session cancelled")
        return redirect(url)
    if found.state == State.CANCELLED:
        return _cancelled_already(request, found)
    context = {
        **_context(found.initiative),
        "form": form,
        "session": found,
        "when": presenters.when_words(found),
    }
    return render(request, "initiative_sessions/cancel.jinja", context)


@require_http_methods(FORM_METHODS)
def open_numbers(request: ActingRequest, ref: str, initiative: str, session: str) -> HttpResponse:
    """A manager opens for a short time what colleagues counted, and says why."""
    actor = request.actor
    found = _found(request, ref, initiative, session)
    permissions.require(actor, Permission.OPEN_ATTENDANCE, found)
    form = OpenForm(data_for(request), actor=actor)

    def work() -> str:
        services.open_attendance(by=actor, session=found, reason=form.cleaned_data["reason"])
        return presenters.address(actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Open to you for 30 minutes")
        return redirect(url)
    context = {**_context(found.initiative), "form": form, "session": found}
    return render(request, "initiative_sessions/open.jinja", context)


def _found(request: ActingRequest, ref: str, initiative: str, session: str) -> Session:
    partnership = partnership_of(request.actor, ref)
    within = initiative_of(request.actor, partnership, initiative)
    return selectors.session_of(request.actor, within, session)


def _context(initiative: Initiative) -> dict[str, Any]:
    return {
        "initiative": initiative,
        "partnership": initiative.partnership,
        "these": {"ref": initiative.partnership.ref, "initiative": initiative.ref},
    }


def _few_pupils(session: Session, rule: Rule) -> int | None:
    """How many pupils the register gives the school, where they are too few to be told apart."""
    profile = getattr(session.school, "school", None) if session.school else None
    pupils = profile.pupils if profile else None
    return pupils if pupils and pupils <= rule.mask_to else None


def _facts(session: Session) -> Any:
    rows = [
        Row("When", presenters.when_words(session)),
        Row("Where", presenters.where_words(session)),
        Row("Run by", session.organisation.name),
        Row("Expected", counted(session.planned, "person", "people") if session.planned else ""),
    ]
    if session.state == State.CANCELLED:
        rows.append(Row("Why it was cancelled", session.reason))
    if session.note:
        rows.append(Row("What went well", session.note))
    return summary_list(rows)


def _cancelled_already(request: ActingRequest, session: Session) -> HttpResponse:
    messages.info(request, "This session has been cancelled.")
    return redirect(presenters.address(request.actor, session))
