"""Operators' pages of official files."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts.claims.selectors import to_decide
from contacts.models import Decision, OfficialImport, OfficialState, Sort
from contacts.official import presenters, selectors, services, working
from contacts.official.forms import ConflictForm, FilesForm
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission

PER_PAGE = 50
page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def imports(request: ActingRequest) -> HttpResponse:
    """What was brought in, and where people and registers disagree."""
    permissions.hide_unless(request.actor, Permission.SEE_OFFICIAL_IMPORTS)
    page = Paginator(selectors.imports(), PER_PAGE).get_page(request.GET.get("page"))
    conflicts = Paginator(selectors.to_review(), PER_PAGE).get_page(request.GET.get("review"))
    claims = Paginator(to_decide(), PER_PAGE).get_page(request.GET.get("claims"))
    context = {
        "page": page,
        "claims": claims,
        "conflicts": conflicts,
        "trusts": presenters.trusts_of(list(conflicts)),
        "fetching": presenters.fetching(settings.OFFICIAL_URLS, selectors.addresses()),
    }
    return render(request, "operator/official_imports.jinja", context)


@never_cache
@page_with_form
def bring_in(request: ActingRequest) -> HttpResponse:
    """Choose files, which the worker then compares with what is held here."""
    permissions.hide_unless(request.actor, Permission.BRING_IN_OFFICIAL_FILES)
    files = request.FILES if request.method == "POST" else None
    form = FilesForm(data_for(request), files=files, actor=request.actor)

    def work() -> str:
        made = services.bring_in_files(by=request.actor, files=form.cleaned_data["uploads"])
        return reverse("operator-official-import", args=[made.ref])

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return render(request, "operator/official_bring_in.jinja", {"form": form})


@never_cache
@require_safe
def one_import(request: ActingRequest, ref: str) -> HttpResponse:
    """One import: being worked on, what its files would change, or what they changed."""
    permissions.hide_unless(request.actor, Permission.SEE_OFFICIAL_IMPORTS)
    made = get_object_or_404(selectors.imports(), ref=ref)
    if made.at_work:
        what, done, total = working.progress_of(made)
        context = {"made": made, "what": what, "done": done, "total": total}
        return render(request, "operator/official_at_work.jinja", context)
    if getattr(request, "htmx", False):
        # The page that waited shows what came of it.
        return HttpResponse(headers={"HX-Refresh": "true"})
    sort = request.GET.get("sort", "")
    page = Paginator(selectors.changes_of(made, sort), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "made": made,
        "page": page,
        "differences": presenters.differences(made, list(page)),
        "sorts": [(value, label, made.counts.get(value, 0)) for value, label in Sort.choices],
        "sort": sort,
        "labels": dict(Sort.choices),
    }
    return render(request, "operator/official_import.jinja", context)


@never_cache
@page_with_form
def apply(request: ActingRequest, ref: str) -> HttpResponse:
    """Have the files brought in that were looked at."""
    return _decide(request, ref, OfficialState.CHECKED, services.apply_files, "apply")


@never_cache
@page_with_form
def undo(request: ActingRequest, ref: str) -> HttpResponse:
    """Have an import undone."""
    return _decide(request, ref, OfficialState.APPLIED, services.undo_files, "undo")


@never_cache
@page_with_form
def discard(request: ActingRequest, ref: str) -> HttpResponse:
    """Throw files away that were looked at."""
    return _decide(request, ref, OfficialState.CHECKED, services.discard_files, "discard")


def _decide(
    request: ActingRequest,
    ref: str,
    state: OfficialState,
    service: Callable[..., None],
    page: str,
) -> HttpResponse:
    """A page that is a button, for an import in one state; in any other, back to the import."""
    permissions.hide_unless(request.actor, Permission.BRING_IN_OFFICIAL_FILES)
    made: OfficialImport = get_object_or_404(selectors.imports(), ref=ref)
    back = reverse("operator-official-import", args=[ref])
    if made.state != state:
        return redirect(back)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        service(by=request.actor, made=made)
        return back

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    context = {"form": form, "made": made, "labels": dict(Sort.choices)}
    return render(request, f"operator/official_{page}.jinja", context)


@never_cache
@page_with_form
def conflict(request: ActingRequest, pk: int) -> HttpResponse:
    """Decide which trust a school is shown in."""
    permissions.hide_unless(request.actor, Permission.BRING_IN_OFFICIAL_FILES)
    found = get_object_or_404(selectors.to_review(), pk=pk)
    ours, official = presenters.trusts_of([found])[found.pk]
    form = ConflictForm(data_for(request), actor=request.actor, names=[ours, official])

    def work() -> str:
        decision = Decision(form.cleaned_data["decision"])
        services.decide_conflict(by=request.actor, conflict=found, decision=decision)
        shown = ours if decision == Decision.KEEP else official
        messages.success(request, f"{found.organisation.name}: {shown}")
        return reverse("operator-official")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    context = {"form": form, "conflict": found, "ours": ours, "official": official}
    return render(request, "operator/official_conflict.jinja", context)
