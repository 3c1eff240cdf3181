"""Where somebody is signed in: the list they see, and ending what they do not know.

Not here: when a session ends by itself (`session_limits`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from organisations import audit
from organisations.actor import Actor
from organisations.models import SignedInSession, User
from organisations.signing_in.on_record import as_person

LONGEST_AGENT = 200
BROWSERS = {
    "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Windows": "Windows", "iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android",
    "CrOS": "a Chromebook", "Macintosh": "a Mac", "Linux": "Linux",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session as its person sees it. `device` is in words; `address` where it came from."""

    id: int
    device: str
    address: str
    started_at: datetime
    last_seen_at: datetime
    is_this: bool


def device_in_words(user_agent: str) -> str:
    """Browser and system, as far as the browser says: "Chrome on Windows"."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "Unknown device")


def list_for(user: User, session_key: str | None) -> list[SessionSeen]:
    """Every session that is still open, this one first, then the one last used."""
    seen = [
        SessionSeen(
            each.pk,
            device_in_words(each.user_agent),
            each.address or "",
            each.started_at,
            each.last_seen_at,
            each.session_key == session_key,
        )
        for each in _open_rows(user)
    ]
    return sorted(seen, key=lambda each: not each.is_this)


@transaction.atomic
def end(*, by: Actor, session_id: int) -> bool:
    """End one of the person's own sessions; False where there is none such (any more)."""
    row = SignedInSession.objects.filter(pk=session_id, user_id=by.user_id).first()
    if row is None:
        return False
    audit.record("session ended by its person", by=by, obj=row)
    _store(row.session_key).delete()
    row.delete()
    return True


@transaction.atomic
def end_others(*, by: Actor, session_key: str | None) -> int:
    """End all of the person's sessions but this one; how many there were."""
    rows = list(
        SignedInSession.objects.filter(user_id=by.user_id).exclude(session_key=session_key or "")
    )
    for row in rows:
        audit.record("session ended by its person", by=by, obj=row)
        _store(row.session_key).delete()
        row.delete()
    return len(rows)


# Called by the sign-in and the middleware


def add(request: HttpRequest, user: User) -> None:
    """A new session; those that have run out are forgotten."""
    if not request.session.session_key:
        request.session.create()
    session_key = request.session.session_key or ""
    oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    with as_person(user.pk):
        SignedInSession.objects.filter(user_id=user.pk, started_at__lt=oldest).delete()
        SignedInSession.objects.filter(session_key=session_key).delete()
        SignedInSession.objects.create(
            user=user,
            session_key=session_key,
            address=get_adapter().get_client_ip(request),
            user_agent=request.headers.get("User-Agent", "")[:LONGEST_AGENT],
        )


def seen(user: User, session_key: str | None) -> None:
    """This session is in use now."""
    with as_person(user.pk), transaction.atomic():
        SignedInSession.objects.filter(user_id=user.pk, session_key=session_key).update(
            last_seen_at=timezone.now()
        )


def follow(user: User, before: str, after: str | None) -> None:
    """The session has got another key (a new password), or none (signed out)."""
    with as_person(user.pk), transaction.atomic():
        rows = SignedInSession.objects.filter(user_id=user.pk, session_key=before)
        if after:
            rows.update(session_key=after)
        else:
            rows.delete()


def forget(user: User, session_key: str | None) -> None:
    """This session is over."""
    with as_person(user.pk), transaction.atomic():
        SignedInSession.objects.filter(user_id=user.pk, session_key=session_key).delete()


def drop(session_key: str) -> None:
    """End a session whose row is gone already."""
    _store(session_key).delete()


def _open_rows(user: User) -> list[SignedInSession]:
    rows = list(SignedInSession.objects.filter(user_id=user.pk))
    # A password change leaves other sessions behind that sign nobody in any more.
    current = user.get_session_auth_hash()
    return [row for row in rows if _store(row.session_key).load().get("_auth_user_hash") == current]


def _store(session_key: str) -> SessionBase:
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return store
