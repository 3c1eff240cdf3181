"""Which e-mail of ours a message that came back is about, proved by what only that e-mail carried.

A delivery's reference can be worked out by whoever knows its key; its proof cannot. So a report, or
a complaint, about somebody else's e-mail is not believed.

The Message-ID has a proof too, for mail servers that return no other header. Replies repeat it, so
it proves a report of a failed delivery alone; what stops e-mails has to quote the whole header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from organisations.models import Delivery
from organisations.outbox.composing import PROOF, REFERENCE
from organisations.outbox.finding import find
from organisations.outbox.identity import WHOLE_SALT, proves
from organisations.outbox.inbox.messages import Part

OURS = re.compile(r"<?([A-Za-z0-9_-]{1,60}\.[0-9a-f]{40})\.([0-9a-f]{20})@[A-Za-z0-9.-]+>?")


def delivery_in(headers: Iterable[Part]) -> Delivery | None:
    """The delivery whose e-mail these are the headers of; None for any other e-mail."""
    headers = list(headers)
    return delivery_held(headers) or next(
        (found for part in headers if (found := delivery_quoted(part.header("Message-ID")))), None
    )


def delivery_held(headers: Iterable[Part]) -> Delivery | None:
    """The same for whoever holds the e-mail itself, of which a reply to it is no proof."""
    for part in headers:
        reference = part.header(REFERENCE)
        if reference and proves(reference, part.header(PROOF), salt=WHOLE_SALT):
            return find(reference)
    return None


def delivery_quoted(text: str) -> Delivery | None:
    """The delivery whose Message-ID a text quotes."""
    for reference, proof in OURS.findall(text)[:10]:
        if proves(reference, proof):
            return find(reference)
    return None
