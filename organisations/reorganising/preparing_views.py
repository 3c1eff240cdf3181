"""Operators' pages about a reorganisation: what is affected, what becomes of it, its day."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.models import Organisation, Reorganisation
from organisations.permissions import Permission
from organisations.reorganising import registry, selectors, services
from organisations.reorganising.preparing_forms import DecideForm
from organisations.reorganising.presenters import kinds_table, rows_with_words
from organisations.reorganising.views import shown

PER_PAGE = 50


@require_safe
def reorganisations(request: ActingRequest) -> HttpResponse:
    """Every reorganisation, the latest first."""
    permissions.hide_unless(request.actor, Permission.REORGANISE)
    found = selectors.reorganisations()
    return render(request, "operator/reorganisations.jinja", {"found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def open_reorganisation(request: ActingRequest, slug: str) -> HttpResponse:
    """Begin to prepare what becomes of everything that an organisation has a part in."""
    permissions.hide_unless(request.actor, Permission.REORGANISE)
    it = get_object_or_404(Organisation, slug=slug)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> None:
        services.open_reorganisation(by=request.actor, predecessor=it)

    page = "operator/open_reorganisation.jinja"
    after = selectors.chain_of(it).after
    return shown(request, it, form, work, page, "Reorganisation opened", after=after)


@require_safe
def reorganisation(request: ActingRequest, ref: str) -> HttpResponse:
    """What is affected, by kind, and where it stands."""
    it = _asked_for(request, ref)
    counted = selectors.counted(it)
    return render(
        request,
        "operator/reorganisation.jinja",
        {
            "it": it,
            "successors": selectors.successors_of(it.predecessor),
            "kinds": kinds_table(it, counted),
            "undecided": sum(each.undecided for each in counted),
            "done": sum(each.done for each in counted),
            "number": sum(each.number for each in counted),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide_rows(request: ActingRequest, ref: str, kind: str) -> HttpResponse:
    """The records of one kind, a page at a time, and what becomes of each."""
    it = _asked_for(request, ref)
    found = registry.kind_named(kind)
    if found is None:
        raise Http404("no such kind")
    undecided = request.GET.get("show") == "undecided"
    rows = selectors.rows_of(it, found, undecided=undecided)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = rows_with_words(found, page.object_list)
    form = DecideForm(
        data_for(request),
        actor=request.actor,
        rows=listed,
        successors=selectors.successors_of(it.predecessor),
    )

    def work() -> None:
        services.decide_rows(
            by=request.actor,
            reorganisation=it,
            rows=[int(each) for each in form.cleaned_data["rows"]],
            successor=form.cleaned_data["successor"],
        )

    return shown(
        request,
        it.predecessor,
        form,
        work,
        "operator/reorganisation_rows.jinja",
        "Decided",
        back=reverse("reorganisation", args=[it.ref]),
        it=it,
        kind=found,
        page=page,
        listed=listed,
        only_undecided=undecided,
        may_decide=it.may_change and any(each.open for each in listed),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def approve_reorganisation(request: ActingRequest, ref: str) -> HttpResponse:
    """Have it done on its day."""
    it = _asked_for(request, ref)

    def work() -> None:
        services.approve_reorganisation(by=request.actor, reorganisation=it)

    return _confirmed(request, it, work, "approve_reorganisation", "Approved")


@require_http_methods(["GET", "HEAD", "POST"])
def call_off_reorganisation(request: ActingRequest, ref: str) -> HttpResponse:
    """End the preparation: nothing changes."""
    it = _asked_for(request, ref)

    def work() -> None:
        services.call_off_reorganisation(by=request.actor, reorganisation=it)

    return _confirmed(request, it, work, "call_off_reorganisation", "Called off")


def _confirmed(
    request: ActingRequest, it: Reorganisation, work: Callable[[], None], page: str, done: str
) -> HttpResponse:
    form = RecordForm(data_for(request), actor=request.actor)
    back = reverse("reorganisation", args=[it.ref])
    template = f"operator/{page}.jinja"
    return shown(request, it.predecessor, form, work, template, done, back=back, it=it)


def _asked_for(request: ActingRequest, ref: str) -> Reorganisation:
    permissions.hide_unless(request.actor, Permission.REORGANISE)
    it = selectors.reorganisation_of(ref)
    if it is None:
        raise Http404("no such reorganisation")
    return it
