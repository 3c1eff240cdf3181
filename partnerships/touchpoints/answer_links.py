"""The page behind the link in every e-mail about a touchpoint: coming or not, another time.

Signed from the e-mail's delivery and open without signing in. GET and HEAD show; only a button's
POST changes anything, so whatever opens links before their reader does answers nothing. It is
over once the meeting is, and for whoever is invited no longer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations import outbox
from organisations.models import Delivery, Organisation
from organisations.tenancy.scope import Scope, acting
from partnerships.record.recipients import organisations_taking_part
from partnerships.touchpoints import entry_links, presenters, services
from partnerships.touchpoints.attendees import Invited, invited_behind
from partnerships.touchpoints.attending_forms import ProposeByLinkForm
from partnerships.touchpoints.attending_presenters import answer_tag, proposed_when
from partnerships.touchpoints.models import (
    Answer,
    Attendee,
    Paper,
    Proposal,
    ProposalState,
    Touchpoint,
    TouchpointState,
)

SALT = "tandem.touchpoint-answer"
NAME = "touchpoint-by-link"
ANSWERED, PROPOSED = "answered", "proposed"
TAKEN_OFF = "You are no longer invited. Nothing was changed."


def address_for(delivery: Delivery) -> str:
    """The whole address of the page for whoever an e-mail goes to."""
    token = outbox.token_for(delivery, salt=SALT)
    return f"{settings.BASE_URL}{reverse(NAME, kwargs={'token': token})}"


View = Callable[..., HttpResponse]


def open_to_all(view: View) -> View:
    """For whoever holds the link, never kept by a cache nor found by a search."""

    def unlisted(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(never_cache(require_http_methods(["GET", "HEAD", "POST"])(unlisted)))


@dataclass(frozen=True, slots=True)
class Opened:
    """What the link leads to, for whom."""

    delivery: Delivery
    touchpoint: Touchpoint
    row: Attendee
    invited: Invited
    papers: list[Paper]
    proposal: Proposal | None
    taking_part: list[str]


@open_to_all
def touchpoint_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The meeting, and whether one comes to it."""
    opened = _opened(token)
    if opened is None:
        return render(request, "touchpoints/answer_link_over.jinja", status=410)
    problem = ""
    if request.method == "POST":
        problem = _answer(request, opened)
        if not problem:
            return _done(token, ANSWERED)
        opened = _opened(token) or opened
    page = _page(opened, token, problem=problem) | {"done": _what_is_done(request, opened)}
    return render(request, "touchpoints/by_link.jinja", page)


@open_to_all
def another_time(request: HttpRequest, token: str) -> HttpResponse:
    """Propose another time."""
    opened = _opened(token)
    if opened is None:
        return render(request, "touchpoints/answer_link_over.jinja", status=410)
    form = ProposeByLinkForm(
        request.POST if request.method == "POST" else None, touchpoint=opened.touchpoint
    )
    if request.method == "POST" and form.is_valid() and _propose(form, opened):
        return _done(token, PROPOSED)
    return render(request, "touchpoints/another_time.jinja", _page(opened, token) | {"form": form})


def _done(token: str, what: str) -> HttpResponse:
    """Back to the page, which says so: in the address, since a message would need a session."""
    return redirect(f"{reverse(NAME, kwargs={'token': token})}?done={what}")


def _what_is_done(request: HttpRequest, opened: Opened) -> str:
    """What the page confirms, if it is so."""
    done = request.GET.get("done", "") if request.method == "GET" else ""
    if done == ANSWERED and opened.row.answer != Answer.NEEDS_ACTION:
        return "Thank you. Your answer is saved"
    if done == PROPOSED and opened.proposal is not None:
        return f"Proposed. {opened.touchpoint.author_organisation.name} gets an email and decides"
    return ""


def _answer(request: HttpRequest, opened: Opened) -> str:
    """Take in an answer; what is wrong with it in words, or nothing."""
    seen = request.POST.get("seen_revision", "")
    try:
        with transaction.atomic():
            services.answer_by_link(
                touchpoint=opened.touchpoint,
                posting_id=opened.row.posting_id,
                answer=request.POST.get("answer", ""),
                seen_revision=int(seen) if re.fullmatch(r"[0-9]{1,8}", seen) else None,
            )
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    except Attendee.DoesNotExist:
        return TAKEN_OFF
    return ""


def _propose(form: ProposeByLinkForm, opened: Opened) -> bool:
    try:
        with transaction.atomic():
            services.propose_by_link(
                touchpoint=opened.touchpoint, posting_id=opened.row.posting_id, **form.values()
            )
    except ValidationError as refusal:
        for name, problems in getattr(refusal, "error_dict", {None: [refusal]}).items():
            form.add_error(name if name in form.fields else None, ValidationError(problems))
        return False
    except Attendee.DoesNotExist:
        form.add_error(None, TAKEN_OFF)
        return False
    return True


def _opened(token: str) -> Opened | None:
    """What the link leads to; None when it is over. Raises Http404 for one we did not make."""
    delivery = outbox.find_by_token(token, salt=SALT)
    if delivery is None:
        raise Http404("a link that was in no e-mail")
    with acting(Scope(organisation_id=delivery.organisation_id)):
        return _behind(delivery)


def _behind(delivery: Delivery) -> Opened | None:
    touchpoint = (
        Touchpoint.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("partnership", "author_organisation", "author")
        .first()
    )
    if touchpoint is None or touchpoint.ends_at <= timezone.now():
        return None
    if touchpoint.partnership.closed_at is not None:
        return None
    invited = invited_behind(delivery, touchpoint)
    row = Attendee.objects.filter(
        touchpoint=touchpoint, posting=delivery.posting_id, removed_at=None
    ).first()
    if touchpoint.state != TouchpointState.SCHEDULED or invited is None or row is None:
        return None
    sides = Q(pk__in=[delivery.organisation_id, touchpoint.author_organisation_id])
    if Organisation.objects.filter(
        sides | Q(pk=invited.organisation.pk),
        Q(suspended_at__isnull=False) | Q(left_at__isnull=False),
    ).exists():
        return None
    proposals = Proposal.objects.filter(
        touchpoint=touchpoint, organisation=row.organisation_id, state=ProposalState.OPEN
    )
    return Opened(
        delivery=delivery,
        touchpoint=touchpoint,
        row=row,
        invited=invited,
        papers=list(Paper.objects.filter(touchpoint=touchpoint, removed_at=None)),
        proposal=proposals.first(),
        taking_part=organisations_taking_part(touchpoint.partnership),
    )


def _page(opened: Opened, token: str, *, problem: str = "") -> dict[str, Any]:
    touchpoint, proposal = opened.touchpoint, opened.proposal
    return {
        "token": token,
        "touchpoint": touchpoint,
        "when": presenters.when_words(touchpoint),
        "taking_part": opened.taking_part,
        "papers": opened.papers,
        "row": opened.row,
        "answer": answer_tag(opened.row.answer),
        "name": opened.invited.name,
        "organisation": opened.invited.organisation.name,
        "has_begun": touchpoint.has_begun,
        "proposed": proposed_when(proposal) if proposal else "",
        "own_proposal": proposal is not None and proposal.posting_id == opened.row.posting_id,
        "entry": entry_links.address_for(opened.delivery),
        "problem": problem,
    }
