"""What every page of a region has in common: whose it is, the contact it is about, its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from contacts.keeping import selectors
from contacts.models import Posting, Region
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm
from organisations.permissions import Permission


def region_for(request: ActingRequest, slug: str) -> Region:
    """The region of an address, for whoever manages it; 404 for everybody else."""
    found: Region = get_object_or_404(Region.objects.select_related("icb"), slug=slug)
    permissions.hide_unless(request.actor, Permission.MANAGE_REGION, found)
    return found


def contact_for(region: Region, ref: str) -> Posting:
    """A contact of that region; 404 for one of another."""
    found = selectors.contact_of(region, ref)
    if found is None:
        raise Http404("no such contact in this region")
    return found


def carry_out(
    request: ActingRequest,
    form: RecordForm,
    work: Callable[[], str],
    template: str,
    context: dict[str, Any],
    *,
    done: str | Callable[[], str] = "",
) -> HttpResponse:
    """Show a form, or do what was posted with it and go where `work` says."""
    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        if said := done() if callable(done) else done:
            messages.success(request, said)
        return redirect(url)
    return render(request, template, {"form": form, **context})
