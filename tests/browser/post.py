"""The e-mail of a journey: it goes out when the test says so, through a real SMTP server."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from organisations import tasks
from organisations.outbox import engine
from tests.outbox.post_office import PostOffice


class Post:
    """The e-mail of a test: carried by SMTP when asked, and read by those it was sent to."""

    def __init__(self, office: PostOffice) -> None:
        self._office = office
        self._read = 0

    def goes_out(self, *, now: datetime | None = None) -> dict[str, list[EmailMessage]]:
        """Send what is due, at another moment if given; what has newly arrived, by recipient."""
        if now is None:
            tasks.send_due_mail()
        else:
            engine.drain(now=now)
        new: dict[str, list[EmailMessage]] = {}
        for recipient, message in self._office.arrived[self._read :]:
            new.setdefault(recipient, []).append(message)
        self._read = len(self._office.arrived)
        return new
