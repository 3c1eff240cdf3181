"""Deciding about reports, about contacts of other regions, and about contacts that are alike."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contacts.keeping import followers, presenters, selectors, services
from contacts.keeping.deciding_forms import (
    DecideReportForm,
    DecideTransferForm,
    MergeForm,
    PassOnForm,
)
from contacts.keeping.views.pages import carry_out, contact_for, region_for
from contacts.models import Listing, ReportState
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for

PER_PAGE = 25
MOST_PAIRS = 50


@require_safe
def reports(request: ActingRequest, slug: str) -> HttpResponse:
    """What readers said is wrong and nobody decided yet."""
    region = region_for(request, slug)
    page = Paginator(selectors.open_reports(region), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "region": region,
        "page": page,
        "table": presenters.reports_table(region, page.object_list),
    }
    return render(request, "regions/reports.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """One report: put the contact right, or say that it is right; the reporter is told."""
    region = region_for(request, slug)
    it = selectors.report_on(region, ref)
    if it is None:
        raise Http404("no such report in this region")
    posting = contact_for(region, it.posting.ref)
    form = DecideReportForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.decide_report(
            by=request.actor,
            report=it,
            applied=form.cleaned_data["decision"] == "applied",
            answer=form.cleaned_data["answer"],
        )
        return reverse("region-reports", args=[slug])

    context = {
        "region": region,
        "report": it,
        "posting": posting,
        "facts": presenters.facts_of(posting),
        "open": it.state == ReportState.OPEN,
    }
    return carry_out(
        request, form, work, "regions/report.jinja", context, done="Decided. They are told by email"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Offer a contact to another region, or take that back."""
    region = region_for(request, slug)
    posting = contact_for(region, ref)
    if posting.listing != Listing.LISTED or posting.ended_on is not None:
        raise Http404("nobody in post")
    offered = posting.offered_to
    form: RecordForm
    if offered is None:
        form = PassOnForm(data_for(request), actor=request.actor, besides=region)
    else:
        form = RecordForm(data_for(request), actor=request.actor)
    page = presenters.page_of(region, posting)

    def work() -> str:
        to = None if offered is not None else form.cleaned_data["region"]
        services.offer_transfer(by=request.actor, posting=posting, region=to)
        return page

    context = {"region": region, "posting": posting, "back": page, "offered": offered}
    done = "Offer taken back" if offered else "Offered. Their admin decides"
    return carry_out(request, form, work, "regions/pass_on.jinja", context, done=done)


@require_safe
def transfers(request: ActingRequest, slug: str) -> HttpResponse:
    """Contacts that other regions want to pass on to this one."""
    region = region_for(request, slug)
    found = list(selectors.offered_by_others(region)[:PER_PAGE])
    context = {"region": region, "table": presenters.transfers_table(region, found)}
    return render(request, "regions/transfers.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Take a contact of another region over, or leave it there."""
    region = region_for(request, slug)
    posting = selectors.offered_by_others(region).filter(ref=ref).first()
    if posting is None:
        raise Http404("not offered to this region")
    initial = {"place": selectors.place_for(posting.organisation, region)}
    form = DecideTransferForm(
        data_for(request), actor=request.actor, region=region, initial=initial
    )

    def work() -> str:
        accept = form.cleaned_data["decision"] == "accept"
        services.decide_transfer(
            by=request.actor,
            posting=posting,
            region=region,
            accept=accept,
            place=form.cleaned_data["place"],
        )
        return (
            presenters.page_of(region, posting)
            if accept
            else reverse("region-transfers", args=[slug])
        )

    context = {"region": region, "posting": posting, "facts": presenters.facts_of(posting)}
    return carry_out(request, form, work, "regions/transfer.jinja", context, done="Decided")


@require_safe
def duplicates(request: ActingRequest, slug: str) -> HttpResponse:
    """Pairs of contacts that may be the same person."""
    region = region_for(request, slug)
    number, pairs = selectors.pairs_alike(region, MOST_PAIRS)
    context = {
        "region": region,
        "number": number,
        "table": presenters.pairs_table(region, pairs),
        "most": MOST_PAIRS,
    }
    return render(request, "regions/duplicates.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: ActingRequest, slug: str, ref: str, other: str) -> HttpResponse:
    """Two contacts side by side, what would move, and which of them to keep."""
    region = region_for(request, slug)
    both = [contact_for(region, ref), contact_for(region, other)]
    if len({each.pk for each in both}) == 1 or len({each.organisation_id for each in both}) > 1:
        raise Http404("not two contacts at one organisation")
    # Two that are alike read alike: which of the two above, and its address, tell them apart.
    choices = [
        (each.ref, f"The {which}: {each.person.name}, {each.details.email}")
        for which, each in zip(("first", "second"), both, strict=True)
    ]
    form = MergeForm(data_for(request), actor=request.actor, both=choices)

    def work() -> str:
        first = form.cleaned_data["kept"] == both[0].ref
        kept, folded = both if first else reversed(both)
        services.merge_postings(by=request.actor, kept=kept, folded=folded)
        return presenters.page_of(region, kept)

    context = {
        "region": region,
        "both": [
            (each, presenters.facts_of(each), followers.number_of_places(each)) for each in both
        ],
    }
    return carry_out(request, form, work, "regions/merge.jinja", context, done="Merged into one")


@require_http_methods(["GET", "HEAD", "POST"])
def undo_merge(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Take two merged contacts apart again."""
    region = region_for(request, slug)
    it = selectors.merge_in(region, ref)
    if it is None:
        raise Http404("no such merge in this region")
    form = RecordForm(data_for(request), actor=request.actor)
    page = presenters.page_of(region, it.kept)

    def work() -> str:
        services.undo_merge(by=request.actor, merge=it)
        return page

    context = {"region": region, "merge": it, "back": page}
    return carry_out(
        request, form, work, "regions/undo_merge.jinja", context, done="Two contacts again"
    )
