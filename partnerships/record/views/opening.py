"""Opening a partnership with an organisation, or adding one to a partnership."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.models import Organisation, School
from organisations.permissions import Permission
from partnerships.record import selectors, services
from partnerships.record.forms import AddPartnerForm, OpenPartnershipForm
from partnerships.record.presenters import suggested_name


@require_http_methods(["GET", "HEAD", "POST"])
def open_partnership(request: ActingRequest) -> HttpResponse:
    """Open a partnership with the organisation in `?with=`; without one, go and find it."""
    actor = request.actor
    permissions.require(actor, Permission.OPEN_PARTNERSHIP)
    assert actor.organisation is not None
    data = data_for(request)
    partner = _partner(request, data)
    if partner is None:
        messages.info(request, "Find the organisation you want to work with first.")
        return redirect(page_of(actor, "find-organisation"))
    if refusal := _refusal(request, partner):
        return refusal
    existing = selectors.partnerships_with(actor, partner)
    form = OpenPartnershipForm(
        data,
        actor=actor,
        partner=partner,
        has_some=bool(existing),
        initial={"partner": partner.slug, "name": suggested_name(actor.organisation.name, partner)},
    )

    def work() -> str:
        partnership = services.open_partnership(
            by=actor,
            partner=partner,
            name=form.cleaned_data["name"],
            purpose=form.cleaned_data["purpose"],
        )
        return page_of(actor, "partnership", ref=partnership.ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"Partnership with {partner.name} opened")
        return redirect(url)
    context = {
        "form": form,
        "partner": partner,
        "existing": existing,
        "joinable": selectors.partnerships_to_join(actor, partner),
    }
    return render(request, "record/open.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_partner(request: ActingRequest, ref: str) -> HttpResponse:
    """Add the organisation in `?with=` to a partnership of ours, after saying what it means."""
    partnership = selectors.partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.CHANGE_PARTNERSHIP, partnership)
    data = data_for(request)
    partner = _partner(request, data)
    if partner is None:
        raise Http404("no organisation was named")
    if refusal := _refusal(request, partner):
        return refusal
    form = AddPartnerForm(data, actor=request.actor, initial={"partner": partner.slug})

    def work() -> str:
        services.add_partner(by=request.actor, partnership=partnership, partner=partner)
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"{partner.name} added")
        return redirect(url)
    context = {"form": form, "partner": partner, "partnership": partnership}
    return render(request, "record/add_partner.jinja", context)


def _partner(request: ActingRequest, data: QueryDict | None) -> Organisation | None:
    """The organisation that the form, or else the address, names; Http404 if there is none."""
    slug = (data.get("partner") if data is not None else None) or request.GET.get("with")
    if not slug:
        return None
    partner = Organisation.objects.filter(slug=slug).first()
    if partner is None:
        raise Http404("no such organisation")
    return partner


def _refusal(request: ActingRequest, partner: Organisation) -> HttpResponse | None:
    """The page that says why this organisation cannot be a partner, and whom to choose."""
    try:
        services.refuse_partner(by=request.actor, partner=partner)
    except ValidationError as problem:
        instead = None
        if problem.code == "in_trust":
            instead = School.objects.select_related("trust").get(organisation=partner).trust
        context = {"partner": partner, "problem": problem.messages[0], "instead": instead}
        return render(request, "record/not_a_partner.jinja", context, status=409)
    return None
