"""The page behind an invitation's link, for whoever holds it.

The link says who invites whom and admits nobody: only someone who already speaks for the
invited organisation goes on to answer, inside that organisation's own pages.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations import drafts, permissions
from organisations import selectors as people
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.joining.asking_forms import JoiningForm
from organisations.models import Organisation
from organisations.permissions import Permission
from organisations.services import ask_to_join
from partnerships.record import invitation_links
from partnerships.record.invitation_links import FoundInvitation, LinkState


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: ActingRequest, token: str) -> HttpResponse:
    """Who invites whom, and what the reader can do: sign in, answer, or ask to speak for it."""
    found = invitation_links.find(token)
    if found is None:
        raise Http404("no such invitation")
    if found.state is not LinkState.OPEN:
        context = {"found": found, "state": found.state.value}
        return render(request, "record/invitation_ended.jinja", context, status=410)
    invited, context = _who_invites_whom(found)
    signed_in = request.user.is_authenticated
    if not signed_in and request.method == "POST":
        # Their session ended while they wrote; it is there again once they have signed in.
        return redirect_to_login(drafts.keep(request))
    if not signed_in:
        return render(request, "record/invitation_signed_out.jinja", context)
    if invited.has_joined:
        context["speaks_for_it"] = people.speaks_for(request.actor, invited)
        return render(request, "record/invitation_joined.jinja", context)
    return _ask_to_speak(request, found, invited, context)


def _who_invites_whom(found: FoundInvitation) -> tuple[Organisation, dict[str, Any]]:
    ids = (found.from_organisation_id, found.to_organisation_id)
    named = Organisation.objects.in_bulk(ids)
    invited, inviter = named[found.to_organisation_id], named[found.from_organisation_id]
    return invited, {"found": found, "inviter": inviter, "invited": invited}


def _ask_to_speak(
    request: ActingRequest,
    found: FoundInvitation,
    invited: Organisation,
    context: dict[str, Any],
) -> HttpResponse:
    """The invited organisation has not joined: ask to speak for it, and be checked."""
    form = JoiningForm(data_for(request), actor=request.actor)

    def work() -> str:
        permissions.require(request.actor, Permission.ASK_TO_JOIN)
        ask_to_join(
            by=request.actor,
            organisation=invited,
            job_title=form.cleaned_data["job_title"],
            evidence=form.cleaned_data["evidence"],
            invited_by_id=found.from_organisation_id,
        )
        return reverse("my-organisations")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"You have asked to speak for {invited.name}")
        return redirect(url)
    context |= {"form": form, "asked": people.open_request(request.actor, invited)}
    return render(request, "record/invitation_not_joined.jinja", context)
