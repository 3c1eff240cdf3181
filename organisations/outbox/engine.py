"""Sends what is due: claim a batch, write each message, pass the point of no return, hand over.

Safe to run in any number of processes and threads at once, and to be killed at any moment:
nothing is lost, and at most the one message being handed over is sent twice, with the same
Message-ID. docs/outbox.md tells why.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError

from organisations.models import Delivery
from organisations.outbox.carrier import Carrier, new_carrier
from organisations.outbox.composing import tell_refused
from organisations.outbox.kinds import Later, NotNeeded
from organisations.outbox.ledger import HELD, MOST_COMPOSING_FAILURES, Accepted, Failure, Ledger
from organisations.outbox.transport import NotTaken, PerhapsTaken, Unreachable
from organisations.outbox.writer import Writer, Written

logger = structlog.get_logger("tandem.outbox")

LONGEST_HOST_NAME = 40


def drain(
    *,
    seconds: float | None = None,
    now: datetime | None = None,
    after_each_batch: Callable[[], None] = lambda: None,
) -> Counter[str]:
    """Send until nothing is due, or for about `seconds`; says how many ended in which way.

    `now` asks for what is due at another moment than the database's present one. The counter
    has `sent`, `cancelled`, `put off`, `dead`, `pending` (to be tried again), `uncertain`,
    `skipped` (withdrawn or lease over), `unreachable` (the mail server) and `unfinished` (time
    was up).
    """
    ledger = Ledger(new_worker(), settings.OUTBOX_LEASE_SECONDS)
    tally: Counter[str] = Counter()
    stop_at = time.monotonic() + seconds if seconds is not None else float("inf")
    ledger.reap()
    with new_carrier() as carrier, Writer() as writer:
        while not tally["unreachable"]:
            if time.monotonic() > stop_at:
                tally["unfinished"] += 1
                break
            lease_ends = time.monotonic() + ledger.lease
            batch = ledger.claim(settings.OUTBOX_BATCH, now=now)
            if not batch:
                break
            run = Run(ledger, carrier, writer, tally, lease_ends)
            try:
                run.send(batch)
            finally:
                # When the database itself is gone, the lease gives the batch back.
                with suppress(DatabaseError):
                    ledger.close(batch)
            after_each_batch()
    if tally:
        logger.info("outbox drained", worker=ledger.worker, **tally)
    return tally


def may_have_gone(delivery: Delivery) -> bool:
    """Whether a copy may have gone out before. A reason is history: what an operator has tried
    again may have; what was only put off has not."""
    held = delivery.reason.startswith(HELD)
    return delivery.uncertain_times > 0 or (bool(delivery.reason) and not held)


def new_worker() -> str:
    """Who is draining: host, process, thread, and a random end since all three come again."""
    host = socket.gethostname()[:LONGEST_HOST_NAME]
    return f"{host}:{os.getpid()}:{threading.get_native_id()}:{secrets.token_hex(3)}"


class Run:
    """One batch on its way through one connection."""

    def __init__(
        self,
        ledger: Ledger,
        carrier: Carrier,
        writer: Writer,
        tally: Counter[str],
        lease_ends: float,
    ) -> None:
        self._ledger = ledger
        self._carrier = carrier
        self._writer = writer
        self._tally = tally
        self._lease_ends = lease_ends
        self._accepted: Accepted | None = None

    def send(self, batch: list[Delivery]) -> None:
        """Send each in turn, until the lease is nearly over or the mail server is away."""
        try:
            for delivery, written in self._writer.write(batch):
                if time.monotonic() > self._lease_ends - self._ledger.margin:
                    logger.warning("outbox lease nearly over", worker=self._ledger.worker)
                    return
                message = self._message(delivery, written)
                if message is not None:
                    self._send_one(delivery, message)
        except Unreachable as error:
            logger.warning("mail provider unreachable", reason=str(error))
            self._tally["unreachable"] += 1
        finally:
            self._settle()

    def _message(self, delivery: Delivery, written: Written) -> EmailMessage | None:
        """The message, or None once the ledger says why there is none."""
        if not written.done():
            self._settle()
        try:
            message = written.result()
        except Exception as error:
            self._cannot_write(delivery, error)
            return None
        if isinstance(message, NotNeeded):
            self._ledger.cancel(delivery, message.reason, as_news=message.for_the_summary)
            self._tally["cancelled"] += 1
            return None
        if isinstance(message, Later):
            self._ledger.put_off(delivery, message.until, message.reason)
            self._tally["put off"] += 1
            return None
        return message

    def _send_one(self, delivery: Delivery, message: EmailMessage) -> None:
        if not self._carrier.is_open:
            self._settle()
            self._carrier.open()
        accepted, self._accepted = self._accepted, None
        if self._ledger.begin(delivery, after=accepted):
            self._hand_over(delivery, message)
        else:
            self._tally["skipped"] += 1

    def _settle(self) -> None:
        """Record what was accepted last, where the next message is not ready to be begun."""
        accepted, self._accepted = self._accepted, None
        if accepted is not None and not self._ledger.done(accepted):
            logger.warning("outbox lease lost", delivery=accepted.delivery.pk)

    def _hand_over(self, delivery: Delivery, message: EmailMessage) -> None:
        try:
            reply = self._carrier.send(
                message,
                seconds=self._lease_ends - time.monotonic(),
                again=may_have_gone(delivery),
            )
        except Unreachable:
            self._ledger.take_back(delivery)
            raise
        except NotTaken as error:
            if error.bounced:
                self._tell_refused(delivery)
            self._fail(
                delivery,
                Failure(error.reason, most=None) if error.permanent else Failure(error.reason),
            )
        except PerhapsTaken as error:
            self._fail(delivery, Failure(str(error), uncertain=True))
        except Exception as error:
            self._cannot_write(delivery, error)
        else:
            self._accepted = Accepted(delivery, reply)
            self._tally["sent"] += 1

    def _tell_refused(self, delivery: Delivery) -> None:
        # Before the row is marked dead: killed in between, it is told again rather than never.
        try:
            tell_refused(delivery)
        except Exception as error:
            self._log("refusal not told", delivery, error)

    def _cannot_write(self, delivery: Delivery, error: Exception) -> None:
        self._log("message could not be written", delivery, error)
        words = f"The message could not be written ({type(error).__name__})."
        self._fail(delivery, Failure(words, most=MOST_COMPOSING_FAILURES))

    def _fail(self, delivery: Delivery, failure: Failure) -> None:
        self._tally[self._ledger.fail(delivery, failure)] += 1

    def _log(self, event: str, delivery: Delivery, error: Exception) -> None:
        """The place in the code, not the error's text, which may quote what people wrote."""
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        logger.error(
            event,
            delivery=delivery.pk,
            kind=delivery.kind,
            error=type(error).__name__,
            at=f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "",
        )
