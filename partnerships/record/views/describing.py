"""Pages of what organisations bring to a partnership: their schools, and their side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission, can
from partnerships.record import selectors, services
from partnerships.record.describing_forms import SchoolsForm, SideForm
from partnerships.record.models import Member, MemberState
from partnerships.record.presenters import schools_words

FORM_METHODS = ["GET", "HEAD", "POST"]
GONE = (MemberState.DECLINED, MemberState.LEFT, MemberState.SUCCEEDED)


@require_safe
def schools(request: ActingRequest, ref: str) -> HttpResponse:
    """Which schools the partnership is about, trust by trust."""
    partnership = selectors.partnership_of(request.actor, ref)
    members = [m for m in selectors.members_of(partnership) if m.state not in GONE]
    trusts = [
        {
            "member": each.member,
            "schools": each.schools,
            "of": each.of,
            "words": schools_words(each.member, len(each.schools), each.of),
            "may_choose": can(request.actor, Permission.DESCRIBE_MEMBER, each.member),
        }
        for each in selectors.schools_in(members)
    ]
    context = {"partnership": partnership, "trusts": trusts}
    return render(request, "record/schools.jinja", context)


@require_http_methods(FORM_METHODS)
def choose_schools(request: ActingRequest, ref: str, member: str) -> HttpResponse:
    """Choose which of a trust's schools a partnership is about."""
    place = _place(request, ref, member)
    possible = selectors.schools_of(place.organisation)
    if not possible:
        raise Http404("it has no schools")
    form = SchoolsForm(data_for(request), actor=request.actor, member=place, schools=possible)

    def work() -> str:
        services.choose_schools(
            by=request.actor,
            member=place,
            schools=form.wanted,
            based_on=form.cleaned_data["based_on"],
        )
        return page_of(request.actor, "partnership-schools", ref=ref)

    return _carried_out(request, form, work, place, "record/choose_schools.jinja", "Schools saved")


@require_http_methods(FORM_METHODS)
def choose_side(request: ActingRequest, ref: str, member: str) -> HttpResponse:
    """Choose on which side a council or a provider works in a partnership."""
    place = _place(request, ref, member)
    if place.organisation.kind not in services.ON_EITHER_SIDE:
        raise Http404("its side is plain")
    form = SideForm(data_for(request), actor=request.actor, member=place)

    def work() -> str:
        services.choose_side(
            by=request.actor,
            member=place,
            side=form.cleaned_data["side"],
            based_on=form.cleaned_data["based_on"],
        )
        return page_of(request.actor, "partnership", ref=ref)

    return _carried_out(request, form, work, place, "record/choose_side.jinja", "Side saved")


def _place(request: ActingRequest, ref: str, member: str) -> Member:
    partnership = selectors.partnership_of(request.actor, ref)
    place = selectors.member_of(partnership, member)
    permissions.require(request.actor, Permission.DESCRIBE_MEMBER, place)
    return place


def _carried_out(
    request: ActingRequest,
    form: SchoolsForm | SideForm,
    work: Any,
    place: Member,
    template: str,
    done: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            messages.success(request, done)
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE):
            form.now_based_on(selectors.member_of(place.partnership, place.organisation.slug))
    return render(request, template, {"form": form, "member": place})
