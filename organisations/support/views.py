"""Pages of support sessions: for operators who start one, and for the organisation that sees it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.models import Organisation, SupportSession
from organisations.permissions import Permission
from organisations.signing_in import freshness
from organisations.support import selectors, services
from organisations.support.forms import SupportForm


@require_safe
def sessions(request: ActingRequest) -> HttpResponse:
    """Who of the operators read the organisation's records, when, why, and which pages."""
    permissions.require(request.actor, Permission.SEE_RECORDS)
    return render(
        request,
        "support/sessions.jinja",
        {
            "sessions": selectors.sessions_of(request.actor),
            "ends": permissions.can(request.actor, Permission.END_SUPPORT),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_for_organisation(request: ActingRequest, ref: str) -> HttpResponse:
    """A manager ends a session now."""
    permissions.require(request.actor, Permission.END_SUPPORT)
    session = selectors.session_of(request.actor, ref)
    return _end(request, session, page_of(request.actor, "support-sessions"))


@require_http_methods(["GET", "HEAD", "POST"])
def end_for_operator(request: ActingRequest, ref: str) -> HttpResponse:
    """An operator ends their own session."""
    permissions.hide_unless(request.actor, Permission.SUPPORT_ORGANISATION)
    return _end(request, selectors.own_session(request.actor, ref), reverse("operator"))


def _end(request: ActingRequest, session: SupportSession | None, then: str) -> HttpResponse:
    if session is None:
        raise Http404("no such session")
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.end(by=request.actor, session=session)
        return then

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "The support session has ended")
        return redirect(url)
    return render(request, "support/end.jinja", {"form": form, "session": session, "then": then})


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ActingRequest, slug: str) -> HttpResponse:
    """An operator asks to read one organisation's records, and goes there."""
    permissions.hide_unless(request.actor, Permission.SUPPORT_ORGANISATION)
    organisation = get_object_or_404(Organisation, slug=slug)
    freshness.require(request)
    form = SupportForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.start(
            by=request.actor,
            organisation=organisation,
            reason=form.cleaned_data["reason"],
            minutes=form.cleaned_data["minutes"],
        )
        return reverse("home", args=[organisation.slug])

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        return redirect(url)
    return render(request, "support/start.jinja", {"form": form, "organisation": organisation})
