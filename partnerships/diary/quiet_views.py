"""Pages of quiet periods: the list with who has agreed, proposing, answering, withdrawing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.diary import quiet_selectors as selectors
from partnerships.diary import quiet_words as words
from partnerships.diary import services
from partnerships.diary.agreement import Agreement, Course, agreement_on
from partnerships.diary.quiet_forms import AnswerForm, ProposeForm
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def periods(request: ActingRequest, ref: str) -> HttpResponse:
    """The quiet periods of a partnership with who has agreed: those to come, and earlier ones."""
    actor = request.actor
    partnership = partnership_of(actor, ref)
    coming = selectors.coming_periods(actor, partnership)
    earlier = selectors.earlier_periods(actor, partnership)
    context = {
        "partnership": partnership,
        "coming": words.periods_table(actor, coming) if coming else None,
        "earlier": words.past_table(earlier) if earlier else None,
        "told": words.told_tables(coming),
        "may_propose": permissions.can(actor, Permission.PROPOSE_QUIET_PERIOD, partnership),
    }
    return render(request, "diary/quiet_periods.jinja", context)


@require_http_methods(FORM_METHODS)
def propose(request: ActingRequest, ref: str) -> HttpResponse:
    """Propose a quiet period to the other members."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.PROPOSE_QUIET_PERIOD, partnership)
    form = ProposeForm(data_for(request), actor=request.actor)
    proposed: list[Agreement] = []

    def work() -> str:
        given = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on", "reason")}
        period = services.propose_quiet_period(by=request.actor, partnership=partnership, **given)
        proposed.append(agreement_on(period))
        return _list(request, ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        if proposed[0].holds:
            messages.success(request, "Quiet period set. No other member had to agree.")
        else:
            messages.success(request, "Quiet period proposed. The other members are asked.")
        return redirect(url)
    context = {"form": form, "partnership": partnership}
    return render(request, "diary/propose_quiet_period.jinja", context)


@require_http_methods(FORM_METHODS)
def answer(request: ActingRequest, ref: str, period: str) -> HttpResponse:
    """Say whether one's organisation agrees to a quiet period."""
    partnership, found = _found(request, ref, period)
    permissions.require(request.actor, Permission.ANSWER_QUIET_PERIOD, found.period)
    said = found.of(request.actor.organisation_id)
    if request.method != "POST" and (found.is_over or said is None):
        return _back(request, found)
    form = AnswerForm(data_for(request), actor=request.actor)
    if said is not None and said.agreed is not None:
        form.initial["answer"] = AnswerForm.AGREE if said.agreed else AnswerForm.DECLINE

    def work() -> str:
        agreed = form.cleaned_data["answer"] == AnswerForm.AGREE
        services.answer_quiet_period(by=request.actor, period=found.period, agreed=agreed)
        return _list(request, ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Your organisation’s answer is recorded")
        return redirect(url)
    audit.record("quiet period seen", by=request.actor, obj=found.period)
    context = {"form": form, "partnership": partnership, "facts": words.facts(found.period)}
    return render(request, "diary/answer_quiet_period.jinja", context)


@require_http_methods(FORM_METHODS)
def withdraw(request: ActingRequest, ref: str, period: str) -> HttpResponse:
    """Take back a quiet period that one's organisation proposed."""
    partnership, found = _found(request, ref, period)
    permissions.require(request.actor, Permission.WITHDRAW_QUIET_PERIOD, found.period)
    if request.method != "POST" and found.is_over:
        return _back(request, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_quiet_period(by=request.actor, period=found.period)
        return _list(request, ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Quiet period withdrawn")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "facts": words.facts(found.period)}
    return render(request, "diary/withdraw_quiet_period.jinja", context)


def _found(request: ActingRequest, ref: str, period: str) -> tuple[Partnership, Agreement]:
    partnership = partnership_of(request.actor, ref)
    return partnership, agreement_on(selectors.period_of(request.actor, partnership, period))


def _list(request: ActingRequest, ref: str) -> str:
    return page_of(request.actor, "quiet-periods", ref=ref)


def _back(request: ActingRequest, found: Agreement) -> HttpResponse:
    """Back to the list, saying why this cannot be done now."""
    if found.course == Course.WITHDRAWN:
        said = "This quiet period has been withdrawn."
    elif found.is_over:
        said = "This quiet period is over."
    else:
        said = "Your organisation joined after this was proposed, so it is not asked."
    messages.info(request, said)
    return redirect(_list(request, found.period.partnership.ref))
