"""Recording that somebody left, and the page where they write a note."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contacts.keeping import followers, hand_over_links, presenters, selectors, services
from contacts.keeping.deciding_forms import SOMEONE_NEW, HandOverForm, LeaverForm
from contacts.keeping.views.pages import carry_out, contact_for, region_for
from contacts.models import Listing
from organisations.actor import ActingRequest
from organisations.forms import data_for

# Enough to choose from; whoever is further down is found on their own page.
MOST_PEOPLE = 10


@require_http_methods(["GET", "HEAD", "POST"])
def left(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Record that somebody left, who takes over, and ask them for a note."""
    region = region_for(request, slug)
    posting = contact_for(region, ref)
    if posting.listing != Listing.LISTED or posting.ended_on is not None:
        raise Http404("nobody in post")
    people = selectors.others_at(posting)[:MOST_PEOPLE]
    deputy = next((each.ref for each in people if each.pk == posting.deputy_id), None)
    form = LeaverForm(
        data_for(request),
        actor=request.actor,
        people=people,
        deputy=posting.deputy_id,
        initial={"on": timezone.localdate(), "successor": deputy},
    )
    page = presenters.page_of(region, posting)

    def work() -> str:
        taken = services.record_leaver(
            by=request.actor,
            posting=posting,
            on=form.cleaned_data["on"],
            successor=form.who_takes_over,
            ask_for_note=form.cleaned_data["ask_for_note"],
        )
        if taken is not None:
            return presenters.page_of(region, taken)
        if form.cleaned_data["successor"] == SOMEONE_NEW:
            about = {"organisation": posting.organisation.slug}
            if posting.role_type is not None:
                about["role"] = posting.role_type.key
            record = reverse("record-region-contact", args=[slug])
            return f"{record}?{urlencode(about)}"
        return page

    context = {
        "region": region,
        "posting": posting,
        "back": page,
        "places": followers.number_of_places(posting),
    }
    return carry_out(
        request, form, work, "regions/leaver.jinja", context, done="Recorded that they left"
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, token: str) -> HttpResponse:
    """Write a note for whoever comes next: by the link alone, once."""
    asked = hand_over_links.find(token)
    if asked is None:
        raise Http404("no such link")
    if not asked.is_open:
        return render(request, "regions/hand_over_ended.jinja", {"asked": asked}, status=410)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.write_hand_over(ref=asked.ref, text=form.cleaned_data["text"])
        return redirect("hand-over-done")
    return render(request, "regions/hand_over.jinja", {"asked": asked, "form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def hand_over_done(request: HttpRequest) -> HttpResponse:
    """Thanks for a note."""
    return render(request, "regions/hand_over_done.jinja")
