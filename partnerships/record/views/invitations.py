"""Inviting an organisation, sending again, withdrawing, and the invited one's answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.record import selectors, services
from partnerships.record.forms import AnswerForm, InviteForm, ResendForm
from partnerships.record.models import ContactFunction, Invitation, Member, MemberState


@require_http_methods(["GET", "HEAD", "POST"])
def invite_partner(request: ActingRequest, ref: str, member: str) -> HttpResponse:
    """Invite an organisation by e-mail; when it is invited already, say what can be done."""
    place = _place(request, ref, member)
    contact = selectors.contacts_at(place).get(ContactFunction.NAMED)
    form = InviteForm(
        data_for(request),
        actor=request.actor,
        initial={"email": contact.posting.details.email if contact else ""},
    )

    def work() -> str:
        services.invite_partner(
            by=request.actor,
            partnership=place.partnership,
            organisation=place.organisation,
            email=form.cleaned_data["email"],
            message=form.cleaned_data["message"],
        )
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"{place.organisation.name} invited")
        return redirect(url)
    if place.state == MemberState.ACCEPTED:
        messages.info(request, f"{place.organisation.name} is a member already.")
        return redirect(page_of(request.actor, "partnership", ref=ref))
    invitation = selectors.open_invitation_to(request.actor, place)
    context = {"form": form, "member": place, "invitation": invitation, "contact": contact}
    return render(request, "record/invite.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def resend_invitation(request: ActingRequest, ref: str, member: str) -> HttpResponse:
    """Send an invitation again, with the address there to be put right."""
    place = _place(request, ref, member)
    invitation = selectors.open_invitation_to(request.actor, place)
    if invitation is None:
        return _nothing_open(request, place)
    form = ResendForm(data_for(request), actor=request.actor, initial={"email": invitation.email})

    def work() -> str:
        services.resend_invitation(
            by=request.actor, invitation=invitation, email=form.cleaned_data["email"]
        )
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Invitation sent again. The link sent before no longer works")
        return redirect(url)
    context = {"form": form, "member": place, "invitation": invitation}
    return render(request, "record/resend_invitation.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_invitation(request: ActingRequest, ref: str, member: str) -> HttpResponse:
    """Withdraw an invitation, after saying what that means."""
    place = _place(request, ref, member)
    form = RecordForm(data_for(request), actor=request.actor)
    invitation = selectors.open_invitation_to(request.actor, place)

    def work() -> str:
        if invitation is None:
            raise ValidationError("There is no invitation to withdraw.")
        services.revoke_invitation(by=request.actor, invitation=invitation)
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Invitation withdrawn")
        return redirect(url)
    if invitation is None:
        return _nothing_open(request, place)
    context = {"form": form, "member": place, "invitation": invitation}
    return render(request, "record/withdraw_invitation.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_invitation(request: ActingRequest, ref: str) -> HttpResponse:
    """Accept or decline for one's own organisation. The partnership is not shown before."""
    invitation, place = selectors.invitation_to(request.actor, ref)
    inviter = invitation.from_organisation.name
    form = AnswerForm(data_for(request), actor=request.actor, inviter=inviter)

    def work() -> str:
        if place is None:
            raise ValidationError("This invitation has been withdrawn.")
        services.answer_invitation(
            by=request.actor,
            member=place,
            accept=form.cleaned_data["answer"] == "accept",
            reason=form.cleaned_data["reason"],
        )
        if form.cleaned_data["answer"] == "decline":
            return page_of(request.actor, "home")
        seen = selectors.partnership_with_id(request.actor, invitation.partnership_id)
        return page_of(request.actor, "partnership", ref=seen.ref)

    if request.method == "POST":
        if place is not None:
            permissions.require(request.actor, Permission.ANSWER_INVITATION, place)
        if form.is_valid() and (url := form.carry_out(work)):
            messages.success(request, _what_was_done(form, invitation))
            return redirect(url)
        invitation, place = selectors.invitation_to(request.actor, ref)
    context = {
        "form": form,
        "invitation": invitation,
        "member": place,
        "waiting": invitation.is_open and place and place.state == MemberState.INVITED,
        "may_answer": permissions.can(request.actor, Permission.ANSWER_INVITATION, place),
    }
    return render(request, "record/answer_invitation.jinja", context)


def _what_was_done(form: AnswerForm, invitation: Invitation) -> str:
    if form.cleaned_data["answer"] == "accept":
        return f"You have joined {invitation.partnership_name}"
    return f"You have declined. {invitation.from_organisation.name} sees your reason"


def _place(request: ActingRequest, ref: str, member: str) -> Member:
    partnership = selectors.partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.INVITE_PARTNER, partnership)
    return selectors.member_of(partnership, member)


def _nothing_open(request: ActingRequest, place: Member) -> HttpResponse:
    messages.info(request, f"{place.organisation.name} has no invitation to answer.")
    return redirect(page_of(request.actor, "partnership", ref=place.partnership.ref))
