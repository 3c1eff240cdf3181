"""What several pages of the calendar share."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from organisations.actor import ActingRequest


def nothing_to_do(request: ActingRequest, title: str, why: str, back: str) -> HttpResponse:
    """A page for what has been done already, as after going back in the browser."""
    context = {"title": title, "why": why, "back": back}
    return render(request, "calendars/nothing_to_do.jinja", context)
