"""The way out that every message carries which may be switched off: two headers and one line.

`List-Unsubscribe` with `List-Unsubscribe-Post` is what mail programs make their own button of
(RFC 8058); the line is for everybody else, and where a provider carries no headers of ours.
"""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from markupsafe import escape

from organisations.outbox.preferences.links import stop_address

WORDS = "Stop these emails, or choose when they come"
HTML = "text/html"


def add_way_out(message: EmailMessage, reference: str) -> None:
    """Put it into a message, in the headers and at the end of the text and of the page."""
    address = stop_address(reference)
    message.extra_headers["List-Unsubscribe"] = f"<{address}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.body = f"{str(message.body).rstrip()}\n\n{WORDS}: {address}\n"
    if isinstance(message, EmailMultiAlternatives):
        parts: list[Any] = message.alternatives
        message.alternatives = [
            part._replace(content=_in_page(part.content, address))
            if part.mimetype == HTML
            else part
            for part in parts
        ]


def _in_page(page: str, address: str) -> str:
    """The page with the line at the end of its footer, or of its body where it has none."""
    line = f'<p><a href="{escape(address)}">{WORDS}</a></p>\n'
    for end in ("</footer>", "</body>"):
        before, found, after = page.rpartition(end)
        if found:
            return f"{before}{line}{found}{after}"
    return page + line
