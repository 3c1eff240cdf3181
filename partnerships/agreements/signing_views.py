"""Pages of signing: who signs for us, and the text with the form that signs it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from frontend.errors import Problem
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.agreements import presenters, selectors, signing
from partnerships.agreements.asked import agreement_asked_for
from partnerships.agreements.models import Agreement, AgreementVersion, Stage
from partnerships.agreements.signing_forms import SignatoryForm, SignForm
from partnerships.agreements.signing_words import signature_words

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def signatory(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Name who signs for the acting organisation."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.NAME_SIGNATORY, found)
    form = SignatoryForm(
        data_for(request),
        actor=request.actor,
        people=signing.colleagues(request.actor),
        now=signing.signatory_of(request.actor, found),
    )

    def work() -> str:
        signing.name_signatory(
            by=request.actor, agreement=found, user=form.person(), role=form.cleaned_data["role"]
        )
        return f"{presenters.address(request.actor, found)}#signatures"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Recorded who signs for you")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "agreement": found}
    return render(request, "agreements/signatory.jinja", context)


@require_http_methods(FORM_METHODS)
def sign(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """The whole text, and the form that signs exactly it."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.SIGN_AGREEMENT, found)
    version = selectors.version_of(found)
    named = signing.signatory_of(request.actor, found)
    mine = named is not None and named.user_id == request.actor.user_id
    context: dict[str, Any] = {
        "partnership": partnership,
        "agreement": found,
        "version": version,
        "signatory": named,
        "mine": mine,
        "details": presenters.details(found, version),
        "binding_words": presenters.binding_words,
    }
    earlier = signing.signature_of(request.actor, version)
    context["earlier"] = signature_words(earlier) if earlier else ""
    if request.method != "POST" and (earlier or found.stage != Stage.APPROVAL or not mine):
        return render(request, "agreements/sign.jinja", context)
    if named is None or not mine:
        raise PermissionDenied("You may not sign an agreement for which somebody else signs.")
    form = SignForm(data_for(request), actor=request.actor, version=version, signatory=named)

    def work() -> str:
        given = form.cleaned_data
        signing.sign_agreement(
            by=request.actor,
            agreement=found,
            number=given["number"],
            digest=given["digest"],
            role=given["role"],
        )
        return f"{presenters.address(request.actor, found)}#signatures"

    if request.method == "POST" and form.is_valid():
        if url := form.carry_out(work):
            said = "You had signed this text already. Nothing was changed" if earlier else "Signed"
            messages.success(request, said)
            return redirect(url)
        if form.has_error(NON_FIELD_ERRORS, code=signing.CHANGED_MEANWHILE):
            context["changes"] = _changes(found, form.cleaned_data["number"], version)
            context["forms"] = [Problem(str(each), "#changed") for each in form.non_field_errors()]
            form = SignForm(actor=request.actor, version=version, signatory=named)
            context["fresh"] = form
            return render(request, "agreements/sign.jinja", context)
    context["form"] = form
    return render(request, "agreements/sign.jinja", context)


def _changes(
    agreement: Agreement, number: int, newest: AgreementVersion
) -> list[presenters.ClauseChange]:
    """What changed since the version that was read."""
    seen = selectors.version_of(agreement, min(number, newest.number))
    return presenters.changes_between(agreement, seen, newest)
