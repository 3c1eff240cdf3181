"""Pages that say what this service is, and hold nobody's records."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the pages under `templates/jinja2/pages/`; the address names which."""
    return render(request, f"pages/{name}.jinja")
