"""Changing what a partnership is called and what it is for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record import selectors, services
from partnerships.record.access_forms import ChangePartnershipForm
from partnerships.record.models import Partnership


def change_partnership(request: ActingRequest, ref: str) -> HttpResponse:
    """For the organisation that opened it."""
    partnership = selectors.partnership_of(request.actor, ref)
    return _change(request, partnership, page_of(request.actor, "partnership", ref=ref))


def change_granted(request: ActingRequest, ref: str) -> HttpResponse:
    """For someone who acts as themselves, by a personal grant to edit."""
    partnership = selectors.granted_partnership(request.actor, ref)
    return _change(request, partnership, reverse("granted-partnership", args=[ref]))


@require_http_methods(["GET", "HEAD", "POST"])
def _change(request: ActingRequest, partnership: Partnership, page: str) -> HttpResponse:
    permissions.require(request.actor, Permission.CHANGE_PARTNERSHIP, partnership)
    form = ChangePartnershipForm(
        data_for(request),
        actor=request.actor,
        initial={"name": partnership.name, "purpose": partnership.purpose},
    )

    def work() -> str:
        services.change_partnership(by=request.actor, partnership=partnership, **form.texts)
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Partnership changed")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "back": page}
    return render(request, "record/change.jinja", context)
