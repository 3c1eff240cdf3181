"""Operators' pages about who took over from an organisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.models import Organisation, Succession
from organisations.permissions import Permission
from organisations.reorganising import selectors, successions
from organisations.reorganising.forms import SuccessionForm, SuccessorsForm


@require_http_methods(["GET", "HEAD", "POST"])
def record_succession(request: ActingRequest, slug: str) -> HttpResponse:
    """Record who took over from an organisation."""
    permissions.hide_unless(request.actor, Permission.RECORD_SUCCESSION)
    it = get_object_or_404(Organisation, slug=slug)
    form = SuccessorsForm(data_for(request), actor=request.actor, former=it)

    def work() -> None:
        answers = {
            name: form.cleaned_data[name] for name in ("successors", "happened_on", "nature")
        }
        successions.record_successions(by=request.actor, predecessor=it, **answers)

    return shown(request, it, form, work, "operator/record_succession.jinja", "Successor recorded")


@require_http_methods(["GET", "HEAD", "POST"])
def correct_succession(request: ActingRequest, slug: str, pk: int) -> HttpResponse:
    """Put right when an organisation was followed, and how."""
    it, succession = _asked_for(request, slug, pk)
    initial = {"nature": succession.nature, "happened_on": succession.happened_on}
    form = SuccessionForm(data_for(request), actor=request.actor, initial=initial)

    def work() -> None:
        answers = {name: form.cleaned_data[name] for name in ("happened_on", "nature")}
        successions.correct_succession(by=request.actor, succession=succession, **answers)

    page = "operator/correct_succession.jinja"
    return shown(request, it, form, work, page, "Successor corrected", succession=succession)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_succession(request: ActingRequest, slug: str, pk: int) -> HttpResponse:
    """Take back that an organisation was followed by another."""
    it, succession = _asked_for(request, slug, pk)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> None:
        successions.remove_succession(by=request.actor, succession=succession)

    page = "operator/remove_succession.jinja"
    return shown(request, it, form, work, page, "Successor removed", succession=succession)


def _asked_for(request: ActingRequest, slug: str, pk: int) -> tuple[Organisation, Succession]:
    permissions.hide_unless(request.actor, Permission.RECORD_SUCCESSION)
    it = get_object_or_404(Organisation, slug=slug)
    succession = selectors.succession_of(it, pk)
    if succession is None:
        raise Http404("no such succession")
    return it, succession


def shown(
    request: ActingRequest,
    about: Organisation,
    form: RecordForm,
    work: Callable[[], None],
    template: str,
    done: str,
    back: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of a form about an organisation; once it is carried out, where it leads."""
    page = back or reverse("operator-organisation", args=[about.slug])

    def carried_out() -> str:
        work()
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(carried_out)):
        messages.success(request, done)
        return redirect(url)
    return render(request, template, {"form": form, "organisation": about, "back": page, **more})
