"""System checks: an INBOX_URL that cannot be read, and a sender's address that takes no answers."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from organisations.outbox.inbox.addresses import WrongAddress, read_address

HINT = "docs/inbox.md says what it may be."
NO_ANSWERS = ("no-reply", "noreply", "do-not-reply", "donotreply")


@register(Tags.security)
def inbox_is_set_up(
    *, app_configs: Sequence[AppConfig] | None = None, **_: Any
) -> list[CheckMessage]:
    """Complain of a mailbox that could never be read."""
    if not settings.INBOX_URL:
        return []
    try:
        read_address(settings.INBOX_URL)
    except WrongAddress as problem:
        return [Error(str(problem), hint=HINT, id="tandem.E021")]
    return []


@register(Tags.security, deploy=True)
def answers_arrive(
    *, app_configs: Sequence[AppConfig] | None = None, **_: Any
) -> list[CheckMessage]:
    """Complain when a mailbox is read while e-mails come from an address that says it is not."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    if settings.INBOX_URL and sender.startswith(NO_ANSWERS):
        words = f"INBOX_URL is set, but e-mails come from {sender}."
        hint = "Set DEFAULT_FROM_EMAIL to the address whose mailbox is read: calendars answer it."
        return [Warning(words, hint=hint, id="tandem.W021")]
    return []
