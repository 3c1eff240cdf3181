"""The page of a person's posting in the directory, and opening or asking how to reach them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from contacts.directory import freshness, presenters, reaching, sections, selectors, services
from contacts.directory.reaching import State
from contacts.directory.record_forms import AskForm, ReportForm
from contacts.keeping.services import report_posting
from contacts.models import Posting
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission


def posting_of(ref: str) -> Posting:
    """A posting in the directory; raises Http404 for any other."""
    found: Posting = get_object_or_404(
        selectors.listed().select_related(
            "person", "organisation", "role_type", "region", "place__council", "deputy__person"
        ),
        ref=ref,
    )
    return found


@require_safe
def person(request: ActingRequest, ref: str) -> HttpResponse:
    """Who it is, what to approach them for, and how far that can be relied on."""
    permissions.require(request.actor, Permission.SEARCH_DIRECTORY)
    return _page(request, posting_of(ref), RecordForm(actor=request.actor))


@require_http_methods(["GET", "HEAD", "POST"])
def open_details(request: ActingRequest, ref: str) -> HttpResponse:
    """Open how to reach somebody, and come back to their page."""
    permissions.require(request.actor, Permission.OPEN_DETAILS)
    it = posting_of(ref)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.open_details(by=request.actor, posting=it)
        return page_of(request.actor, "directory-person", ref=ref) + "#details"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return _page(request, it, form)


def _page(request: ActingRequest, it: Posting, form: RecordForm) -> HttpResponse:
    actor = request.actor
    reach = reaching.reach_of(actor, it)
    context = {
        "posting": it,
        "form": form,
        "fresh": freshness.of(it),
        "facts": presenters.person_facts(actor, it),
        "reach": reach,
        "details": presenters.details_facts(reach.details) if reach.details else None,
        "may_open": permissions.can(actor, Permission.OPEN_DETAILS),
        "may_report": permissions.can(actor, Permission.REPORT_POSTING, it),
        "may_ask": permissions.can(actor, Permission.ASK_FOR_DETAILS),
        "sections": sections.of_person.of(actor, it),
    }
    return render(request, "directory/person.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: ActingRequest, ref: str) -> HttpResponse:
    """Say what is wrong with an entry; the regional admin looks into it."""
    it = posting_of(ref)
    permissions.require(request.actor, Permission.REPORT_POSTING, it)
    form = ReportForm(data_for(request), actor=request.actor)
    page = page_of(request.actor, "directory-person", ref=ref)

    def work() -> str:
        report_posting(
            by=request.actor,
            posting=it,
            kind=form.cleaned_data["kind"],
            note=form.cleaned_data["note"],
        )
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Thank you. The regional admin looks into it and tells you")
        return redirect(url)
    context = {"posting": it, "form": form, "back": page}
    return render(request, "directory/report.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActingRequest, ref: str) -> HttpResponse:
    """Ask the regional admin how to reach somebody whose details are given on request."""
    permissions.require(request.actor, Permission.ASK_FOR_DETAILS)
    it = posting_of(ref)
    reach = reaching.reach_of(request.actor, it)
    if reach.state not in (State.TO_ASK, State.ASKED):
        raise Http404("not given on request")
    form = AskForm(data_for(request), actor=request.actor)
    page = page_of(request.actor, "directory-person", ref=ref)

    def work() -> str:
        services.ask_for_details(by=request.actor, posting=it, reason=form.cleaned_data["reason"])
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(
            request, "The regional admin has been asked. You get their answer by email"
        )
        return redirect(url)
    context = {"posting": it, "form": form, "back": page, "reach": reach}
    return render(request, "directory/ask.jinja", context)
