"""The pages on which an organisation leaves a partnership, or hands it to another member."""

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
from partnerships.record.handing import hand_partnership, who_can_take_over
from partnerships.record.parting import leave_partnership, what_would_become
from partnerships.record.parting_forms import HandForm, LeaveForm


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


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: ActingRequest, ref: str) -> HttpResponse:
    """Hand the partnership to another member, after being told what that means."""
    partnership = selectors.partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.HAND_PARTNERSHIP, partnership)
    members = who_can_take_over(partnership)
    form = HandForm(data_for(request), actor=request.actor, members=members) if members else None

    def work(form: HandForm) -> str:
        hand_partnership(
            by=request.actor,
            partnership=partnership,
            to=form.members[form.cleaned_data["to"]].organisation,
            words=form.cleaned_data["words"],
        )
        return page_of(request.actor, "partnership", ref=ref)

    if (
        request.method == "POST"
        and form is not None
        and form.is_valid()
        and (url := form.carry_out(lambda: work(form)))
    ):
        taken_by = form.members[form.cleaned_data["to"]].organisation
        messages.success(request, f"{taken_by.name} looks after this partnership now")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "open_invitations": len(selectors.open_invitations(request.actor, partnership)),
    }
    return render(request, "record/hand_over.jinja", context)
