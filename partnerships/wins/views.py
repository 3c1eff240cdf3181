"""Pages of wins: those of a partnership, and logging, sharing and taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import audit, permissions, submissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.readers import other_readers, who_reads
from partnerships.record.selectors import partnership_of
from partnerships.wins import selectors, services
from partnerships.wins.forms import WinForm
from partnerships.wins.models import Win

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def wins(request: ActingRequest, ref: str) -> HttpResponse:
    """All wins of a partnership, the latest first."""
    actor = request.actor
    partnership = partnership_of(actor, ref)
    page = selectors.wins_of(actor, partnership, request.GET.get("page"))
    if any(each.author_organisation_id != actor.organisation_id for each in page):
        audit.record("wins seen", by=actor, obj=partnership)
    context = {
        "partnership": partnership,
        "page": page,
        # A key of its own for the button of each that the reader may share or take back.
        "mine": {
            each.ref: submissions.new_token(actor.user_id)
            for each in page
            if permissions.can(actor, Permission.CHANGE_WIN, each)
        },
        "may_log": permissions.can(actor, Permission.LOG_WIN, partnership),
    }
    return render(request, "wins/list.jinja", context)


@require_http_methods(FORM_METHODS)
def log(request: ActingRequest, ref: str) -> HttpResponse:
    """Log a win."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.LOG_WIN, partnership)
    readers = other_readers(request.actor, partnership)
    form = WinForm(data_for(request), actor=request.actor, readers=readers)

    def work() -> str:
        services.log_win(by=request.actor, partnership=partnership, **form.values())
        return _list(request, partnership)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Win logged")
        return redirect(url)
    return render(request, "wins/log.jinja", {"form": form, "partnership": partnership})


@require_http_methods(FORM_METHODS)
def share(request: ActingRequest, ref: str, win: str) -> HttpResponse:
    """Show one to every member: one click on the list, or here."""
    partnership, found = _ones_own(request, ref, win)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.share_win(by=request.actor, win=found)
        return _list(request, partnership)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Shared: every member sees it now")
        return redirect(url)
    if found.withdrawn_at is not None:
        return _taken_back_already(request, partnership)
    context = {
        "form": form,
        "partnership": partnership,
        "win": found,
        "readers": who_reads(other_readers(request.actor, partnership)),
    }
    return render(request, "wins/share.jinja", context)


@require_http_methods(FORM_METHODS)
def take_back(request: ActingRequest, ref: str, win: str) -> HttpResponse:
    """Take one back, after saying what that means."""
    partnership, found = _ones_own(request, ref, win)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.take_win_back(by=request.actor, win=found)
        return _list(request, partnership)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Win taken back")
        return redirect(url)
    if found.withdrawn_at is not None:
        return _taken_back_already(request, partnership)
    context = {"form": form, "partnership": partnership, "win": found}
    return render(request, "wins/take_back.jinja", context)


def _ones_own(request: ActingRequest, ref: str, win: str) -> tuple[Partnership, Win]:
    partnership = partnership_of(request.actor, ref)
    found = selectors.win_of(request.actor, partnership, win)
    permissions.require(request.actor, Permission.CHANGE_WIN, found)
    return partnership, found


def _taken_back_already(request: ActingRequest, partnership: Partnership) -> HttpResponse:
    messages.info(request, "This win has been taken back already.")
    return redirect(_list(request, partnership))


def _list(request: ActingRequest, partnership: Partnership) -> str:
    return page_of(request.actor, "wins", ref=partnership.ref)
