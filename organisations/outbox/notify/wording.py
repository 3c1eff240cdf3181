"""A message as GOV.UK Notify takes it: a subject and a plain text, and nothing else.

Notify reads a text as its own kind of Markdown. What people write must arrive as they wrote
it, so an invisible character (zero-width space) is put before whatever would begin a heading,
a list, a quotation, a table or a hidden link.
"""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

INVISIBLE = "\u200b"
# At the beginning of a line, whatever spaces are before it; four spaces make a block of code.
BEGINS_SOMETHING = re.compile(r"^(?=[ \t]*(?:[#^*•+\-=_>|:~`\[]|\d+[.)])| {4}|\t)", re.MULTILINE)
LINK_IN_DISGUISE = re.compile(r"(?<=\])(?=[(\[])")
ESCAPE = re.compile(r"(?<=\\)(?=[\\`*{}\[\]()#+\-.!_>~|])")
HTTPS_ADDRESS = re.compile(r"<(https://[^>\s]+)>")


def email_to(message: EmailMessage, *, reference: str) -> dict[str, Any]:
    """The body of the request that sends a message.

    Raises ValueError for one with an attachment or a calendar entry: whoever writes it asks
    `provider()` first.
    """
    parts = [part.mimetype for part in getattr(message, "alternatives", ())]
    if message.attachments or any(part != "text/html" for part in parts):
        raise ValueError("GOV.UK Notify carries no attachment and no calendar entry")
    stop = unsubscribe_address(message)
    letter: dict[str, Any] = {
        "email_address": parseaddr(message.recipients()[0])[1],
        "template_id": settings.NOTIFY_TEMPLATE_ID,
        "personalisation": {
            "subject": " ".join(str(message.subject).split()),
            "body": as_written(_with_way_out(str(message.body), stop)),
        },
        "reference": reference,
    }
    if settings.NOTIFY_REPLY_TO_ID:
        letter["email_reply_to_id"] = settings.NOTIFY_REPLY_TO_ID
    if stop:
        letter["one_click_unsubscribe_url"] = stop
    return letter


def as_written(text: str) -> str:
    """The text, with nothing in it that Notify would take for formatting."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = ESCAPE.sub(INVISIBLE, text)
    text = LINK_IN_DISGUISE.sub(INVISIBLE, text)
    return BEGINS_SOMETHING.sub(INVISIBLE, text)


def unsubscribe_address(message: EmailMessage) -> str:
    """Where one click ends such e-mails, from the header that mail servers would carry."""
    found = HTTPS_ADDRESS.search(message.extra_headers.get("List-Unsubscribe", ""))
    return found[1] if found else ""


def _with_way_out(text: str, stop: str) -> str:
    if not stop or stop in text:
        return text
    return f"{text.rstrip()}\n\nStop e-mails like this: {stop}\n"
