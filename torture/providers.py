"""Providers that remember every message: a mail server, and one that can be asked like Notify."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.notify_server import NotifyServer
from tests.outbox.post_office import PostOffice

# As mail servers do: they look at who a message is for, then take its text and say so at once.
RECIPIENT_CHECK = 0.04
NOTIFY_ANSWERS_AFTER = 0.03


class Provider(Protocol):
    """Somewhere that messages are handed to."""

    def environment(self) -> dict[str, str]:
        """What makes a worker send there."""

    def taken(self) -> int:
        """How many messages it took so far, copies counted."""

    def copies(self) -> dict[str, Counter[str]]:
        """By recipient: how many times it took each message, by what identifies one."""


@dataclass
class MailServer(PostOffice):
    """An SMTP server that takes its time over each recipient."""

    check: float = field(default=RECIPIENT_CHECK)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.check)
        return await super().handle_RCPT(server, session, envelope, address, options)

    def environment(self) -> dict[str, str]:
        return {"EMAIL_URL": f"smtp://127.0.0.1:{self.port}"}

    def taken(self) -> int:
        return len(self.arrived)

    def copies(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for recipient, message in list(self.arrived):
            found.setdefault(recipient, Counter())[str(message["Message-ID"]).strip()] += 1
        return found


class Notify(NotifyServer):
    """A server that plays GOV.UK Notify, and can be asked by reference."""

    def taken(self) -> int:
        return len(self.sent)

    def by_recipient(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for one in list(self.sent):
            found.setdefault(one["email_address"], Counter())[one["reference"]] += 1
        return found


@dataclass(frozen=True)
class AskedByReference:
    """`Notify` as a provider: its own `copies` counts otherwise."""

    server: Notify

    def environment(self) -> dict[str, str]:
        return self.server.environment()

    def taken(self) -> int:
        return self.server.taken()

    def copies(self) -> dict[str, Counter[str]]:
        return self.server.by_recipient()


@contextmanager
def mail_server() -> Iterator[Provider]:
    """A mail server inside the block."""
    office = MailServer()
    office.open()
    try:
        yield office
    finally:
        office.close()


@contextmanager
def notify() -> Iterator[Provider]:
    """A Notify inside the block."""
    server = Notify()
    with server:
        server.delay = NOTIFY_ANSWERS_AFTER
        yield AskedByReference(server)
