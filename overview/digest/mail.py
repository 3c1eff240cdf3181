"""The summary, written just before it goes; nothing when there is nothing to tell."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMessage
from django.utils import timezone

from frontend.wording import counted
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from overview.digest.asking import TOO_LATE
from overview.digest.content import Part, news_of, parts_of

DIGEST = "digest"


def register() -> None:
    """Make it known to the outbox."""
    outbox.register(Kind(DIGEST, "Summary", compose, group=groups.DIGEST))


def compose(delivery: Delivery) -> EmailMessage | NotNeeded:
    """What needs the reader, by organisation, and the news that was held for them."""
    since, due = (datetime.fromisoformat(delivery.payload[name]) for name in ("since", "due"))
    if timezone.now() > due + TOO_LATE:
        return NotNeeded("It would have come more than a day late; the next one tells.")
    parts = parts_of(delivery)
    news = news_of(delivery, since, due)
    if not parts and not news:
        return NotNeeded("There was nothing to tell.")
    return outbox.letter(
        DIGEST,
        subject=_subject(parts, len(news)),
        to=delivery.recipient,
        context={"parts": parts, "news": news},
    )


def _subject(parts: list[Part], news: int) -> str:
    """`Your week: 3 things to do, 2 touchpoints`."""
    tasks = sum(len(part.tasks) + part.more for part in parts)
    soon = sum(len(part.soon) for part in parts)
    said = (
        counted(tasks, "thing") + " to do" if tasks else "",
        counted(soon, "touchpoint") if soon else "",
        counted(news, "piece", "pieces") + " of news" if news else "",
    )
    return f"What needs you: {', '.join(part for part in said if part)}"
