"""Offering a named contact to the directory of a region, and taking the offer back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contacts.directory_services import offer_posting, withdraw_offer
from contacts.keeping.selectors import place_for
from contacts.models import Listing
from contacts.selectors import regions_of
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.record import selectors
from partnerships.record.models import ContactFunction
from partnerships.record.offering_forms import OfferForm


@require_http_methods(["GET", "HEAD", "POST"])
def offer_contact(request: ActingRequest, ref: str, member: str, function: str) -> HttpResponse:
    """Offer the present contact, whom our organisation recorded; or take the offer back."""
    if function not in ContactFunction.values:
        raise Http404("no such function")
    place = selectors.member_of(selectors.partnership_of(request.actor, ref), member)
    contact = selectors.contacts_at(place).get(function)
    if contact is None:
        raise Http404("nobody is named")
    posting = contact.posting
    permissions.require(request.actor, Permission.OFFER_POSTING, posting)
    offered = posting.listing == Listing.OFFERED
    regions = [] if offered else regions_of(posting.organisation)
    form: RecordForm
    if offered:
        form = RecordForm(data_for(request), actor=request.actor)
    else:
        form = OfferForm(data_for(request), actor=request.actor, regions=regions)

    def work() -> str:
        if offered:
            withdraw_offer(by=request.actor, posting=posting)
        else:
            region = form.cleaned_data["region"]
            offer_posting(
                by=request.actor,
                posting=posting,
                region=region,
                place=place_for(posting.organisation, region),
                visibility=form.cleaned_data["visibility"],
            )
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Offer taken back" if offered else "Offered to the directory")
        return redirect(url)
    context = {
        "form": form,
        "posting": posting,
        "member": place,
        "offered": offered,
        "listed": posting.listing == Listing.LISTED,
        "regions": regions,
        "ended": posting.ended_on is not None,
    }
    return render(request, "record/offer_contact.jinja", context)
