"""Operators' pages about announced changes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.models import AHEAD, AnnouncedChange, Organisation
from organisations.permissions import Permission
from organisations.reorganising import announcing, selectors
from organisations.reorganising.forms import AnnounceForm, DropForm, SuccessorsForm
from organisations.reorganising.views import shown

ASKED = ("expected_on", "into", "confidence", "source")


@require_safe
def changes(request: ActingRequest) -> HttpResponse:
    """Every announced change, and where it stands."""
    permissions.hide_unless(request.actor, Permission.ANNOUNCE_CHANGE)
    return render(request, "operator/changes.jinja", {"changes": selectors.all_changes()})


@require_http_methods(["GET", "HEAD", "POST"])
def announce_change(request: ActingRequest, slug: str) -> HttpResponse:
    """Record that an organisation is expected to merge or end."""
    permissions.hide_unless(request.actor, Permission.ANNOUNCE_CHANGE)
    it = get_object_or_404(Organisation, slug=slug)
    form = AnnounceForm(data_for(request), actor=request.actor)

    def work() -> None:
        answers = {name: form.cleaned_data[name] for name in ASKED}
        announcing.announce_change(by=request.actor, organisation=it, **answers)

    return shown(request, it, form, work, "operator/announce_change.jinja", "Change announced")


@require_http_methods(["GET", "HEAD", "POST"])
def correct_change(request: ActingRequest, ref: str) -> HttpResponse:
    """Put an announced change right."""
    change = _asked_for(request, ref)
    initial = {name: getattr(change, name) for name in ASKED}
    form = AnnounceForm(data_for(request), actor=request.actor, initial=initial)

    def work() -> None:
        answers = {name: form.cleaned_data[name] for name in ASKED}
        announcing.correct_change(by=request.actor, change=change, **answers)

    return _shown(request, change, form, work, "correct_change", "Change corrected")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_change(request: ActingRequest, ref: str) -> HttpResponse:
    """Say who takes over, and when: the change is certain."""
    change = _asked_for(request, ref)
    form = SuccessorsForm(
        data_for(request),
        actor=request.actor,
        former=change.organisation,
        initial={"happened_on": change.expected_on, "nature": "merger"},
    )

    def work() -> None:
        asked = ("successors", "happened_on", "nature")
        answers = {name: form.cleaned_data[name] for name in asked}
        announcing.confirm_change(by=request.actor, change=change, **answers)

    return _shown(request, change, form, work, "confirm_change", "Change confirmed")


@require_http_methods(["GET", "HEAD", "POST"])
def drop_change(request: ActingRequest, ref: str) -> HttpResponse:
    """Say that a change will not come."""
    change = _asked_for(request, ref)
    form = DropForm(data_for(request), actor=request.actor)

    def work() -> None:
        announcing.drop_change(by=request.actor, change=change, note=form.cleaned_data["note"])

    return _shown(request, change, form, work, "drop_change", "Change dropped")


def _asked_for(request: ActingRequest, ref: str) -> AnnouncedChange:
    permissions.hide_unless(request.actor, Permission.ANNOUNCE_CHANGE)
    change = selectors.announced(ref)
    if change is None or change.state not in AHEAD:
        raise Http404("no such change ahead")
    return change


def _shown(
    request: ActingRequest,
    change: AnnouncedChange,
    form: RecordForm,
    work: Callable[[], None],
    page: str,
    done: str,
) -> HttpResponse:
    return shown(
        request,
        change.organisation,
        form,
        work,
        f"operator/{page}.jinja",
        done,
        back=reverse("announced-changes"),
        change=change,
    )
