"""Pages of a review for those who act for an organisation: asking, the review, the queue."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.plans.models import Initiative
from initiatives.plans.selectors import initiative_of
from initiatives.review import access, presenters, queue, selectors, services
from initiatives.review.forms import (
    AcknowledgeForm,
    AnswerForm,
    AskForm,
    AskPersonForm,
    CommentForm,
    QueueFilterForm,
)
from initiatives.review.permissions import was_asked
from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def review(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Everything on an initiative on one page, with what was said, and a comment to add."""
    actor = request.actor
    partnership, found = _found(request, ref, initiative)
    form = CommentForm(
        data_for(request), actor=actor, initiative=found, section=request.GET.get("section", "")
    )

    def work() -> str:
        services.comment_on_initiative(by=actor, initiative=found, **form.values())
        return f"{presenters.address(request.actor, found)}#{form.cleaned_data['section']}"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Comment added")
        return redirect(url)
    page = presenters.compose(actor, found)
    services.note_seen(by=actor, initiative=found, snapshot=page.snapshot)
    if found.organisation_id != actor.organisation_id:
        audit.record("initiative reviewed", by=actor, obj=found)
    may_ask = permissions.can(actor, Permission.ASK_FOR_REVIEW, found)
    asked = selectors.asked_of(actor, found)
    context = {
        "page": page,
        "partnership": partnership,
        "initiative": found,
        "form": form,
        "asked": asked,
        "requests": presenters.request_table(actor, page.state, ref) if may_ask else None,
        "grants": selectors.grants_on(found),
        "may_ask": may_ask,
        "may_show": permissions.can(actor, Permission.SHOW_INITIATIVE, found),
        "may_comment": permissions.can(actor, Permission.COMMENT_ON_INITIATIVE, found),
        "may_answer": asked and permissions.can(actor, Permission.REVIEW_INITIATIVE, asked),
    }
    return render(request, "review/review.jinja", context)


@require_http_methods(FORM_METHODS)
def ask(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Ask another member for a review."""
    partnership, found = _found(request, ref, initiative)
    permissions.require(request.actor, Permission.ASK_FOR_REVIEW, found)
    others = services.who_can_be_asked(request.actor, partnership)
    form = AskForm(data_for(request), actor=request.actor, organisations=others)

    def work() -> str:
        services.ask_organisation(by=request.actor, initiative=found, **form.values())
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Review asked for")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "initiative": found,
        "others": others,
        "may_show": permissions.can(request.actor, Permission.SHOW_INITIATIVE, found),
    }
    return render(request, "review/ask.jinja", context)


@require_http_methods(FORM_METHODS)
def ask_person(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Ask one person, who sees this initiative alone."""
    partnership, found = _found(request, ref, initiative)
    permissions.require(request.actor, Permission.ASK_FOR_REVIEW, found)
    permissions.require(request.actor, Permission.SHOW_INITIATIVE, found)
    form = AskPersonForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.ask_person(by=request.actor, initiative=found, **form.values())
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Review asked for. They see this initiative and nothing else")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "initiative": found}
    return render(request, "review/ask_person.jinja", context)


@require_http_methods(FORM_METHODS)
def answer(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """Endorse it for the acting organisation, or request changes."""
    _, found = _found(request, ref, initiative)
    back = presenters.address(request.actor, found)
    asked = selectors.asked_of(request.actor, found)
    if asked is None and was_asked(request.actor, found):
        messages.info(request, "This review has been answered already.")
        return redirect(back)
    permissions.require(request.actor, Permission.REVIEW_INITIATIVE, asked)
    assert asked is not None
    form = AnswerForm(data_for(request), actor=request.actor, initiative=found)

    def work() -> str:
        services.answer_request(by=request.actor, request=asked, **form.values())
        return back

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Your answer is sent")
        return redirect(url)
    if met_another(form):
        form.now_based_on(found.revision)
    context = {"form": form, "initiative": found, "asked": asked, "back": back}
    return render(request, "review/answer.jinja", context)


@require_http_methods(FORM_METHODS)
def withdraw(request: ActingRequest, ref: str, initiative: str, request_ref: str) -> HttpResponse:
    """Take a request back."""
    partnership, found = _found(request, ref, initiative)
    permissions.require(request.actor, Permission.ASK_FOR_REVIEW, found)
    asked = selectors.request_of(request.actor, found, request_ref)
    if asked.to_user_id is not None:
        permissions.require(request.actor, Permission.SHOW_INITIATIVE, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_request(by=request.actor, request=asked)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Request taken back")
        return redirect(url)
    if not asked.is_open:
        messages.info(request, "This request has been answered or taken back already.")
        return redirect(presenters.address(request.actor, found))
    context = {"form": form, "partnership": partnership, "initiative": found, "asked": asked}
    return render(request, "review/withdraw.jinja", context)


@require_http_methods(FORM_METHODS)
def end_access(request: ActingRequest, ref: str, initiative: str, grant: int) -> HttpResponse:
    """End one person's access to an initiative."""
    partnership, found = _found(request, ref, initiative)
    permissions.require(request.actor, Permission.SHOW_INITIATIVE, found)
    held = selectors.grant_on(found, grant)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        access.end_access(by=request.actor, grant=held)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Access ended")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "initiative": found, "grant": held}
    return render(request, "review/end_access.jinja", context)


@require_http_methods(FORM_METHODS)
def to_review(request: ActingRequest) -> HttpResponse:
    """What waits for the acting organisation's review; several are acknowledged at once."""
    actor = request.actor
    permissions.require(actor, Permission.SEE_RECORDS)
    filter_form = QueueFilterForm(request.GET)
    filters = filter_form.filters()
    page = queue.page_of_requests(actor, filters, request.GET.get("page"))
    rows = list(page)
    form = AcknowledgeForm(data_for(request), actor=actor, rows=rows)
    here = page_of(actor, "initiatives-to-review")
    done = 0

    def work() -> str:
        nonlocal done
        chosen = queue.ticked(actor, form.cleaned_data["requests"])
        done = services.acknowledge_requests(by=actor, requests=chosen)
        narrowed = request.GET.urlencode()
        return f"{here}?{narrowed}" if narrowed else here

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, _acknowledged(done))
        return redirect(url)
    context = {
        "filter_form_fields": filter_form,
        "filtered": bool(filters),
        "here": here,
        "page": page,
        "rows": presenters.queue_rows(actor, rows, chosen=request.POST.getlist("requests")),
        "counts": queue.counts_of(actor, filters),
        "form": form,
        "may_acknowledge": permissions.can(actor, Permission.REVIEW_INITIATIVE, rows[0])
        if rows
        else False,
    }
    return render(request, "review/queue.jinja", context)


def met_another(form: RecordForm) -> bool:
    """Whether an answer was refused because the initiative has changed meanwhile."""
    errors = form.errors.as_data().get(NON_FIELD_ERRORS, [])
    return any(each.code == services.CHANGED_MEANWHILE for each in errors)


def _acknowledged(number: int) -> str:
    if number == 0:
        return "They were acknowledged already"
    told = "Whoever asked is told"
    return (
        f"1 initiative acknowledged. {told}"
        if number == 1
        else (f"{number} initiatives acknowledged. {told}")
    )


def _found(request: ActingRequest, ref: str, initiative: str) -> tuple[Partnership, Initiative]:
    partnership = partnership_of(request.actor, ref)
    return partnership, initiative_of(request.actor, partnership, initiative)
