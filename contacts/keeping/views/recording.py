"""Recording somebody in a region's directory, and changing what is recorded."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contacts import directory_services
from contacts.keeping import presenters, selectors
from contacts.keeping.forms import ChangeContactForm, ContactForm, FindOrganisationForm
from contacts.keeping.views.pages import carry_out, contact_for, region_for
from contacts.models import Region, RoleType
from contacts.selectors import find_organisations
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.models import Organisation

MOST_FOUND = 15


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: ActingRequest, slug: str) -> HttpResponse:
    """Record somebody: first at which organisation, then who."""
    region = region_for(request, slug)
    at = request.GET.get("organisation", "")
    if not at:
        return _find(request, region)
    organisation = Organisation.objects.filter(slug=at).first()
    if organisation is None:
        raise Http404("no such organisation")
    role = RoleType.objects.filter(key=request.GET.get("role", "")).first()
    initial = {
        "role_type": role,
        "job_title": role.name if role else "",
        "place": selectors.place_for(organisation, region),
    }
    form = ContactForm(data_for(request), actor=request.actor, region=region, initial=initial)

    def work() -> str:
        posting = directory_services.list_posting(
            by=request.actor, region=region, organisation=organisation, **form.given
        )
        return presenters.page_of(region, posting)

    context = {"region": region, "organisation": organisation}
    return carry_out(
        request, form, work, "regions/record_contact.jinja", context, done="Contact recorded"
    )


def _find(request: ActingRequest, region: Region) -> HttpResponse:
    form = FindOrganisationForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    found = find_organisations(query, limit=MOST_FOUND) if query else None
    here = reverse("record-region-contact", args=[region.slug])
    context = {
        "region": region,
        "filters": form,
        "query": query,
        "found": found,
        "here": here,
        "role": request.GET.get("role", ""),
    }
    return render(request, "regions/find_organisation.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActingRequest, slug: str, ref: str) -> HttpResponse:
    """Change what is recorded of a contact."""
    region = region_for(request, slug)
    posting = contact_for(region, ref)
    initial = {
        "name": posting.person.name,
        "email": posting.details.email,
        "telephone": posting.details.telephone,
        **{
            name: getattr(posting, name)
            for name in (
                "job_title",
                "role_type",
                "place",
                "visibility",
                "started_on",
                "source",
                "lawful_basis",
                "deputy",
            )
        },
    }
    form = ChangeContactForm(
        data_for(request),
        actor=request.actor,
        region=region,
        deputies=selectors.deputies_for(posting),
        initial=initial,
    )
    page = presenters.page_of(region, posting)

    def work() -> str:
        directory_services.change_posting(by=request.actor, posting=posting, **form.given)
        return page

    context = {"region": region, "posting": posting, "back": page}
    return carry_out(
        request, form, work, "regions/change_contact.jinja", context, done="Contact changed"
    )
