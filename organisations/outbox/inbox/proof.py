"""Which e-mail of ours a message that came back is about, proved by what only that e-mail carried.

A delivery's reference can be worked out by whoever knows its key; its proof cannot. So a report, or
a complaint, about somebody else's e-mail is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from organisations.models import Delivery
from organisations.outbox.composing import PROOF, REFERENCE
from organisations.outbox.finding import find
from organisations.outbox.identity import proves
from organisations.outbox.inbox.messages import Part

OURS = re.compile(r"<?([A-Za-z0-9_-]{1,60}\.[0-9a-f]{40})\.([0-9a-f]{20})@[A-Za-z0-9.-]+>?")


def delivery_in(headers: Iterable[Part]) -> Delivery | None:
    """The delivery whose e-mail these are the headers of; None for any other e-mail."""
    for part in headers:
        given = [(part.header(REFERENCE), part.header(PROOF))]
        given += OURS.findall(part.header("Message-ID"))
        if found := _first(given):
            return found
    return None


def delivery_quoted(text: str) -> Delivery | None:
    """The delivery whose Message-ID a text quotes."""
    return _first(OURS.findall(text)[:10])


def _first(given: Iterable[tuple[str, str]]) -> Delivery | None:
    for reference, proof in given:
        if reference and proves(reference, proof):
            return find(reference)
    return None
