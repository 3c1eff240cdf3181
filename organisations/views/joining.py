"""Asking to speak for an organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations import permissions, selectors, services
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.joining import claims
from organisations.joining.asking_forms import JoiningForm
from organisations.models import Organisation
from organisations.models.joining import JoiningState
from organisations.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_join(request: ActingRequest, slug: str) -> HttpResponse:
    """Ask to speak for the organisation at `slug`. An operator decides, unless the
    address is known to be the organisation's and nobody is there yet."""
    actor = request.actor
    permissions.require(actor, Permission.ASK_TO_JOIN)
    organisation = get_object_or_404(Organisation, slug=slug)
    form = JoiningForm(data_for(request), actor=actor)
    if request.method == "POST" and form.is_valid():
        done = form.carry_out(lambda: _ask(form, organisation))
        if done:
            messages.success(request, _what_happened(form, organisation))
            return redirect(done)
    return render(
        request,
        "organisations/ask_to_join.jinja",
        {
            "form": form,
            "organisation": organisation,
            "speaks_for": selectors.speaks_for(actor, organisation),
            "closed": services.has_closed(organisation),
            "asked": selectors.open_request(actor, organisation),
        },
    )


def _ask(form: JoiningForm, organisation: Organisation) -> str:
    joining = services.ask_to_join(
        by=form.actor,
        organisation=organisation,
        job_title=form.cleaned_data["job_title"],
        evidence=form.cleaned_data["evidence"],
    )
    if joining.state == JoiningState.APPROVED:
        return reverse("accept-terms", args=[organisation.slug])
    return reverse("my-organisations")


def _what_happened(form: JoiningForm, organisation: Organisation) -> str:
    waiting = selectors.open_request(form.actor, organisation)
    if waiting is None:
        return f"Your address shows that you work there: you now speak for {organisation}"
    asked = f"You have asked to speak for {organisation}"
    if claims.what_it_meets(waiting) == "claims":
        return f"{asked}. Someone else has asked as well: an operator sees both and decides"
    return asked
