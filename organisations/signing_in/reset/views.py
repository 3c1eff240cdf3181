"""The operators' page for somebody who has lost their second step."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.models import SecondStepReset
from organisations.permissions import Permission
from organisations.signing_in import freshness
from organisations.signing_in.reset import services
from organisations.signing_in.reset.forms import ResetForm

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def reset_second_step(request: ActingRequest) -> HttpResponse:
    """Remove it, having checked that it is them; below, what was removed before."""
    permissions.hide_unless(request.actor, Permission.RESET_SECOND_STEP)
    freshness.require(request)
    form = ResetForm(data_for(request), actor=request.actor)

    def work() -> str:
        user = services.reset_second_step(
            by=request.actor, email=form.cleaned_data["email"], how=form.cleaned_data["how"]
        )
        messages.success(request, f"The second step of {user} is removed")
        return reverse("reset-second-step")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    earlier = SecondStepReset.objects.select_related("user", "reset_by")[:SHOWN]
    return render(
        request, "operator/reset_second_step.jinja", {"form": form, "earlier": list(earlier)}
    )
