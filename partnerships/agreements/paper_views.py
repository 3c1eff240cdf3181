"""Pages of the papers beside an agreement: adding, correcting and ending one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.agreements import papers, presenters
from partnerships.agreements.asked import agreement_asked_for
from partnerships.agreements.models import Agreement, DataPaper
from partnerships.agreements.paper_forms import ChangePaperForm, EndPaperForm, PaperForm
from partnerships.record.models import Partnership

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def add(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Put a paper beside an agreement."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.CHANGE_AGREEMENT, found)
    form = PaperForm(data_for(request), actor=request.actor, keepers=papers.keepers(partnership))

    def work() -> str:
        papers.add_data_paper(
            by=request.actor, agreement=found, kind=form.cleaned_data["kind"], **form.said()
        )
        return _back(request, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "The paper is with the agreement")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "agreement": found}
    return render(request, "agreements/add_paper.jinja", context)


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str, agreement: str, paper: str) -> HttpResponse:
    """Correct a paper. When somebody else changed it meanwhile, both are shown."""
    partnership, found, this = _asked_for(request, ref, agreement, paper)
    form = ChangePaperForm(
        data_for(request),
        actor=request.actor,
        keepers=papers.keepers(partnership),
        paper=this,
    )
    theirs: DataPaper | None = None

    def work() -> str:
        papers.change_data_paper(
            by=request.actor, paper=this, based_on=form.cleaned_data["based_on"], **form.said()
        )
        return _back(request, found)

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, "The paper was changed")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=papers.CHANGED_MEANWHILE):
            theirs = _paper(found, paper)
            form.now_based_on(theirs)
    context = {
        "form": form,
        "partnership": partnership,
        "agreement": found,
        "paper": this,
        "theirs": presenters.paper_details(theirs) if theirs else None,
    }
    return render(request, "agreements/change_paper.jinja", context)


@require_http_methods(FORM_METHODS)
def end(request: ActingRequest, ref: str, agreement: str, paper: str) -> HttpResponse:
    """Say that a paper holds no more, and why."""
    partnership, found, this = _asked_for(request, ref, agreement, paper)
    form = EndPaperForm(data_for(request), actor=request.actor)

    def work() -> str:
        papers.end_data_paper(by=request.actor, paper=this, note=form.cleaned_data["note"])
        return _back(request, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "The paper holds no more")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "agreement": found, "paper": this}
    return render(request, "agreements/end_paper.jinja", context)


def _asked_for(
    request: ActingRequest, ref: str, agreement: str, paper: str
) -> tuple[Partnership, Agreement, DataPaper]:
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.CHANGE_AGREEMENT, found)
    return partnership, found, _paper(found, paper)


def _paper(agreement: Agreement, ref: str) -> DataPaper:
    """One paper of an agreement that holds; raises Http404 without it."""
    paper = (
        DataPaper.objects.filter(agreement=agreement, ref=ref, ended_at=None)
        .select_related("keeper")
        .first()
    )
    if paper is None:
        raise Http404("no such paper")
    paper.agreement = agreement
    return paper


def _back(request: ActingRequest, agreement: Agreement) -> str:
    return f"{presenters.address(request.actor, agreement)}#papers"
