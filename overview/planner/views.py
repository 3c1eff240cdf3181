"""The planner of an organisation, and that of one partnership."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.models import Organisation
from organisations.permissions import Permission
from overview.planner.forms import PlannerForm
from overview.planner.page import compose
from overview.planner.selectors import partnerships_to_choose, schools_of
from partnerships.record import selectors as record
from partnerships.record.models import Partnership


@require_safe
def planner(request: ActingRequest) -> HttpResponse:
    """Both years with everything the acting organisation has planned."""
    permissions.require(request.actor, Permission.SEE_RECORDS)
    return _page(request, None)


@require_safe
def partnership_planner(request: ActingRequest, ref: str) -> HttpResponse:
    """The same for one partnership: the calendars of all its members together."""
    return _page(request, record.partnership_of(request.actor, ref))


def _page(request: ActingRequest, partnership: Partnership | None) -> HttpResponse:
    actor = request.actor
    schools = schools_of(actor) if partnership is None else []
    partnerships = partnerships_to_choose(actor) if partnership is None else []
    form = PlannerForm(
        request.GET,
        partnerships=None
        if partnership is not None
        else [(each.ref, each.name) for each in partnerships],
        schools=[(school.slug, school.name) for school in schools],
    )
    chosen = form.chosen()
    narrowed = next((p for p in partnerships if p.ref == chosen.get("partnership")), partnership)
    page = compose(
        actor,
        request.GET.dict(),
        path=request.path,
        chosen=chosen,
        partnership=narrowed,
        school_id=_id_of(schools, chosen.get("school")),
    )
    context = {
        "page": page,
        "filters": form,
        "filtered": bool(chosen),
        "partnership": partnership,
    }
    return render(request, "planner/planner.jinja", context)


def _id_of(schools: list[Organisation], slug: str | None) -> int | None:
    return next((school.pk for school in schools if school.slug == slug), None)
