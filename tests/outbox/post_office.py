"""A real SMTP server that keeps every message, and refuses some addresses for known reasons.

What the part before the @ begins with decides: `refused` 550 for good, `policy` 550 by a
policy, `later` 451 for now, `toolarge` 552 after the text, `hangup` the connection breaks
once the text has arrived, `flood` 421 before it, `slow` a pause before the answer.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ANSWERS_TO_ADDRESS = {
    "refused": "550 5.1.1 No such mailbox here",
    "policy": "550 5.7.1 Not from you",
    "later": "451 4.7.1 Greylisted, come back",
}


class AnyPort(Controller):
    """A controller on a port that the system chooses; the same one when it starts again."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class PostOffice:
    """The messages that arrived, in their order; addresses refused; connections made."""

    delay: float = 0.0
    arrived: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    connections: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self._controller = AnyPort(self, hostname="127.0.0.1", port=0, ready_timeout=20)

    @property
    def port(self) -> int:
        """The port that the system gave it."""
        return int(self._controller.port)

    def open(self) -> None:
        """Listen."""
        self._controller.start()

    def open_at(self, port: int) -> None:
        """Listen at a port that was ours before."""
        self._controller = AnyPort(self, hostname="127.0.0.1", port=port, ready_timeout=20)
        self._controller.start()

    def close(self) -> None:
        """Stop listening."""
        self._controller.stop()

    def ids(self) -> Counter[str]:
        """How many copies of each Message-ID arrived."""
        with self._changed:
            return Counter(str(message["Message-ID"]) for _, message in self.arrived)

    def recipients(self) -> list[str]:
        """To whom messages went, one entry a copy, sorted."""
        with self._changed:
            return sorted(recipient for recipient, _ in self.arrived)

    def wait_for(self, number: int, *, seconds: float = 60) -> bool:
        """Wait until that many messages have arrived."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.arrived) >= number, timeout=seconds)

    # What aiosmtpd calls.

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("flood"):
            return "421 4.7.0 Too many, goodbye"
        for beginning, answer in ANSWERS_TO_ADDRESS.items():
            if address.startswith(beginning):
                self.refused.append(address)
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("toolarge"):
            return "552 5.3.4 Too large for us"
        content: Any = envelope.content
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._changed:
            self.arrived.append((recipient, message))
            self._changed.notify_all()
        if recipient.startswith("hangup") and self.recipients().count(recipient) == 1:
            assert server.transport is not None
            server.transport.close()
        if self.delay:
            await asyncio.sleep(self.delay)
        return f"250 OK number {len(self.arrived)}"
