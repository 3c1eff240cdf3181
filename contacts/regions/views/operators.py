"""Operators' pages of regions: who manages which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contacts.models import Region
from contacts.regions import selectors, services
from contacts.regions.forms import GiveRegionForm
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from organisations.signing_in import freshness


@require_safe
def regions(request: ActingRequest) -> HttpResponse:
    """Every region with who manages it."""
    permissions.hide_unless(request.actor, Permission.GIVE_REGION)
    context = {"regions": selectors.all_with_admins()}
    return render(request, "operator/regions.jinja", context)


@require_safe
def region(request: ActingRequest, slug: str) -> HttpResponse:
    """One region: who manages it, and who did."""
    permissions.hide_unless(request.actor, Permission.GIVE_REGION)
    it = _region(slug)
    now, before = selectors.grants_on(it)
    context = {"region": it, "admins": now, "before": before}
    return render(request, "operator/region.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: ActingRequest, slug: str) -> HttpResponse:
    """Give somebody a region to manage."""
    permissions.hide_unless(request.actor, Permission.GIVE_REGION)
    it = _region(slug)
    freshness.require(request)
    form = GiveRegionForm(data_for(request), actor=request.actor)

    def work() -> None:
        answers = {name: form.cleaned_data[name] for name in ("email", "last_day")}
        services.give_region(by=request.actor, region=it, **answers)

    return _form(request, it, form, work, "operator/give_region.jinja", f"{it} has a new admin")


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: ActingRequest, slug: str, grant: int) -> HttpResponse:
    """Take a region away from somebody."""
    permissions.hide_unless(request.actor, Permission.GIVE_REGION)
    it = _region(slug)
    held = selectors.grant_on(it, grant)
    if held is None:
        raise Http404("no such grant, or taken away already")
    freshness.require(request)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> None:
        services.take_region(by=request.actor, grant=held)

    done = f"{held.user} no longer manages {it}"
    page = "operator/take_region.jinja"
    return _form(request, it, form, work, page, done, person=held.user)


def _region(slug: str) -> Region:
    found: Region = get_object_or_404(Region.objects.select_related("icb"), slug=slug)
    return found


def _form(
    request: ActingRequest,
    it: Region,
    form: RecordForm,
    work: Callable[[], None],
    template: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    page = reverse("operator-region", args=[it.slug])

    def carried_out() -> str:
        work()
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(carried_out)):
        messages.success(request, done)
        return redirect(url)
    return render(request, template, {"form": form, "region": it, "back": page, **more})
