"""Pages of reviews: the list with what changed over time, opening one, answering, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calendars.london import today
from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of
from partnerships.reviews import presenters, selectors, services
from partnerships.reviews.forms import AnswerForm, OpenForm
from partnerships.reviews.models import Review
from partnerships.reviews.questions import keys_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def reviews(request: ActingRequest, ref: str) -> HttpResponse:
    """Every review of a partnership, and how its averages changed."""
    partnership = partnership_of(request.actor, ref)
    found = selectors.reviews_of(request.actor, partnership)
    turnout = selectors.turnout_of(found)
    context = {
        "partnership": partnership,
        "reviews": presenters.reviews_table(request.actor, found, turnout) if found else None,
        "over_time": presenters.over_time(found, selectors.results_of(found)),
        "may_open": permissions.can(request.actor, Permission.OPEN_REVIEW, partnership),
    }
    return render(request, "reviews/list.jinja", context)


@require_http_methods(FORM_METHODS)
def open_review(request: ActingRequest, ref: str) -> HttpResponse:
    """Open the review of this term or year."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.OPEN_REVIEW, partnership)
    form = OpenForm(data_for(request), actor=request.actor, closes_on=today() + services.USUAL)

    def work() -> str:
        made = services.open_review(
            by=request.actor,
            partnership=partnership,
            kind=form.cleaned_data["kind"],
            closes_on=form.cleaned_data["closes_on"],
        )
        return presenters.address(request.actor, made)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Review opened. Each member’s contact is asked by email")
        return redirect(url)
    return render(request, "reviews/open.jinja", {"form": form, "partnership": partnership})


@require_safe
def review_page(request: ActingRequest, ref: str, review: str) -> HttpResponse:
    """One review: who has answered while it is open; where sides differ once it is closed."""
    partnership, found = _found(request, ref, review)
    actor = request.actor
    if found.author_organisation_id != actor.organisation_id:
        audit.record("review seen", by=actor, obj=found)
    turnout = selectors.turnout_of([found])[found.pk]
    results = selectors.results_of([found])[found.pk]
    may_answer = permissions.can(actor, Permission.ANSWER_REVIEW, found) and found.is_open
    may_close = permissions.can(actor, Permission.CLOSE_REVIEW, found) and found.is_open
    context: dict[str, Any] = {
        "partnership": partnership,
        "review": found,
        "status": presenters.state_tag(found),
        "questions": len(keys_of(found.kind)),
        "turnout": presenters.turnout_words(turnout),
        "both": turnout.both,
        "answered": selectors.own_answers(actor, found) is not None,
        "may_answer": may_answer,
        "may_close": may_close and turnout.both,
        "results": presenters.by_domain(found, results) if results else None,
        "sides_shown": presenters.sides_shown(results),
        "differences": presenters.differences(found, results),
    }
    return render(request, "reviews/review.jinja", context)


@require_http_methods(FORM_METHODS)
def answer(request: ActingRequest, ref: str, review: str) -> HttpResponse:
    """Answer every question, or change what one answered; `?copy=last` begins with last time's."""
    partnership, found = _found(request, ref, review)
    permissions.require(request.actor, Permission.ANSWER_REVIEW, found)
    if request.method != "POST" and not found.is_open:
        return _is_closed(request, found)
    own = selectors.own_answers(request.actor, found)
    last = None if own else selectors.own_last_answers(request.actor, found)
    copies = last is not None and request.GET.get("copy") == "last"
    begin_with = own.answers if own else last.answers if last and copies else {}
    form = AnswerForm(data_for(request), actor=request.actor, review=found, answers=begin_with)

    def work() -> str:
        services.answer_review(by=request.actor, review=found, answers=form.answers())
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Thank you. Your answers are kept, and only you can see them")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "review": found,
        "answered": own is not None,
        "last": last,
        "copies": copies,
    }
    return render(request, "reviews/answer.jinja", context)


@require_http_methods(FORM_METHODS)
def close(request: ActingRequest, ref: str, review: str) -> HttpResponse:
    """Close it before its last day, after asking."""
    partnership, found = _found(request, ref, review)
    permissions.require(request.actor, Permission.CLOSE_REVIEW, found)
    if request.method != "POST" and not found.is_open:
        return _is_closed(request, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.close_review(by=request.actor, review=found)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Review closed")
        return redirect(url)
    turnout = selectors.turnout_of([found])[found.pk]
    context = {
        "form": form,
        "partnership": partnership,
        "review": found,
        "turnout": presenters.turnout_words(turnout),
        "both": turnout.both,
    }
    return render(request, "reviews/close.jinja", context)


def _found(request: ActingRequest, ref: str, review: str) -> tuple[Partnership, Review]:
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.review_of(request.actor, partnership, review)


def _is_closed(request: ActingRequest, review: Review) -> HttpResponse:
    """To the review, saying why nothing can be answered or closed."""
    messages.info(request, "This review is closed.")
    return redirect(presenters.address(request.actor, review))
