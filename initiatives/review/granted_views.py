"""Pages of a review for a person who was asked by name: one initiative, and nothing beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from initiatives.plans.models import Initiative
from initiatives.review import presenters, selectors, services
from initiatives.review.forms import AnswerForm, CommentForm
from initiatives.review.views import met_another
from organisations import audit, submissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission, can, require

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def granted(request: ActingRequest, ref: str) -> HttpResponse:
    """One initiative with what was said of it, and a comment to add. The look is audited."""
    actor = request.actor
    found = selectors.granted_initiative(actor, ref)
    form = CommentForm(
        data_for(request), actor=actor, initiative=found, section=request.GET.get("section", "")
    )

    def work() -> str:
        services.comment_on_initiative(by=actor, initiative=found, **form.values())
        return f"{_address(found)}#{form.cleaned_data['section']}"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Comment added")
        return redirect(url)
    page = presenters.compose(actor, found)
    services.note_seen(by=actor, initiative=found, snapshot=page.snapshot)
    audit.record("initiative reviewed", by=actor, obj=found)
    context = {
        "page": page,
        "initiative": found,
        "form": form,
        "asked": selectors.asked_of(actor, found),
        "once": submissions.new_token(actor.user_id),
        "may_comment": can(actor, Permission.COMMENT_ON_INITIATIVE, found),
    }
    return render(request, "review/granted.jinja", context)


@require_http_methods(FORM_METHODS)
def answer(request: ActingRequest, ref: str) -> HttpResponse:
    """Endorse it in one's own name, or request changes."""
    found = selectors.granted_initiative(request.actor, ref)
    asked = selectors.asked_of(request.actor, found)
    if asked is None:
        messages.info(request, "This review has been answered or taken back already.")
        return redirect(_address(found))
    require(request.actor, Permission.REVIEW_INITIATIVE, asked)
    form = AnswerForm(data_for(request), actor=request.actor, initiative=found)

    def work() -> str:
        services.answer_request(by=request.actor, request=asked, **form.values())
        return _address(found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Your answer is sent")
        return redirect(url)
    if met_another(form):
        form.now_based_on(found.revision)
    context = {"form": form, "initiative": found, "asked": asked, "back": _address(found)}
    return render(request, "review/answer.jinja", context)


@require_http_methods(FORM_METHODS)
def arrived(request: ActingRequest, ref: str) -> HttpResponse:
    """Say that the request has arrived, so that whoever asked knows: one click, or here."""
    found = selectors.granted_initiative(request.actor, ref)
    asked = selectors.asked_of(request.actor, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.acknowledge_requests(by=request.actor, requests=[asked] if asked else [])
        return _address(found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Whoever asked is told that it has arrived")
        return redirect(url)
    return render(request, "review/arrived.jinja", {"form": form, "initiative": found})


def _address(initiative: Initiative) -> str:
    return reverse("granted-initiative", args=[initiative.ref])
