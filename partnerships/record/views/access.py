"""Who can see a partnership, and why; giving one person access to it, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from organisations.signing_in import freshness
from partnerships.record import selectors, services
from partnerships.record.access_forms import GiveAccessForm


@require_safe
def who_can_see(request: ActingRequest, ref: str) -> HttpResponse:
    """Each organisation, each person and each address that learns of a partnership."""
    partnership = selectors.partnership_of(request.actor, ref)
    context = {
        "partnership": partnership,
        "access": selectors.access_to(partnership),
        "may_give": permissions.can(request.actor, Permission.GRANT_ACCESS, partnership),
        "may_end": permissions.can(request.actor, Permission.END_ACCESS, partnership),
    }
    return render(request, "record/access.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give_access(request: ActingRequest, ref: str) -> HttpResponse:
    """Give one person access to a partnership that our organisation opened."""
    partnership = selectors.partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.GRANT_ACCESS, partnership)
    freshness.require(request)
    form = GiveAccessForm(data_for(request), actor=request.actor)

    def work() -> str:
        fields = ("email", "allows", "reason", "last_day")
        services.give_access(
            by=request.actor,
            partnership=partnership,
            **{name: form.cleaned_data[name] for name in fields},
        )
        return page_of(request.actor, "partnership-access", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Access given")
        return redirect(url)
    context = {"form": form, "partnership": partnership}
    return render(request, "record/give_access.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end_access(request: ActingRequest, ref: str, grant: int) -> HttpResponse:
    """End one person's access at once."""
    partnership = selectors.partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.END_ACCESS, partnership)
    held = selectors.grant_on(partnership, grant)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.end_access(by=request.actor, grant=held)
        return page_of(request.actor, "partnership-access", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Access ended")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "person": held.user}
    return render(request, "record/end_access.jinja", context)
