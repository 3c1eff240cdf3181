"""A plain-text e-mail as safe markup: paragraphs, and links to our own pages only."""

from __future__ import annotations

import re

from django.conf import settings
from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"]+")
NOT_OF_AN_ADDRESS = ".,;:!?)"


def as_markup(text: str) -> Markup:
    """Paragraphs at blank lines, line breaks kept. An address of another host stays text."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>\n").join(_line(line) for line in block.split("\n")))
        for block in paragraphs
        if block.strip()
    )


def _line(line: str) -> Markup:
    pieces, end = [], 0
    for found in ADDRESS.finditer(line):
        address = found.group().rstrip(NOT_OF_AN_ADDRESS)
        if not is_ours(address):
            continue
        pieces.append(escape(line[end : found.start()]))
        pieces.append(Markup('<a class="nhsuk-link" href="{0}">{0}</a>').format(address))
        end = found.start() + len(address)
    pieces.append(escape(line[end:]))
    return Markup("").join(pieces)


def is_ours(address: str) -> bool:
    """Whether an address leads to a page of this copy of Tandem."""
    return address == settings.BASE_URL or address.startswith(f"{settings.BASE_URL}/")
