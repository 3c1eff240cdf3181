"""The table behind "Who should I contact?", for operators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contacts.directory import answers, services
from contacts.directory.record_forms import NeedForm
from contacts.models import Need
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.permissions import Permission


@require_safe
def needs(request: ActingRequest) -> HttpResponse:
    """Every need with its first door."""
    permissions.hide_unless(request.actor, Permission.CHANGE_NEEDS)
    return render(request, "operator/needs.jinja", {"needs": answers.needs()})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActingRequest, key: str) -> HttpResponse:
    """Reword a need."""
    permissions.hide_unless(request.actor, Permission.CHANGE_NEEDS)
    need = get_object_or_404(Need, key=key)
    initial = {name: getattr(need, name) for name in services.WORDS_OF_NEED}
    form = NeedForm(data_for(request), actor=request.actor, initial=initial)

    def work() -> str:
        words = {name: form.cleaned_data[name] for name in services.WORDS_OF_NEED}
        services.change_need(by=request.actor, need=need, **words)
        return reverse("operator-needs")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"“{need.name}” saved")
        return redirect(url)
    return render(request, "operator/change_need.jinja", {"form": form, "need": need})
