"""The operators' pages about the outbox: how it stands, its deliveries, retrying or dropping."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from frontend.wording import counted
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.models import OutboxDecision
from organisations.outbox.inbox import notes
from organisations.outbox.lateness import is_behind
from organisations.permissions import Permission
from organisations.signing_in import freshness
from organisations.steering import presenters, selectors, services
from organisations.steering.forms import OutboxFilters, SteerForm

SHOWN_AT_ONCE = 100
MESSAGES_SHOWN = 30
DONE = {
    OutboxDecision.RETRY: "{} will be tried again now",
    OutboxDecision.DROP: "{} dropped",
}


@require_safe
def outbox(request: ActingRequest) -> HttpResponse:
    """How much waits and since when, the deliveries narrowed as asked, and what was decided."""
    permissions.hide_unless(request.actor, Permission.STEER_OUTBOX)
    filters = OutboxFilters(request.GET)
    narrowed = filters.narrowed
    listed = selectors.Listed(narrowed)
    page = Paginator(listed, selectors.PER_PAGE).get_page(request.GET.get("page"))
    deliveries = list(page.object_list)
    figures = selectors.figures()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filters": filters,
        "shown_as": selectors.SHOWS[narrowed.show],
        "page": page,
        "number": len(listed),
        "cut": listed.is_cut,
        "listed": presenters.deliveries_table(deliveries) if deliveries else None,
        "summary": presenters.summary(figures, behind=is_behind(figures.oldest_due)),
        "depth": presenters.depth_table(figures) if figures.kinds else None,
        "steer": reverse("steer-outbox") + f"?{query.urlencode()}"
        if any(each.can_drop for each in deliveries)
        else "",
        "decisions": selectors.decisions(),
        **_came_in(),
    }
    return render(request, "operator/outbox.jinja", context)


def _came_in() -> dict[str, Any]:
    """How the mailbox for answers stands, and what of it somebody should look at."""
    state = notes.state()
    messages = notes.latest(MESSAGES_SHOWN)
    return {
        "mailbox": presenters.mailbox_rows(state, notes.counts()) if state else None,
        "came_in": presenters.came_in_table(messages) if messages else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def steer(request: ActingRequest) -> HttpResponse:
    """Choose among the first hundred of a narrowed list, or one delivery; say what and why."""
    permissions.hide_unless(request.actor, Permission.STEER_OUTBOX)
    freshness.require(request)
    narrowed = OutboxFilters(request.GET).narrowed
    one = request.GET.get("delivery", "")
    if one.isdecimal():
        found = selectors.delivery(int(one[:18]))
        shown, total = [found] if found else [], 1
    else:
        shown = selectors.first_of(narrowed, SHOWN_AT_ONCE)
        total = len(selectors.Listed(narrowed))
    shown = [each for each in shown if each.can_drop]
    query = request.GET.copy()
    ticked = "all" in query or one.isdecimal()
    for name in ("all", "delivery"):
        query.pop(name, None)
    back = reverse("operator-outbox") + (f"?{query.urlencode()}" if query else "")
    form = SteerForm(
        data_for(request),
        actor=request.actor,
        shown=shown,
        total=total if shown else 0,
        initial={"deliveries": [each.id for each in shown]} if ticked else {},
    )

    def work() -> str:
        given = form.cleaned_data
        chosen = given["deliveries"]
        if given.get("every"):
            chosen = [each.id for each in selectors.first_of(narrowed, selectors.MOST_COUNTED)]
        decision = services.steer(
            by=request.actor, deliveries=chosen, action=given["action"], reason=given["reason"]
        )
        done, left = len(decision.deliveries), len(set(chosen)) - len(decision.deliveries)
        messages.success(request, DONE[decision.action].format(counted(done, "email")))
        if left:
            messages.info(
                request, f"{counted(left, 'email')} stayed: moved on meanwhile, or without words"
            )
        return back

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    query["all"] = "1"
    context = {
        "form": form,
        "back": back,
        "shown": shown,
        "all_href": f"?{query.urlencode()}",
        "ticked": ticked,
        "most": SHOWN_AT_ONCE,
    }
    return render(request, "operator/steer_outbox.jinja", context)
