"""Changing what a partnership is called and what it is for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record import selectors, services
from partnerships.record.access_forms import ChangePartnershipForm
from partnerships.record.models import Partnership


def change_partnership(request: ActingRequest, ref: str) -> HttpResponse:
    """For the organisation that opened it."""
    partnership = selectors.partnership_of(request.actor, ref)
    return _change(request, partnership, page_of(request.actor, "partnership", ref=ref))


def change_granted(request: ActingRequest, ref: str) -> HttpResponse:
    """For someone who acts as themselves, by a personal grant to edit."""
    partnership = selectors.granted_partnership(request.actor, ref)
    return _change(request, partnership, reverse("granted-partnership", args=[ref]))


@require_http_methods(["GET", "HEAD", "POST"])
def _change(request: ActingRequest, partnership: Partnership, page: str) -> HttpResponse:
    permissions.require(request.actor, Permission.CHANGE_PARTNERSHIP, partnership)
    form = ChangePartnershipForm(
        data_for(request), actor=request.actor, initial=_saved(partnership)
    )
    theirs: Partnership | None = None

    def work() -> str:
        services.change_partnership(
            by=request.actor,
            partnership=partnership,
            based_on=form.cleaned_data["based_on"],
            **form.texts,
        )
        return page

    if request.method == "POST" and form.is_valid():
        try:
            url = form.carry_out(work)
        except services.ChangedMeanwhile as conflict:
            theirs, url = conflict.current, None
            form = _beside(theirs, form)
        if url:
            messages.success(request, "Partnership changed")
            return redirect(url)
    context = {"form": form, "partnership": partnership, "theirs": theirs, "back": page}
    return render(request, "record/change.jinja", context)


def _saved(partnership: Partnership) -> dict[str, str]:
    return {
        "name": partnership.name,
        "purpose": partnership.purpose,
        "based_on": services.version_of(partnership),
    }


def _beside(theirs: Partnership, form: ChangePartnershipForm) -> ChangePartnershipForm:
    """The same form, keeping what was typed, now based on what is saved."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["based_on"] = services.version_of(theirs)
    again = ChangePartnershipForm(data, actor=form.actor)
    again.add_error(
        None,
        "Someone else changed the partnership while you were writing. "
        "Nothing is lost: compare both, then save the one to keep.",
    )
    return again
