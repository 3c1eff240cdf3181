"""Pages of conversations: the log of a partnership, and logging, changing, withdrawing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.actions.owners import possible_owners
from partnerships.actions.services import add_actions
from partnerships.conversations import selectors, services
from partnerships.conversations.forms import ChangeForm, ConversationForm, version_of
from partnerships.conversations.models import Conversation
from partnerships.record.models import Partnership
from partnerships.record.readers import other_readers
from partnerships.record.selectors import partnership_of


@require_safe
def conversations(request: ActingRequest, ref: str) -> HttpResponse:
    """All conversations of a partnership, newest first."""
    partnership = partnership_of(request.actor, ref)
    page = selectors.all_of(request.actor, partnership, request.GET.get("page"))
    if any(each.author_organisation_id != request.actor.organisation_id for each in page):
        audit.record("conversations seen", by=request.actor, obj=partnership)
    context = {
        "partnership": partnership,
        "page": page,
        "may_log": permissions.can(request.actor, Permission.LOG_CONVERSATION, partnership),
    }
    return render(request, "conversations/list.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: ActingRequest, ref: str) -> HttpResponse:
    """Log a conversation: three questions."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.LOG_CONVERSATION, partnership)
    readers = other_readers(request.actor, partnership)
    owners = possible_owners(request.actor, partnership)
    known = selectors.known_people(partnership)
    form = ConversationForm(
        data_for(request), actor=request.actor, readers=readers, owners=owners, known=known
    )

    def work() -> str:
        services.log_conversation(by=request.actor, partnership=partnership, **form.values())
        add_actions(by=request.actor, partnership=partnership, lines=form.action_lines())
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Conversation logged")
        return redirect(url)
    return render(request, "conversations/log.jinja", {"form": form, "partnership": partnership})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActingRequest, ref: str, conversation: str) -> HttpResponse:
    """Change a conversation; when somebody else has done so meanwhile, show both texts."""
    partnership, logged = _ones_own(request, ref, conversation)
    if logged.withdrawn_at is not None and request.method != "POST":
        return _withdrawn_already(request, partnership)
    readers = other_readers(request.actor, partnership)
    known = selectors.known_people(partnership)
    form = ChangeForm(
        data_for(request), actor=request.actor, readers=readers, conversation=logged, known=known
    )
    theirs: Conversation | None = None

    def work() -> str:
        services.change_conversation(
            by=request.actor,
            conversation=logged,
            based_on=form.cleaned_data["based_on"],
            **form.values(),
        )
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid():
        try:
            url = form.carry_out(work)
        except services.ChangedMeanwhile as conflict:
            theirs, url = conflict.current, None
            form = _beside(theirs, form, readers, known)
        if url:
            messages.success(request, "Conversation changed")
            return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "logged": logged,
        "theirs": theirs,
        "their_people": selectors.people_in_words(theirs) if theirs else "",
    }
    return render(request, "conversations/change.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActingRequest, ref: str, conversation: str) -> HttpResponse:
    """Take a conversation back, after saying what that means."""
    partnership, logged = _ones_own(request, ref, conversation)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.withdraw_conversation(by=request.actor, conversation=logged)
        return page_of(request.actor, "partnership", ref=ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Conversation withdrawn")
        return redirect(url)
    if logged.withdrawn_at is not None:
        return _withdrawn_already(request, partnership)
    context = {"form": form, "partnership": partnership, "logged": logged}
    return render(request, "conversations/withdraw.jinja", context)


def _ones_own(
    request: ActingRequest, ref: str, conversation: str
) -> tuple[Partnership, Conversation]:
    partnership = partnership_of(request.actor, ref)
    logged = selectors.conversation_of(request.actor, partnership, conversation)
    permissions.require(request.actor, Permission.CHANGE_CONVERSATION, logged)
    return partnership, logged


def _withdrawn_already(request: ActingRequest, partnership: Partnership) -> HttpResponse:
    messages.info(request, "This conversation has been withdrawn and can no longer be changed.")
    return redirect(page_of(request.actor, "conversations", ref=partnership.ref))


def _beside(
    theirs: Conversation, form: ChangeForm, readers: list[str], known: list[str]
) -> ChangeForm:
    """The same form, keeping what was typed, now based on the version that is saved."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["based_on"] = version_of(theirs)
    known = [*form.cleaned_data.get("people", []), *known]
    again = ChangeForm(data, actor=form.actor, readers=readers, conversation=theirs, known=known)
    again.add_error(
        None,
        "Someone else changed this conversation while you were writing. "
        "Nothing is lost: compare both texts, then save the one to keep.",
    )
    return again
