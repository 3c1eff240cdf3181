"""Writes the next message while the one before it is being handed over.

A thread of its own, with its own connection to the database as the role that serves pages:
the mail server's answers are long enough to write in. One message ahead and no more, so that
each is still written just before it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from django.db import connections

from organisations.models import Delivery
from organisations.outbox.composing import compose
from organisations.outbox.kinds import Answer

Written = Future[Answer]


class Writer:
    """Started with the first batch of several; its connection is closed at the end."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._thread is not None:
            self._thread.submit(connections.close_all)
            self._thread.shutdown()

    def write(self, batch: Sequence[Delivery]) -> Iterator[tuple[Delivery, Written]]:
        """Each delivery with its message to come; asking for one begins the one after it."""
        if len(batch) == 1:
            yield batch[0], self._write_here(batch[0])
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox-writer")
        following = self._thread.submit(compose, batch[0])
        for delivery, after in zip(batch, [*batch[1:], None], strict=True):
            written = following
            if after is not None:
                following = self._thread.submit(compose, after)
            yield delivery, written

    def _write_here(self, delivery: Delivery) -> Written:
        """A single message needs no thread."""
        written: Written = Future()
        try:
            written.set_result(compose(delivery))
        except Exception as error:
            written.set_exception(error)
        return written
