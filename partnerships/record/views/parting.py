"""The page on which an organisation leaves a partnership."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record import selectors
from partnerships.record.parting import leave_partnership, what_would_become
from partnerships.record.parting_forms import LeaveForm


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActingRequest, ref: str) -> HttpResponse:
    """Leave, after being told what that means, with a word to those who stay."""
    partnership = selectors.partnership_of(request.actor, ref)
    assert request.actor.organisation is not None
    member = selectors.member_of(partnership, request.actor.organisation.slug)
    permissions.require(request.actor, Permission.LEAVE_PARTNERSHIP, member)
    form = LeaveForm(data_for(request), actor=request.actor)

    def work() -> str:
        leave_partnership(by=request.actor, member=member, words=form.cleaned_data["words"])
        return page_of(request.actor, "partnerships")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"You have left {partnership.name}")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "becomes": what_would_become(request.actor, partnership),
    }
    return render(request, "record/leave.jinja", context)
