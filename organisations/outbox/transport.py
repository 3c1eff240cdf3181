"""Handing messages to Django's e-mail backend over one connection, and reading what came of it.

Here: telling apart "not reached", "refused for good", "not now" and "perhaps taken". What
follows from each is the engine's.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import smtp

ROUND_TRIPS = 5  # of one message: MAIL, RCPT, DATA, the text, RSET after a refusal
SHORTEST_WAIT = 1.0
TEMPORARY = range(400, 500)
HANGING_UP = 421


class Unreachable(Exception):
    """No connection to the mail server: nothing was handed over, and it is no message's fault."""


class NotTaken(Exception):
    """The mail server did not take a message: certainly not sent.

    `permanent`: trying again is useless. `bounced`: it is the address that was refused.
    """

    def __init__(self, reason: str, *, permanent: bool, bounced: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.bounced = bounced


class PerhapsTaken(Exception):
    """The connection broke after the text was sent and before the answer."""


class RecordingSMTP(smtplib.SMTP):
    """Remembers whether the text of a message has begun to go out, and the last answer to it."""

    text_begun = False
    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.text_begun = True
        code, answer = super().data(msg)
        self.answer = answer.decode("ascii", "replace")
        return code, answer


class RecordingSMTPOverTLS(RecordingSMTP, smtplib.SMTP_SSL):
    """The same where the connection is encrypted from its first byte."""


class RecordingBackend(smtp.EmailBackend):
    """Django's SMTP backend over a connection that remembers."""

    @property
    def connection_class(self) -> type[RecordingSMTP]:
        return RecordingSMTPOverTLS if self.use_ssl else RecordingSMTP


class Transport:
    """One connection, opened when the first message needs it and again after it broke."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        if isinstance(self._backend, smtp.EmailBackend):
            self._backend = RecordingBackend()
        self.is_open = False

    def __enter__(self) -> Transport:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> None:
        """Be connected. Raises Unreachable, in words that name no password."""
        if self.is_open:
            return
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(in_words(error)) from error
        self.is_open = True

    def close(self) -> None:
        """Leave politely if the server still listens."""
        self.is_open = False
        with suppress(OSError, smtplib.SMTPException):
            self._backend.close()
        if isinstance(self._backend, smtp.EmailBackend):
            self._backend.connection = None

    def send(self, message: EmailMessage, *, seconds: float, again: bool = False) -> str:
        """Hand over one message within about `seconds`; returns the server's answer.

        A mail server cannot be asked what it took before, so `again` changes nothing.
        Raises NotTaken or PerhapsTaken.
        """
        line = getattr(self._backend, "connection", None)
        if isinstance(line, RecordingSMTP):
            line.text_begun, line.answer = False, ""
            if line.sock is not None:
                wait = max(SHORTEST_WAIT, seconds / ROUND_TRIPS)
                line.sock.settimeout(min(wait, self._backend.timeout or wait))
        with self._outcomes(line):
            if not self._backend.send_messages([message]):
                raise NotTaken("The message had no recipient.", permanent=True)
        return line.answer if isinstance(line, RecordingSMTP) else ""

    @contextmanager
    def _outcomes(self, line: Any) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = next(iter(refused.recipients.values()))
            self._leave_if_told(code)
            raise address_refused(code, text) from refused
        except smtplib.SMTPResponseException as refused:
            self._leave_if_told(refused.smtp_code)
            raise message_refused(refused) from refused
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            if self._may_have_arrived(line):
                raise PerhapsTaken(in_words(error)) from error
            raise NotTaken(in_words(error), permanent=False) from error

    def _may_have_arrived(self, line: Any) -> bool:
        if isinstance(line, RecordingSMTP):
            return line.text_begun
        return not getattr(self._backend, "all_or_nothing", False)

    def _leave_if_told(self, code: int) -> None:
        """421 says that the server is about to hang up, often after so many messages."""
        if code == HANGING_UP:
            self.close()


def address_refused(code: int, text: bytes) -> NotTaken:
    """What a refused recipient means: 5xx is for good, unless a policy (5.7) spoke."""
    answer = text.decode("utf-8", "replace")
    permanent = code not in TEMPORARY and not answer.startswith("5.7.")
    return NotTaken(
        f"The address was refused: {code} {answer}", permanent=permanent, bounced=permanent
    )


def message_refused(refused: smtplib.SMTPResponseException) -> NotTaken:
    """What a refused sender or text means. Our own sender being refused is never for good."""
    answer = refused.smtp_error
    if isinstance(answer, bytes):
        answer = answer.decode("utf-8", "replace")
    of_this_text = isinstance(refused, smtplib.SMTPDataError)
    return NotTaken(
        f"The mail server would not take the message: {refused.smtp_code} {answer}",
        permanent=of_this_text and refused.smtp_code not in TEMPORARY,
    )


def in_words(error: Exception) -> str:
    """What went wrong with a connection; no credentials, no addresses."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server did not accept our user name and password."
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time."
    if isinstance(error, ConnectionRefusedError):
        return "The mail server refused the connection."
    return f"The connection to the mail server failed ({type(error).__name__})."
