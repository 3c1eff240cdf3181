"""Pages about who comes to a touchpoint, other times proposed for it, and its papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions, submissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.models import Role
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of
from partnerships.touchpoints import attending_selectors as reading
from partnerships.touchpoints import presenters, selectors, services
from partnerships.touchpoints.attending_forms import (
    ANSWERS,
    AnswerForm,
    AnswerProposalForm,
    InviteForm,
    PaperForm,
    ProposeForm,
)
from partnerships.touchpoints.attending_presenters import (
    answer_tag,
    comers_table,
    proposal_tag,
    proposed_when,
    proposer_words,
    sides_not_coming,
)
from partnerships.touchpoints.models import ProposalState, Touchpoint, TouchpointState

methods = require_http_methods(["GET", "HEAD", "POST"])


@methods
def answer(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Say whether one comes, or somebody else of one's organisation."""
    partnership, planned = _found(request, ref, touchpoint)
    own = [
        comer
        for comer in reading.comers_of(request.actor, planned)
        if comer.row.organisation_id == request.actor.organisation_id
    ]
    people = [
        comer
        for comer in own
        if comer.is_oneself
        or permissions.can(request.actor, Permission.ANSWER_FOR_COLLEAGUE, comer.row)
    ]
    if own and not people:
        permissions.require(request.actor, Permission.ANSWER_FOR_COLLEAGUE, own[0].row)
    if not people:
        permissions.require(request.actor, Permission.INVITE_PEOPLE, planned)
    if not people or not _is_coming(planned):
        messages.info(request, "Nobody of your organisation is asked whether they come.")
        return redirect(_address(request, planned))
    form = AnswerForm(data_for(request), actor=request.actor, touchpoint=planned, people=people)

    def work() -> str:
        row = next(c.row for c in people if c.row.pk == form.cleaned_data["who"])
        services.answer(
            by=request.actor,
            attendee=row,
            answer=form.cleaned_data["answer"],
            seen_revision=form.cleaned_data["seen_revision"],
        )
        return _address(request, planned)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Answer saved")
        return redirect(url)
    return _show(request, "answer", partnership, planned, form)


@methods
def invite(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Invite people besides the contacts; `?q=` looks for them."""
    partnership, planned = _found(request, ref, touchpoint)
    permissions.require(request.actor, Permission.INVITE_PEOPLE, planned)
    if request.method != "POST" and not _is_coming(planned):
        messages.info(request, "It has begun or is over: nobody can be invited any more.")
        return redirect(_address(request, planned))
    words = request.GET.get("q", "").strip()[:100]
    people, in_all = reading.people_to_invite(request.actor, planned, words)
    form = InviteForm(data_for(request), actor=request.actor, people=people)

    def work() -> str:
        services.invite_people(by=request.actor, touchpoint=planned, postings=form.chosen)
        return _address(request, planned)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Invited. They get an email with an entry for their calendar")
        return redirect(url)
    more = {"people": people, "in_all": in_all, "words": words, "most": reading.MOST_FOUND}
    return _show(request, "invite", partnership, planned, form, **more)


@methods
def take_off(request: ActingRequest, ref: str, touchpoint: str, attendee: int) -> HttpResponse:
    """Invite somebody no longer."""
    partnership, planned = _found(request, ref, touchpoint)
    comer = reading.comer_of(request.actor, planned, attendee)
    permissions.require(request.actor, Permission.TAKE_OFF_PERSON, comer.row)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.take_off(by=request.actor, attendee=comer.row)
        return _address(request, planned)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"{comer.name} is no longer invited")
        return redirect(url)
    return _show(request, "take_off", partnership, planned, form, comer=comer)


@methods
def propose(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Propose another time to the organisation that scheduled it."""
    partnership, planned = _found(request, ref, touchpoint)
    permissions.require(request.actor, Permission.PROPOSE_TIME, planned)
    if request.method != "POST" and not _is_coming(planned):
        messages.info(request, "It has begun or is over: no other time can be proposed.")
        return redirect(_address(request, planned))
    form = ProposeForm(data_for(request), actor=request.actor, touchpoint=planned)

    def work() -> str:
        services.propose_time(by=request.actor, touchpoint=planned, **form.values())
        return _address(request, planned)

    if request.method == "POST" and form.goes_ahead(partnership) and (url := form.carry_out(work)):
        organiser = planned.author_organisation.name
        messages.success(request, f"Proposed. {organiser} gets an email")
        return redirect(url)
    return _show(request, "propose", partnership, planned, form)


@methods
def answer_proposal(
    request: ActingRequest, ref: str, touchpoint: str, proposal: str
) -> HttpResponse:
    """Take a proposed time, which moves the touchpoint, or keep the time as it is."""
    partnership, planned = _found(request, ref, touchpoint)
    proposed = reading.proposal_of(request.actor, planned, proposal)
    permissions.require(request.actor, Permission.CHANGE_TOUCHPOINT, planned)
    if request.method != "POST" and proposed.state != ProposalState.OPEN:
        messages.info(request, "This proposal has been answered.")
        return redirect(_address(request, planned))
    form = AnswerProposalForm(
        data_for(request), actor=request.actor, initial={"seen_revision": planned.revision}
    )

    def work() -> str:
        data = form.cleaned_data
        if data["decision"] == form.ACCEPT:
            services.accept_proposal(
                by=request.actor, proposal=proposed, seen_revision=data["seen_revision"]
            )
        else:
            services.decline_proposal(by=request.actor, proposal=proposed, words=data["words"])
        return _address(request, planned)

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            accepted = form.cleaned_data["decision"] == form.ACCEPT
            messages.success(request, "Touchpoint moved" if accepted else "The time stays")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(planned)
    more = {
        "proposal": proposed,
        "proposed": proposed_when(proposed),
        "proposer": proposer_words(proposed),
    }
    return _show(request, "answer_proposal", partnership, planned, form, **more)


@methods
def withdraw_proposal(
    request: ActingRequest, ref: str, touchpoint: str, proposal: str
) -> HttpResponse:
    """Take back a time that one's organisation proposed."""
    partnership, planned = _found(request, ref, touchpoint)
    proposed = reading.proposal_of(request.actor, planned, proposal)
    permissions.require(request.actor, Permission.WITHDRAW_PROPOSAL, proposed)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_proposal(by=request.actor, proposal=proposed)
        return _address(request, planned)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Proposal withdrawn")
        return redirect(url)
    more = {"proposal": proposed, "proposed": proposed_when(proposed)}
    return _show(request, "withdraw_proposal", partnership, planned, form, **more)


@methods
def add_paper(request: ActingRequest, ref: str, touchpoint: str) -> HttpResponse:
    """Add a paper: its title and where it is."""
    partnership, planned = _found(request, ref, touchpoint)
    permissions.require(request.actor, Permission.ADD_PAPER, planned)
    form = PaperForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.add_paper(
            by=request.actor,
            touchpoint=planned,
            title=form.cleaned_data["title"],
            url=form.cleaned_data["url"],
        )
        return _address(request, planned)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Paper added")
        return redirect(url)
    return _show(request, "add_paper", partnership, planned, form)


@methods
def remove_paper(request: ActingRequest, ref: str, touchpoint: str, paper: int) -> HttpResponse:
    """Remove a paper that one's organisation added."""
    partnership, planned = _found(request, ref, touchpoint)
    found = reading.paper_of(request.actor, planned, paper)
    permissions.require(request.actor, Permission.REMOVE_PAPER, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.remove_paper(by=request.actor, paper=found)
        return _address(request, planned)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Paper removed")
        return redirect(url)
    return _show(request, "remove_paper", partnership, planned, form, paper=found)


def _found(request: ActingRequest, ref: str, touchpoint: str) -> tuple[Partnership, Touchpoint]:
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.touchpoint_of(request.actor, partnership, touchpoint)


def _address(request: ActingRequest, planned: Touchpoint) -> str:
    return page_of(request.actor, "touchpoint", ref=planned.partnership.ref, touchpoint=planned.ref)


def _is_coming(planned: Touchpoint) -> bool:
    return planned.state == TouchpointState.SCHEDULED and not planned.has_begun


def _show(
    request: ActingRequest,
    page: str,
    partnership: Partnership,
    planned: Touchpoint,
    form: Any,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "partnership": partnership,
        "touchpoint": planned,
        "when": presenters.when_words(planned),
        "back": _address(request, planned),
        **more,
    }
    return render(request, f"touchpoints/{page}.jinja", context)


def attending_page(request: ActingRequest, planned: Touchpoint) -> dict[str, Any]:
    """What the touchpoint's own page shows of it all."""
    actor = request.actor
    comers = reading.comers_of(actor, planned)
    coming = _is_coming(planned)
    oneself = next((comer for comer in comers if comer.is_oneself), None)
    colleagues = [
        comer
        for comer in comers
        if not comer.is_oneself
        and permissions.can(actor, Permission.ANSWER_FOR_COLLEAGUE, comer.row)
    ]
    return {
        "comers": comers_table(actor, planned, comers, may_change=coming) if comers else None,
        "turnout": reading.turnout_of(comers) if comers else None,
        "not_coming": sides_not_coming(comers) if coming else [],
        "oneself": oneself,
        "oneself_answer": answer_tag(oneself.row.answer) if oneself else None,
        "answers": ANSWERS,
        "once": submissions.new_token(actor.user_id) if oneself else "",
        "may_answer": bool(colleagues),
        "may_invite": permissions.can(actor, Permission.INVITE_PEOPLE, planned),
        "papers": reading.papers_of(actor, planned),
        "may_add_paper": planned.state != TouchpointState.CANCELLED
        and permissions.can(actor, Permission.ADD_PAPER, planned),
        "proposals": [
            (each, proposed_when(each), proposer_words(each), proposal_tag(each))
            for each in reading.proposals_of(actor, planned)
        ],
        "may_propose": permissions.can(actor, Permission.PROPOSE_TIME, planned),
        "may_withdraw": actor.role != Role.VIEWER,
    }
