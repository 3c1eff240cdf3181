"""A manager says whether others see with whom their organisation is in touch."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.record.selectors.approaches import shares_approaches
from partnerships.record.services.approaches import share_approaches


class ShareForm(RecordForm):
    """Yes or no."""

    agreed = forms.ChoiceField(
        label="May others see with whom you are in touch?",
        choices=[("yes", "Yes, our organisation’s name"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: ActingRequest) -> HttpResponse:
    """Ask, and keep the answer."""
    permissions.require(request.actor, Permission.SHARE_APPROACHES)
    now = "yes" if shares_approaches(request.actor) else "no"
    form = ShareForm(data_for(request), actor=request.actor, initial={"agreed": now})

    def work() -> str:
        share_approaches(by=request.actor, agreed=form.cleaned_data["agreed"] == "yes")
        return page_of(request.actor, "own-organisation")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Saved")
        return redirect(url)
    return render(request, "record/share_approaches.jinja", {"form": form})
