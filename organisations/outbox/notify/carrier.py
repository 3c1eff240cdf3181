"""Handing messages to GOV.UK Notify, and reading what came of it.

Before any message passes the point of no return, `open` has seen that Notify answers, takes our
key and has our template. What may have been taken is asked for by its reference before it is
sent again, so that a crash makes no duplicate.
"""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, NoReturn

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

from organisations.outbox.composing import REFERENCE
from organisations.outbox.notify.client import Answer, Key, NoAnswer, NotifyClient, NotSent
from organisations.outbox.notify.wording import email_to
from organisations.outbox.transport import NotTaken, PerhapsTaken, Unreachable

logger = structlog.get_logger("tandem.outbox")

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds; the outbox's own rests come on top
SERVER_ERRORS = range(500, 600)
NEVER_DELIVERED = {"permanent-failure", "temporary-failure", "technical-failure"}
STOP_ALL = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
# A request is told apart by the kind of its error, and only where that is not enough by a word.
OF_THIS_EMAIL = "BadRequestError"
OF_THE_ADDRESS = "email_address"
OURS = ("template", "reply_to", "personalisation")


@dataclass
class Pause:
    """How long this process leaves Notify alone after it failed: doubling, with jitter."""

    failures: int = 0
    until: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def seconds_left(self) -> float:
        """How long still."""
        return self.until - time.monotonic()

    def failed(self, *, at_least: float = 0.0) -> None:
        """Another failure."""
        with self._lock:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.failures, 10))
            self.failures += 1
            jitter = random.uniform(0.8, 1.2)  # noqa: S311  # no secret
            self.until = time.monotonic() + max(at_least, pause) * jitter

    def worked(self) -> None:
        """It works again."""
        with self._lock:
            self.failures, self.until = 0, float("-inf")


pause = Pause()


class NotifyCarrier:
    """One connection to Notify."""

    def __init__(self) -> None:
        self._client: NotifyClient | None = None
        self._lost_answers = 0

    @property
    def is_open(self) -> bool:
        """Whether messages can be handed over."""
        return self._client is not None

    def __enter__(self) -> NotifyCarrier:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError):
                client.close()

    def open(self) -> None:
        """See that Notify answers, takes our key and has our template. Raises Unreachable."""
        if self.is_open:
            return
        if pause.seconds_left > 0:
            raise Unreachable("GOV.UK Notify is left alone for a while after it failed.")
        key = Key.read(settings.NOTIFY_API_KEY)
        if key is None or not settings.NOTIFY_TEMPLATE_ID:
            raise ImproperlyConfigured(
                "NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID are not set, or are none: docs/notify.md"
            )
        self._client = NotifyClient(key)
        try:
            answer = self._client.template(settings.NOTIFY_TEMPLATE_ID)
        except (NotSent, NoAnswer) as error:
            self._away(f"GOV.UK Notify could not be reached ({error}).", cause=error)
        self._stop_unless_ok(answer)
        wrong = what_is_wrong_with(answer.body)
        if wrong:
            self._away(f"The template at GOV.UK Notify {wrong}: docs/notify.md", ours=True)

    def send(self, message: EmailMessage, *, seconds: float, again: bool) -> str:
        """Hand over one message; asks first about one that may have been handed over before."""
        assert self._client is not None
        reference = message.extra_headers[REFERENCE]
        letter = email_to(message, reference=reference)
        if again and (known := self._known(reference)):
            pause.worked()
            return known
        try:
            answer = self._client.send_email(letter, seconds=seconds)
        except NotSent as error:
            self._away(f"GOV.UK Notify could not be reached ({error}).", cause=error)
        except NoAnswer as error:
            self._perhaps(f"GOV.UK Notify did not answer ({error}).", error)
        return self._outcome(answer)

    def _known(self, reference: str) -> str:
        """What Notify says of a message that it has; empty when it has none, or could not
        deliver the one it has."""
        assert self._client is not None
        try:
            answer = self._client.known_by(reference)
        except (NotSent, NoAnswer) as error:
            self._away(f"GOV.UK Notify could not be asked ({error}).", cause=error)
        self._stop_unless_ok(answer)
        found = answer.body.get("notifications")
        if not isinstance(found, list):
            self._away("GOV.UK Notify gave an answer that is none.")
        for one in found:
            if one.get("reference") == reference and one.get("status") not in NEVER_DELIVERED:
                return receipt(one)
        return ""

    def _outcome(self, answer: Answer) -> str:
        if answer.status == HTTPStatus.CREATED:
            pause.worked()
            return receipt(answer.body)
        if answer.status in SERVER_ERRORS:
            # It says that it did nothing; a proxy before it may say so without knowing.
            self._perhaps(f"GOV.UK Notify failed ({answer.status}).", None)
        if answer.status in STOP_ALL:
            self._stop_unless_ok(answer)
        kind, words = answer.error
        if answer.status == HTTPStatus.BAD_REQUEST and OF_THE_ADDRESS in words:
            raise NotTaken(
                f"GOV.UK Notify refused the address: {words}", permanent=True, bounced=True
            )
        if answer.status == HTTPStatus.BAD_REQUEST and kind == OF_THIS_EMAIL:
            permanent = not any(word in words.lower() for word in OURS)
            raise NotTaken(f"GOV.UK Notify would not send it: {words}", permanent=permanent)
        # What we ask for is not as it should be. Tried again for hours, so that one odd e-mail
        # stops no other, and all of them go once the settings are put right.
        logger.error("GOV.UK Notify refuses a request", status=answer.status, error=kind)
        raise NotTaken(
            f"GOV.UK Notify refused the request: {answer.status} {words}", permanent=False
        )

    def _stop_unless_ok(self, answer: Answer) -> None:
        """Raises Unreachable for an answer that no other message would fare better with."""
        if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED):
            return
        words = answer.error[1]
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._away(f"GOV.UK Notify takes no more for now: {words}", at_least=answer.retry_after)
        if answer.status in SERVER_ERRORS:
            self._away(f"GOV.UK Notify failed ({answer.status}).")
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            self._away(f"GOV.UK Notify refuses our key: {words}", ours=True)
        self._away(f"GOV.UK Notify answered {answer.status}: {words}", ours=True)

    def _away(
        self,
        reason: str,
        *,
        cause: Exception | None = None,
        at_least: float = 0.0,
        ours: bool = False,
    ) -> NoReturn:
        """Nothing was taken and nothing would be: leave Notify alone for a while."""
        self.close()
        pause.failed(at_least=at_least)
        if ours:
            logger.error("GOV.UK Notify is not set up as it should be", reason=reason)
        raise Unreachable(reason) from cause

    def _perhaps(self, reason: str, cause: Exception | None) -> NoReturn:
        """It may have been taken. One such answer is bad luck; after two, others wait too."""
        self._lost_answers += 1
        self.close()
        if self._lost_answers > 1:
            pause.failed()
        raise PerhapsTaken(reason) from cause


def receipt(notification: dict[str, Any]) -> str:
    """What the ledger keeps of an answer: Notify's own id, by which later reports are known."""
    return f"GOV.UK Notify {notification.get('id', '')}"


def what_is_wrong_with(template: dict[str, Any]) -> str:
    """Why no e-mail of ours can be written with a template; empty when one can."""
    if template.get("type") != "email":
        return "is not one for e-mails"
    if "((subject))" not in str(template.get("subject")).lower():
        return "has no ((subject)) in its subject"
    if "((body))" not in str(template.get("body")).lower():
        return "has no ((body)) in its message"
    return ""
