"""The list of a region's contacts, and asking several at once, or saying that they are right."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contacts.keeping import presenters, selectors, services
from contacts.keeping.filters import ContactFilters
from contacts.keeping.forms import ASK, CheckSeveralForm
from contacts.keeping.views.pages import carry_out, region_for
from contacts.verification import services as verification
from frontend.wording import counted
from organisations.actor import ActingRequest
from organisations.forms import data_for

PER_PAGE = 25


@require_safe
def contacts(request: ActingRequest, slug: str) -> HttpResponse:
    """The contacts of a region, narrowed by what the address says."""
    region = region_for(request, slug)
    filters = ContactFilters(request.GET, region=region)
    narrowed = filters.narrowed
    found = selectors.contacts_of(region, narrowed)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "region": region,
        "filters": filters,
        "narrowed": narrowed,
        "organisation": filters.chosen_organisation(),
        "page": page,
        "table": presenters.contacts_table(region, page.object_list),
        "query": request.GET.urlencode(),
    }
    return render(request, "regions/contacts.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_several(request: ActingRequest, slug: str) -> HttpResponse:
    """Choose among the first hundred of a narrowed list whom to ask, or who is right today."""
    region = region_for(request, slug)
    narrowed = ContactFilters(request.GET, region=region).narrowed
    found = selectors.contacts_of(region, narrowed).filter(selectors.CHECKABLE)
    shown = list(found[: services.MOST_AT_ONCE])
    choices = [(each.ref, presenters.line_of(each)) for each in shown]
    everyone = {"postings": [each.ref for each in shown]} if "all" in request.GET else {}
    form = CheckSeveralForm(data_for(request), actor=request.actor, shown=choices, initial=everyone)
    query = request.GET.copy()
    query.pop("all", None)
    back = reverse("region-contacts", args=[slug]) + f"?{query.urlencode()}"
    done = ""

    def work() -> str:
        nonlocal done
        chosen = selectors.by_refs(region, form.cleaned_data["postings"])
        if form.cleaned_data["action"] == ASK:
            number = verification.ask(by=request.actor, postings=chosen)
            done = f"{counted(number, 'contact')} asked by email"
        else:
            number = services.confirm_several(by=request.actor, region=region, postings=chosen)
            done = f"{counted(number, 'contact')} marked as checked today"
        return back

    query["all"] = "1"
    context = {
        "region": region,
        "back": back,
        "shown": shown,
        "all_href": f"?{query.urlencode()}",
        "all_chosen": bool(everyone),
    }
    return carry_out(
        request,
        form,
        work,
        "regions/check_several.jinja",
        context,
        done=lambda: done,
    )
