"""Naming the contact and the deputy of one side, and correcting their details."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contacts.models import Posting
from contacts.services import CHANGED_MEANWHILE
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record import selectors, services
from partnerships.record.forms import ChooseContactForm, ContactForm, CorrectContactForm
from partnerships.record.models import ContactFunction, Member

Form = ContactForm | ChooseContactForm


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
    may_be_nobody = deputy_too and current is not None
    nobody_known = not people and not may_be_nobody
    someone_new = "someone" in request.GET or nobody_known or (data is not None and "name" in data)
    form: Form
    if someone_new:
        form = ContactForm(data, actor=request.actor, member=place)
    else:
        label = f"People we know at {place.organisation.name}"
        form = ChooseContactForm(
            data, actor=request.actor, people=people, label=label, may_be_nobody=may_be_nobody
        )

    def work() -> str:
        _name(request.actor, place, function, form)
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid():
        if isinstance(form, ChooseContactForm) and form.someone_else:
            return redirect(f"{request.path}?someone=new")
        if url := form.carry_out(work):
            messages.success(request, _done(function, form))
            return redirect(url)
    context = {
        "form": form,
        "question": question,
        "member": place,
        "current": current,
        "function": function,
        "words": words,
        "someone_new": someone_new,
        "may_go_back": someone_new and (people or may_be_nobody),
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
    theirs: Posting | None = None
    form = CorrectContactForm(
        data_for(request), actor=request.actor, member=place, posting=contact.posting
    )

    def work() -> str:
        services.correct_contact(by=request.actor, contact=contact, **form.details)
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, "Details corrected")
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=CHANGED_MEANWHILE):
            theirs = selectors.contacts_at(place).get(function, contact).posting
            form.now_based_on(theirs)
    context = {
        "form": form,
        "member": place,
        "contact": contact,
        "theirs": theirs,
        "function": function,
        "may_name": permissions.can(request.actor, Permission.NAME_CONTACT, place),
    }
    return render(request, "record/correct_contact.jinja", context)


def _place(request: ActingRequest, ref: str, member: str, function: str) -> Member:
    if function not in ContactFunction.values:
        raise Http404("no such function")
    partnership = selectors.partnership_of(request.actor, ref)
    return selectors.member_of(partnership, member)


def _name(actor: Actor, place: Member, function: str, form: Form) -> None:
    where: dict[str, Any] = {
        "partnership": place.partnership,
        "organisation": place.organisation,
    }
    if isinstance(form, ContactForm):
        services.name_contact(by=actor, function=function, **where, **form.details)
    elif form.chosen is not None:
        services.name_contact(by=actor, function=function, posting=form.chosen, **where)
    else:
        services.free_deputys_place(by=actor, **where)


def _done(function: str, form: Form) -> str:
    if isinstance(form, ChooseContactForm) and form.chosen is None:
        return "Deputy removed"
    return f"{ContactFunction(function).label} named"
