"""One round of reading: what waits in the mailbox is taken up, handled once, and put away.

One worker at a time has the turn, for longer than a round can last. A message is counted before it
is looked at, handled in the transaction that records it, and moved afterwards; so a worker that is
killed anywhere leaves one that is handled once, and one that kills workers is set aside.
"""

from __future__ import annotations

import os
import secrets
import time
from collections import Counter

import structlog
from django.conf import settings
from django.db import transaction

from organisations.outbox.inbox import notes
from organisations.outbox.inbox.addresses import WrongAddress, read_address
from organisations.outbox.inbox.mailbox import Mailbox, MailboxError, Waiting, open_mailbox
from organisations.outbox.inbox.messages import Received, Unreadable, key_of, take_apart
from organisations.outbox.inbox.sorts import (
    FAILED,
    TOO_LARGE,
    UNKNOWN,
    UNREADABLE,
    Folder,
    Verdict,
    sort_of,
)
from organisations.tenancy.scope import NOBODY, acting

logger = structlog.get_logger("tandem.inbox")

MOST_AT_ONCE = 200
LARGEST = 2 * 1024 * 1024  # bytes
OF_A_LARGE_ONE = 64 * 1024  # its headers, to know it again
MOST_ATTEMPTS = 3
LONGEST_ROUND = 60.0  # seconds; the same worker sends e-mail
HARD_LIMIT = 150  # seconds; then its process is killed, as if it had crashed
TURN = 180.0  # seconds that a turn lasts, should its worker be killed

Tally = Counter[str]


def read() -> Tally:
    """Read what waits; says how many messages of each sort. Never raises for the mailbox's sake."""
    if not settings.INBOX_URL:
        with acting(NOBODY):
            notes.switch_off()
        return Counter()
    worker = f"{os.getpid()}:{secrets.token_hex(6)}"
    with acting(NOBODY):
        if not notes.claim(worker, seconds=TURN):
            return Counter()
        tally, failure = _read()
        notes.release(worker, failure=failure)
    return tally


def _read() -> tuple[Tally, str]:
    tally: Tally = Counter()
    until = time.monotonic() + LONGEST_ROUND
    try:
        with open_mailbox(read_address(settings.INBOX_URL)) as mailbox:
            for waiting in mailbox.waiting(MOST_AT_ONCE):
                if time.monotonic() > until:
                    break
                tally[_take_up(mailbox, waiting)] += 1
    except (MailboxError, WrongAddress) as problem:
        logger.warning("mailbox not read", why=str(problem))
        return tally, str(problem)
    if tally:
        logger.info("mailbox read", **tally)
    return tally, ""


def _take_up(mailbox: Mailbox, waiting: Waiting) -> str:
    """Handle one message, unless that was done before, and put it away; says its sort."""
    too_large = waiting.size > LARGEST
    content = mailbox.fetch(waiting.name, OF_A_LARGE_ONE if too_large else LARGEST)
    if content is None:
        return "gone"
    key = key_of(content)
    begun = notes.begin(key)
    if begun.folder is not None:
        mailbox.move(waiting.name, begun.folder)
        return "again"
    try:
        if too_large:
            name, folder = _set_aside(key, TOO_LARGE, f"It has {waiting.size:,} bytes.")
        elif begun.attempt > MOST_ATTEMPTS:
            name, folder = _set_aside(key, FAILED, f"Handling it failed {MOST_ATTEMPTS} times.")
        else:
            name, folder = _handle(key, content)
    except Exception as error:
        # One message must not keep the others from being read; it is taken up again.
        logger.error("message not handled", key=key[:12], error=type(error).__name__)
        return FAILED
    mailbox.move(waiting.name, folder)
    return name


def _handle(key: str, content: bytes) -> tuple[str, Folder]:
    try:
        message = take_apart(content)
    except Unreadable as problem:
        return _set_aside(key, UNREADABLE, str(problem))
    with transaction.atomic():
        if not notes.still_to_do(key):
            return "again", _folder_of(key)
        name, verdict = _judge(message)
        notes.finish(key, sort=name, verdict=verdict, domain=message.domain)
    return name, verdict.folder


def _judge(message: Received) -> tuple[str, Verdict]:
    sort = sort_of(message)
    if sort is None:
        return UNKNOWN, Verdict(Folder.OTHER, "No sort of message that Tandem understands.")
    return sort.name, sort.handle(message)


def _set_aside(key: str, name: str, reason: str) -> tuple[str, Folder]:
    verdict = Verdict(Folder.OTHER, reason)
    notes.finish(key, sort=name, verdict=verdict, domain="")
    return name, verdict.folder


def _folder_of(key: str) -> Folder:
    """Where a message belongs that another worker has handled meanwhile."""
    return notes.begin(key).folder or Folder.OTHER
