"""The page on which an agreement is renewed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.agreements import presenters, renewal, selectors
from partnerships.agreements.asked import agreement_asked_for
from partnerships.agreements.forms import RenewForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def renew(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Ask for the dates of a renewal; says so where one is under way, or there can be none."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.CHANGE_AGREEMENT, found)
    signed, under_way = found.signed_version, renewal.renewal_of(found)
    context: dict[str, Any] = {
        "partnership": partnership,
        "agreement": found,
        "version": selectors.version_of(found),
        "renewal": presenters.address(request.actor, under_way) if under_way else "",
        "can_be": signed is not None and not found.is_over,
    }
    if request.method != "POST" and (under_way or not context["can_be"]):
        return render(request, "agreements/renew.jinja", context)
    dates = renewal.dates_of_renewal(signed) if signed else {}
    form = RenewForm(data_for(request), actor=request.actor, dates=dates)

    def work() -> str:
        made = renewal.renew_agreement(by=request.actor, agreement=found, dates=form.dates())
        return presenters.address(request.actor, made)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Renewal started. Check its clauses, then have it signed")
        return redirect(url)
    return render(request, "agreements/renew.jinja", {**context, "form": form})
