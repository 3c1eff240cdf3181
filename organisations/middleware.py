"""Every request: signed in by default, acting for the organisation in its address, logged."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect

from organisations import audit, drafts
from organisations.acting_for import acting_at
from organisations.actor import Actor
from organisations.permissions import Hidden
from organisations.programs import is_for_programs
from organisations.signing_in.client_address import client_address
from organisations.submissions import AlreadyDone
from organisations.support import on_record
from organisations.tenancy.scope import NOBODY, acting, serve

logger = structlog.get_logger("tandem.requests")
ASKED_EVERY_FEW_SECONDS = {"healthz", "readyz", "metrics"}
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware:
    """Gives each request an id, and says in the log how it ended; no query, no personal data."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(uuid.uuid4())
        token = audit.origin.set(audit.Origin(request_id, client_address(request)))
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            view = request.resolver_match.view_name if request.resolver_match else None
            if view not in ASKED_EVERY_FEW_SECONDS or response.status_code != HTTPStatus.OK:
                logger.info(
                    "request", method=request.method, view=view, status=response.status_code
                )
            response["X-Request-ID"] = request_id
            return response
        finally:
            structlog.contextvars.clear_contextvars()
            audit.origin.reset(token)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Signed in by default: a view is open to the world only by `login_not_required`.

    What someone typed into a form after their session ended is kept, so that it is there
    again once they have signed in.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask who is signed in, except for a view to which everybody is nobody."""
        if is_for_programs(view_func):
            return None
        answer: HttpResponseBase | None = super().process_view(
            request, view_func, view_args, view_kwargs
        )
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Send to sign-in, and from there back to the page, with what was typed."""
        if request.method == "POST":
            next_url = drafts.keep(request)
        else:
            next_url = request.get_full_path()
        return redirect_to_login(next_url, self.get_login_url(view_func))


class ActingMiddleware:
    """Sets `request.actor` and the database scope from the person and the address.

    The acting organisation is the one named by `organisation_slug` in the URL. Someone who
    does not belong to it gets 404: they learn nothing, not even that it has joined.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        with acting(NOBODY):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Find the actor, then run the view in their scope."""
        _refuse_nul(request, kwargs)
        if is_for_programs(view):
            return None
        user = request.user
        if not user.is_authenticated:
            return None
        actor = Actor(user.pk, is_operator=user.is_operator)
        if "organisation_slug" in kwargs:
            actor = acting_for(actor, kwargs.pop("organisation_slug"))
        if actor.support is not None:
            on_record.viewed(request, actor)
        serve(actor.scope)
        request.actor = actor  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(
            user_id=actor.user_id, organisation_id=actor.organisation_id
        )
        return None

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Lead a form that was posted twice to its result; put a refusal on record.

        Runs after the request's own transaction has been rolled back.
        """
        if isinstance(exception, AlreadyDone):
            messages.info(request, "This was already saved. Nothing was saved a second time.")
            return redirect(exception.result_url)
        if isinstance(exception, PermissionDenied | Hidden) and request.actor:  # type: ignore[attr-defined]
            audit.refused(str(exception) or "page", by=request.actor)  # type: ignore[attr-defined]
        return None


def _refuse_nul(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """Raise Http404 for an address holding a NUL: PostgreSQL takes none, so it names nothing."""
    in_query = (value for values in request.GET.lists() for value in values[1])
    if any("\0" in str(value) for value in (*kwargs.values(), *in_query)):
        raise Http404("an address with a NUL in it")


def acting_for(person: Actor, slug: str) -> Actor:
    """The person acting for the organisation at `slug`; raises Http404 for anyone who may not."""
    actor = acting_at(person, slug)
    if actor is None:
        audit.refused("acting for an organisation", by=person)
        raise Http404("no such organisation, or none of yours")
    return actor
