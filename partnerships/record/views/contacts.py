"""Naming the contact and the deputy of one side, and correcting their details."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record import selectors, services
from partnerships.record.forms import ChooseContactForm, ContactForm
from partnerships.record.models import ContactFunction, Member


@require_http_methods(["GET", "HEAD", "POST"])
def name_contact(request: ActingRequest, ref: str, member: str, function: str) -> HttpResponse:
    """Name the contact or deputy: someone we know there, or someone new (`?someone=new`)."""
    place = _place(request, ref, member, function)
    permissions.require(request.actor, Permission.NAME_CONTACT, place)
    named = selectors.contacts_at(place)
    current, deputy_too = named.get(function), function == ContactFunction.DEPUTY
    taken = {c.posting_id for c in named.values() if c is current or deputy_too}
    people = [
        p for p in selectors.people_at(request.actor, place.organisation) if p.pk not in taken
    ]
    words = ContactFunction(function).label.lower()
    question = f"Who is the {words} of {place.organisation.name}?"
    data = data_for(request)
    someone_new = "someone" in request.GET or not people or (data is not None and "name" in data)
    form: ContactForm | ChooseContactForm
    if someone_new:
        form = ContactForm(data, actor=request.actor, member=place)
    else:
        label = f"People we know at {place.organisation.name}"
        form = ChooseContactForm(data, actor=request.actor, people=people, label=label)

    def work() -> str:
        services.name_contact(
            by=request.actor,
            partnership=place.partnership,
            organisation=place.organisation,
            function=function,
            **_whom(form),
        )
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid():
        if isinstance(form, ChooseContactForm) and form.chosen is None:
            return redirect(f"{request.path}?someone=new")
        if url := form.carry_out(work):
            messages.success(request, f"{ContactFunction(function).label} named")
            return redirect(url)
    context = {
        "form": form,
        "question": question,
        "member": place,
        "current": current,
        "function": function,
        "words": words,
        "people": people,
        "someone_new": someone_new,
    }
    return render(request, "record/name_contact.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_contact(request: ActingRequest, ref: str, member: str, function: str) -> HttpResponse:
    """Correct the details of the present contact, if our organisation recorded them."""
    place = _place(request, ref, member, function)
    contact = selectors.contacts_at(place).get(function)
    if contact is None:
        raise Http404("nobody is named")
    permissions.require(request.actor, Permission.CORRECT_POSTING, contact.posting)
    posting = contact.posting
    form = ContactForm(
        data_for(request),
        actor=request.actor,
        member=place,
        correcting=True,
        initial={
            "name": posting.person.name,
            "job_title": posting.job_title,
            "email": posting.details.email,
            "telephone": posting.details.telephone,
        },
    )

    def work() -> str:
        services.correct_contact(by=request.actor, contact=contact, **form.details)
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Details corrected")
        return redirect(url)
    context = {
        "form": form,
        "member": place,
        "contact": contact,
        "function": function,
        "may_name": permissions.can(request.actor, Permission.NAME_CONTACT, place),
    }
    return render(request, "record/correct_contact.jinja", context)


def _place(request: ActingRequest, ref: str, member: str, function: str) -> Member:
    if function not in ContactFunction.values:
        raise Http404("no such function")
    partnership = selectors.partnership_of(request.actor, ref)
    return selectors.member_of(partnership, member)


def _whom(form: ContactForm | ChooseContactForm) -> dict[str, Any]:
    return {"posting": form.chosen} if isinstance(form, ChooseContactForm) else form.details
