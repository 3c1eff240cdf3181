"""Inviting a person, sending the invitation again, withdrawing it: pages of managers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.people import selectors, services
from organisations.people.forms import InvitePersonForm
from organisations.permissions import Permission
from organisations.signing_in import freshness


@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: ActingRequest) -> HttpResponse:
    """Invite somebody by e-mail, in a role."""
    permissions.require(request.actor, Permission.MANAGE_PEOPLE)
    freshness.require(request)
    form = InvitePersonForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.invite_person(
            by=request.actor, email=form.cleaned_data["email"], role=form.cleaned_data["role"]
        )
        return page_of(request.actor, "people")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"Invitation sent to {form.cleaned_data['email'].lower()}")
        return redirect(url)
    return render(request, "people/invite.jinja", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def resend_invitation(request: ActingRequest, ref: str) -> HttpResponse:
    """Send an invitation again, after saying what that ends."""
    permissions.require(request.actor, Permission.MANAGE_PEOPLE)
    invitation = selectors.open_invitation(request.actor, ref)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.resend_invitation(by=request.actor, invitation=invitation)
        return page_of(request.actor, "people")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(
            request, f"Invitation sent to {invitation.email} again. The link before has ended"
        )
        return redirect(url)
    return render(request, "people/resend.jinja", {"form": form, "invitation": invitation})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_invitation(request: ActingRequest, ref: str) -> HttpResponse:
    """Withdraw an invitation, after saying what that means."""
    permissions.require(request.actor, Permission.MANAGE_PEOPLE)
    invitation = selectors.open_invitation(request.actor, ref)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_invitation(by=request.actor, invitation=invitation)
        return page_of(request.actor, "people")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"Invitation to {invitation.email} withdrawn")
        return redirect(url)
    return render(request, "people/withdraw.jinja", {"form": form, "invitation": invitation})
