"""GOV.UK Notify's API, version 2, as far as the outbox needs it.

Here: telling "no request was sent" from "there was no answer to it". What an answer means is
`carrier`'s.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from django.conf import settings
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
KEY = re.compile(rf".*?-?({UUID})-({UUID})", re.IGNORECASE)
TOKEN_LASTS = 10.0  # seconds; Notify takes one for thirty
SHORTEST_WAIT = 1.0


class NotSent(Exception):
    """No request reached Notify."""


class NoAnswer(Exception):
    """A request was sent, or part of it, and no answer came."""


@dataclass(frozen=True, slots=True)
class Key:
    """An API key in its parts. Its name comes first and says nothing."""

    service: str
    secret: str

    @classmethod
    def read(cls, text: str) -> Key | None:
        """The key, or None for a text that cannot be one."""
        found = KEY.fullmatch(text.strip())
        return cls(found[1].lower(), found[2].lower()) if found else None


@dataclass(frozen=True, slots=True)
class Answer:
    """Notify's answer: its status, and its body if that was an object."""

    status: int
    body: dict[str, Any]
    retry_after: float = 0.0

    @property
    def error(self) -> tuple[str, str]:
        """The kind of the first error, and its words."""
        errors = self.body.get("errors")
        if isinstance(errors, list) and errors and isinstance(errors[0], dict):
            return str(errors[0].get("error", "")), str(errors[0].get("message", ""))
        return "", ""


class SignedRequests(AuthBase):
    """Signs each request; given as `auth`, so that no .netrc puts another header there."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._token = ""
        self._made_at = float("-inf")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if time.monotonic() - self._made_at > TOKEN_LASTS:
            claims = {"iss": self._key.service, "iat": int(time.time())}
            self._token = jwt.encode(claims, self._key.secret, algorithm="HS256")
            self._made_at = time.monotonic()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class NotifyClient:
    """One connection, kept between requests."""

    def __init__(self, key: Key) -> None:
        self._base = settings.NOTIFY_API_URL.rstrip("/")
        self._session = requests.Session()
        self._session.auth = SignedRequests(key)
        self._session.headers["User-Agent"] = "Tandem"

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def template(self, template_id: str) -> Answer:
        """A template of the service."""
        return self._ask("GET", f"/v2/template/{template_id}")

    def known_by(self, reference: str) -> Answer:
        """The messages that were sent with a reference."""
        return self._ask("GET", "/v2/notifications", params={"reference": reference})

    def send_email(self, letter: dict[str, Any], *, seconds: float) -> Answer:
        """Ask for an e-mail to be sent. Raises NoAnswer when it may have been taken."""
        return self._ask("POST", "/v2/notifications/email", json=letter, seconds=seconds)

    def _ask(
        self, method: str, path: str, *, seconds: float | None = None, **content: Any
    ) -> Answer:
        patience = float(settings.EMAIL_TIMEOUT)
        if seconds is not None:
            patience = max(SHORTEST_WAIT, min(patience, seconds / 2))
        try:
            response = self._session.request(
                method,
                self._base + path,
                timeout=(patience, patience),
                allow_redirects=False,
                **content,
            )
        except requests.RequestException as error:
            if _never_connected(error):
                raise NotSent(type(error).__name__) from error
            raise NoAnswer(type(error).__name__) from error
        return Answer(response.status_code, _object_in(response), _seconds_in(response))


def _never_connected(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _object_in(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _seconds_in(response: requests.Response) -> float:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else 0.0
