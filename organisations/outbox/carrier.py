"""The provider that e-mail is handed to, chosen by the settings, and what it can carry."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings
from django.core.mail import EmailMessage

NOTIFY_BACKEND = "organisations.outbox.notify.backend.NotifyBackend"


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider can do. A kind asks before it writes."""

    calendar_parts: bool  # else a link to the entry goes into the text
    reply_to: bool  # else the text says whom to write to
    can_be_asked: bool  # whether a message arrived, before it is sent again


ANY_MAIL_SERVER = Provider(calendar_parts=True, reply_to=True, can_be_asked=False)
NOTIFY = Provider(calendar_parts=False, reply_to=False, can_be_asked=True)


class Carrier(Protocol):
    """One connection to the provider."""

    @property
    def is_open(self) -> bool:
        """Whether messages can be handed over."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def open(self) -> None:
        """Be connected. Raises Unreachable."""

    def send(self, message: EmailMessage, *, seconds: float, again: bool) -> str:
        """Hand over one message within about `seconds`; returns the provider's answer.

        `again`: it may have been handed over before. Raises NotTaken, PerhapsTaken, or
        Unreachable when the provider certainly did not take it and would take no other.
        """


def provider() -> Provider:
    """What the chosen provider can carry."""
    return NOTIFY if settings.EMAIL_BACKEND == NOTIFY_BACKEND else ANY_MAIL_SERVER


def new_carrier() -> Carrier:
    """A connection to the chosen provider, not open yet."""
    if settings.EMAIL_BACKEND == NOTIFY_BACKEND:
        from organisations.outbox.notify.carrier import NotifyCarrier

        return NotifyCarrier()
    from organisations.outbox.transport import Transport

    return Transport()
