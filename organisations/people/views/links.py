"""The page behind the link of a person's invitation, for whoever holds it.

The link says who invites into what. It admits only the person who is signed in with exactly
the address it was sent to.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations import drafts
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.people import links, services
from organisations.people.links import FoundInvitation, LinkState
from organisations.people.words import ROLE_HINTS, with_article
from organisations.permissions import Hidden


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_invitation(request: ActingRequest, token: str) -> HttpResponse:
    """Who invites into what, and what the reader can do: sign in, accept, or nothing."""
    found = links.find(token)
    if found is None:
        raise Hidden("use an invitation that was never sent")
    signed_in = request.user.is_authenticated
    if not signed_in and request.method == "POST":
        return redirect_to_login(drafts.keep(request))
    if not signed_in:
        return _page(request, token, found, None)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        membership = services.accept_invitation(by=request.actor, token=token)
        return reverse("home", kwargs={"organisation_slug": membership.organisation.slug})

    if request.method == "POST":
        if found.state is LinkState.OPEN and not found.for_reader:
            raise PermissionDenied("You may not use an invitation for somebody else.")
        if form.is_valid() and (url := form.carry_out(work)):
            messages.success(request, f"You now belong to {found.organisation.name}")
            return redirect(url)
        found = links.find(token) or found
    return _page(request, token, found, form)


def _page(
    request: ActingRequest, token: str, found: FoundInvitation, form: RecordForm | None
) -> HttpResponse:
    """What this reader is shown of the invitation, as it stands now."""
    context = {
        "found": found,
        "form": form,
        "state": found.state.value,
        "role": with_article(found.role),
        "role_hint": ROLE_HINTS[found.role],
        "token": token,
        "providers": list(settings.OIDC_PROVIDERS.values()),
    }
    if found.state is LinkState.BELONGS:
        return render(request, "people/invitation_ended.jinja", context)
    if found.state is not LinkState.OPEN:
        return render(request, "people/invitation_ended.jinja", context, status=410)
    if form is None:
        return render(request, "people/invitation_signed_out.jinja", context)
    if not found.for_reader:
        return render(request, "people/invitation_for_another.jinja", context)
    if request.actor.is_operator:
        return render(request, "people/invitation_for_operator.jinja", context)
    return render(request, "people/invitation.jinja", context)
