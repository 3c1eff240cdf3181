"""The second step of a sign-in: of whom it is required, and whether this session has done it.

allauth notes in the session how somebody has signed in; that note is what is believed here. It
is there after a code, a passkey, a recovery code, or a provider whose own second step suffices,
and in the session in which the first factor was set up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from organisations import drafts
from organisations.actor import Actor
from organisations.demo_accounts import is_shared
from organisations.models import User

# What a record says of a provider whose own second step suffices.
SUFFICES = "second_step"
# Where somebody was going who has been led to set the second step up.
THEN = "after_second_step"
SET_UP_FIRST = "This was not saved yet, because your role needs a second step, which you now have"


@dataclass(frozen=True, slots=True)
class OwnWork:
    """Pages below an address that people use in their own name, and of whom among them a second
    step is required: the word for it in the setting, and who is meant."""

    url_name: str
    of: str
    where: Callable[[Actor], bool]


_own_work: dict[str, OwnWork] = {}


def require_under(url_name: str, *, of: str, where: Callable[[Actor], bool]) -> None:
    """Have it asked below an address as well, where the setting names `of` and `where` is true.

    For the floors above, in `AppConfig.ready`.
    """
    _own_work[url_name] = OwnWork(url_name, of, where)


def is_done(request: HttpRequest, user: User) -> bool:
    """Whether this session has been through a second step."""
    return any(
        record.get("method") == "mfa" or record.get(SUFFICES)
        for record in get_authentication_records(request, user)
    )


def is_required_of(actor: Actor, user: User) -> bool:
    """Whether what `actor` acts as needs a second step. Shared demo accounts never do."""
    if is_shared(user):
        return False
    asked = set(settings.REQUIRE_SECOND_STEP)
    if "all" in asked:
        return True
    return (actor.role is not None and str(actor.role) in asked) or (
        actor.is_operator and "operator" in asked
    )


def set_up(request: HttpRequest, user: User, kind: str) -> None:
    """Note that a factor has been set up in this session, which so has done its second step."""
    record_authentication(request, user, "mfa", type=kind, set_up=True)
    if user.second_step_due:
        user.second_step_due = False
        user.save(update_fields=["second_step_due"])


def forget(request: HttpRequest) -> None:
    """The last factor is gone: what was done with it no longer counts in this session."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != "mfa"
    ]


class SecondStepStage(AuthenticateStage):  # type: ignore[misc]
    """allauth's stage that asks for the second factor, unless the provider's own suffices."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if any(record.get(SUFFICES) for record in get_authentication_records(request, user)):
            return False
        return bool(super()._should_handle(request))


class SecondStepMiddleware:
    """Leads who needs a second step and has none to set it up, before anything else.

    It stands after the one that finds the actor. Account pages stay open: they are where it is
    set up. A form that was posted is kept, as it is when a session has ended.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Ask of every page under an organisation's address, of operators', and of own work."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        # Before the user, so that a page that nobody is signed in to looks at no session.
        if actor is None:
            return None
        user = request.user
        if not isinstance(user, User):
            return None
        if is_done(request, user) or not _is_asked_at(request.path, actor, user):
            return None
        return _set_up_first(request)


def missing(request: HttpRequest, *, acting_as: Actor) -> HttpResponse | None:
    """Where who acts as that is led first, if the second step it needs has not been done.

    For a page that is not below an organisation's address, and has asked whether they may.
    """
    user = request.user
    assert isinstance(user, User)
    if is_done(request, user) or not is_required_of(acting_as, user):
        return None
    return _set_up_first(request)


def _set_up_first(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        going_to = drafts.keep(request, why=SET_UP_FIRST)
    else:
        going_to = request.get_full_path()
    request.session[THEN] = going_to
    return redirect(f"{reverse('mfa_index')}?{urlencode({'next': going_to})}")


def _is_asked_at(path: str, actor: Actor, user: User) -> bool:
    """Whether a page needs the second step of who asks for it."""
    if user.second_step_due:
        return not path.startswith(reverse("account_home"))
    of_operators = actor.is_operator and path.startswith(reverse("operator"))
    if actor.organisation is not None or of_operators:
        return is_required_of(actor, user)
    for each in _own_work.values():
        if path.startswith(reverse(each.url_name)):
            asked = each.of in settings.REQUIRE_SECOND_STEP and not is_shared(user)
            return (asked and each.where(actor)) or is_required_of(actor, user)
    return False
