"""Error pages: the same words whoever asks, and nothing about what exists."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be understood."""
    return render(request, "errors/400.jinja", status=400, using="jinja2")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, may see the record, may not do this."""
    return render(request, "errors/403.jinja", status=403, using="jinja2")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or it is none of the reader's business; never says which."""
    return render(request, "errors/404.jinja", status=404, using="jinja2")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Renders without the database."""
    return render(request, "errors/500.jinja", status=500, using="jinja2")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose page was too old or came from elsewhere."""
    return render(request, "errors/403_csrf.jinja", status=403, using="jinja2")
