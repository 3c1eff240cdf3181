"""The page of one contact of a region, and deciding about it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from contacts import directory_services
from contacts.keeping import presenters, selectors
from contacts.keeping.forms import DecideOfferForm
from contacts.keeping.states import states_of
from contacts.keeping.views.pages import carry_out, contact_for, region_for
from contacts.models import Listing
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for


@require_safe
def contact(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """What is kept about one contact, from where, and what was done to it."""
    region = region_for(request, slug)
    posting = contact_for(region, ref)
    events = selectors.history_of(posting)
    listed = posting.listing == Listing.LISTED
    context = {
        "region": region,
        "posting": posting,
        "states": presenters.tags(states_of(posting)),
        "facts": presenters.facts_of(posting),
        "history": presenters.history_table(events, request.actor.user_id),
        "in_post": listed and posting.ended_on is None,
        "offered": posting.listing == Listing.OFFERED,
        "back": presenters.list_address(region),
        "merges": selectors.merges_of(posting),
    }
    return render(request, "regions/contact.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Say that a contact is right today."""
    region = region_for(request, slug)
    posting = contact_for(region, ref)
    if posting.listing != Listing.LISTED or posting.ended_on is not None:
        raise Http404("nobody in post")
    page = presenters.page_of(region, posting)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        directory_services.confirm_posting(by=request.actor, posting=posting)
        return page

    context = {
        "region": region,
        "posting": posting,
        "back": page,
        "facts": presenters.facts_of(posting),
    }
    return carry_out(
        request, form, work, "regions/confirm_contact.jinja", context, done="Marked as right today"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Take an offered contact into the directory, or leave it with who offered it."""
    region = region_for(request, slug)
    posting = contact_for(region, ref)
    if posting.listing == Listing.PRIVATE:
        raise Http404("not offered")
    page = presenters.page_of(region, posting)
    form = DecideOfferForm(data_for(request), actor=request.actor)

    def work() -> str:
        if form.cleaned_data["decision"] == "accept":
            directory_services.accept_offer(by=request.actor, posting=posting)
            return page
        directory_services.decline_offer(by=request.actor, posting=posting)
        return presenters.list_address(region)

    context = {
        "region": region,
        "posting": posting,
        "back": page,
        "facts": presenters.facts_of(posting),
        "alike": selectors.alike(posting),
    }
    return carry_out(
        request,
        form,
        work,
        "regions/decide_contact.jinja",
        context,
        done=lambda: (
            "Taken into the directory"
            if posting.listing == Listing.LISTED
            else "Left with who offered it"
        ),
    )
