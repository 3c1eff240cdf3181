"""Reading the e-mails of a journey: their words, their one link, their calendar entry."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar

LINK = re.compile(r"http://localhost:\d+(/\S+)")


def plain(message: EmailMessage) -> str:
    """The plain text of an e-mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage, beginning: str) -> str:
    """The path of the one link in an e-mail that begins so."""
    found = {path for path in LINK.findall(plain(message)) if path.startswith(beginning)}
    (path,) = found
    return str(path)


def calendar_event(message: EmailMessage) -> Any:
    """The event of the calendar part, which asks to be put into the diary."""
    (part,) = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    calendar = Calendar.from_ical(part.get_content())
    assert calendar["method"] == "REQUEST"
    (event,) = calendar.walk("VEVENT")
    return event
