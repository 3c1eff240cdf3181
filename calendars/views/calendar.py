"""The first page of an organisation's calendar: what holds in a year, and the ways to change it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calendars import asked_year, pages
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.permissions import Permission


@require_safe
def calendar(request: ActingRequest) -> HttpResponse:
    """What holds for the acting organisation in one academic year."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    year = asked_year.named_or_this(request.GET.get("year", ""))
    page = page_of(actor, "calendar")
    context = {
        "year": year,
        "years": [
            (each.label, f"{page}?year={asked_year.in_address(each)}", each == year)
            for each in asked_year.offered(year)
        ],
        "sections": pages.of(actor, year),
        "may_change": permissions.can(actor, Permission.CHANGE_CALENDAR),
    }
    return render(request, "calendars/calendar.jinja", context)
