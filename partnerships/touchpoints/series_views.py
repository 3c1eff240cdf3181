"""Planning a series of touchpoints: how often, each date with its clashes, then all at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from frontend.wording import counted
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record.recipients import nobody_told, people_to_tell
from partnerships.record.selectors import partnership_of
from partnerships.touchpoints import services
from partnerships.touchpoints.plans import reminders_in_words
from partnerships.touchpoints.series_date_forms import DatesForm
from partnerships.touchpoints.series_forms import SeriesForm

# The button that leads back to the plan, with everything that was typed.
BACK = "back"


@require_http_methods(["GET", "HEAD", "POST"])
def plan_series(request: ActingRequest, ref: str) -> HttpResponse:
    """Both pages of a series: its plan, and its dates. Nothing is saved before the second."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.SCHEDULE_TOUCHPOINT, partnership)
    plan = SeriesForm(data_for(request), actor=request.actor)
    going_on = request.method == "POST" and BACK not in request.POST
    worked_out = plan.work_out(partnership) if going_on else None
    if worked_out is None:
        context = {"form": plan, "partnership": partnership}
        return render(request, "touchpoints/series.jinja", context)
    form = DatesForm(request.POST, actor=request.actor, series=worked_out)

    def work() -> str:
        series = services.schedule_series(
            by=request.actor, partnership=partnership, plan=plan.plan(), dates=form.dates()
        )
        return page_of(request.actor, "one-touchpoint-series", ref=ref, series=series.ref)

    if form.goes_ahead() and (url := form.carry_out(work)):
        messages.success(request, f"{counted(len(form.dates()), 'touchpoint')} scheduled")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "plan": plan,
        "typed": plan.typed(),
        "reminders": reminders_in_words(plan.plan().reminder_minutes),
        "people": people_to_tell(partnership),
        "nobody_told": nobody_told(partnership),
    }
    return render(request, "touchpoints/series_dates.jinja", context)
