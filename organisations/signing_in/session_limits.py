"""How long a session lasts: idle for half an hour, half a day in all. Asked at every request.

The cookie is a session cookie; what counts is kept on the server, so that a copied cookie is of
no use for longer. What somebody was typing survives the end (`organisations.drafts`).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from organisations.models import User
from organisations.signing_in import sessions
from organisations.signing_in.on_record import put_on_record

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# The last moment of use is written down this often at most: a write for each click is too many.
NOTED_EVERY_SECONDS = 60


class SessionLimitsMiddleware:
    """Signs out whoever has been away too long, or signed in for too long, and notes the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        user = request.user
        if isinstance(user, User):
            ended = why_ended(request, time.time())
            if ended:
                sessions.forget(user, request.session.session_key)
                put_on_record(f"session ended: {ended}", user)
                logout(request)
            else:
                note(request, user)
        before = request.session.session_key
        response = self.get_response(request)
        if isinstance(user, User) and before and request.session.session_key != before:
            still = request.user.is_authenticated
            sessions.follow(user, before, request.session.session_key if still else None)
        return response


def why_ended(request: HttpRequest, now: float) -> str:
    """Why this session is over; empty while it is not."""
    session = request.session
    if now - session.get(SIGNED_IN_AT, now) >= settings.SESSION_COOKIE_AGE:
        return "signed in for too long"
    if now - session.get(SEEN_AT, now) >= settings.SESSION_IDLE_SECONDS:
        return "unused for too long"
    return ""


def begin(request: HttpRequest, user: User) -> None:
    """A sign-in: the session's times begin, and the person's list has it."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())
    sessions.add(request, user)


def note(request: HttpRequest, user: User) -> None:
    """This session is in use."""
    now = int(time.time())
    session = request.session
    session.setdefault(SIGNED_IN_AT, now)
    if now - session.get(SEEN_AT, 0) >= NOTED_EVERY_SECONDS:
        session[SEEN_AT] = now
        sessions.seen(user, session.session_key)
