"""Answers that programs give by themselves: out of office, thank you for your message. Filed."""

from __future__ import annotations

from organisations.outbox.inbox.messages import Received
from organisations.outbox.inbox.sorts import Folder, Sort, Verdict, register

BULK = {"auto_reply", "auto-reply", "junk"}
MARKS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder")


def is_auto_reply(message: Received) -> bool:
    """By what RFC 3834 asks of them, and by what older programs write instead."""
    # The value may carry parameters: auto-replied; owner-email=…
    submitted = message.header("Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or message.header("Precedence").lower() in BULK
        or any(message.header(mark) for mark in MARKS)
    )


def file_away(message: Received) -> Verdict:
    """Keep it with what was handled; nobody is told."""
    return Verdict(Folder.HANDLED)


def register_sort() -> None:
    """Make it known. Asked after reports and calendars, which programs write as well."""
    register(
        Sort(
            "auto-reply",
            "Automatic answer",
            recognise=is_auto_reply,
            handle=file_away,
            rank=90,
        )
    )
