"""Operators' pages of official files."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contacts.models import Sort
from contacts.official import selectors
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.permissions import Permission

PER_PAGE = 50


@require_safe
def imports(request: ActingRequest) -> HttpResponse:
    """What was brought in, and where people and registers disagree."""
    permissions.hide_unless(request.actor, Permission.SEE_OFFICIAL_IMPORTS)
    page = Paginator(selectors.imports(), PER_PAGE).get_page(request.GET.get("page"))
    conflicts = Paginator(selectors.to_review(), PER_PAGE).get_page(request.GET.get("review"))
    context = {"page": page, "conflicts": conflicts}
    return render(request, "operator/official_imports.jinja", context)


@require_safe
def one_import(request: ActingRequest, ref: str) -> HttpResponse:
    """One import: its files, what it changed, what it left out."""
    permissions.hide_unless(request.actor, Permission.SEE_OFFICIAL_IMPORTS)
    made = get_object_or_404(selectors.imports(), ref=ref)
    sort = request.GET.get("sort", "")
    changes = Paginator(selectors.changes_of(made, sort), PER_PAGE)
    context = {
        "made": made,
        "page": changes.get_page(request.GET.get("page")),
        "sorts": [(value, label, made.counts.get(value, 0)) for value, label in Sort.choices],
        "sort": sort,
        "labels": dict(Sort.choices),
    }
    return render(request, "operator/official_import.jinja", context)
