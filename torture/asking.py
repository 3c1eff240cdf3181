"""Asks for messages and withdraws some of them, as a service of an organisation would."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction

from organisations import outbox
from organisations.actor import Actor
from organisations.tenancy.scope import acting

AT_A_TIME = 40
KEPT_WAITING = 300  # so many more than were taken are always asked for
WITHDRAWN_EACH = 20  # one in so many
CALLED_OFF = "The touchpoint was cancelled."


@dataclass
class Asker:
    """Keeps the queue filled in a thread, whatever happens to the database."""

    by: Actor
    kind: str
    taken: Callable[[], int]
    asked: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._enough = threading.Event()
        self._run = secrets.token_hex(4)
        self._thread = threading.Thread(target=self._ask_on, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask for nothing more."""
        self._enough.set()
        self._thread.join()

    def _ask_on(self) -> None:
        try:
            while not self._enough.is_set():
                waiting = len(self.asked) - len(self.withdrawn) - self.taken()
                if waiting < KEPT_WAITING:
                    self._ask_for_some()
                    self._withdraw_some()
                else:
                    time.sleep(0.05)
        finally:
            connection.close()

    def _ask_for_some(self) -> None:
        number = len(self.asked)
        some = [f"{self._run}-{number + each}@school.example" for each in range(AT_A_TIME)]

        def ask() -> None:
            for recipient in some:
                outbox.enqueue(
                    kind=self.kind, subject=recipient[:60], recipient=recipient, by=self.by
                )

        self._until_it_works(ask)
        self.asked.update(some)

    def _withdraw_some(self) -> None:
        """From the end of the queue to its head: some are on their way, some have gone."""
        recent = random.sample(sorted(self.asked), min(len(self.asked), 4 * AT_A_TIME))
        for recipient in recent[: AT_A_TIME // WITHDRAWN_EACH]:
            stopped: list[int] = []

            def withdraw(subject: str = recipient[:60], stopped: list[int] = stopped) -> None:
                stopped[:] = [outbox.withdraw(subject=subject, reason=CALLED_OFF)]

            self._until_it_works(withdraw)
            if stopped[0]:
                self.withdrawn.add(recipient)

    def _until_it_works(self, work: Callable[[], None]) -> None:
        """Do it in a transaction; again when the database went away.

        Asking twice asks once. A withdrawal whose commit was cut off may have held, and then
        counts nothing the second time: what stands in the ledger at the end is asked too.
        """
        for _ in range(600):
            try:
                with acting(self.by.scope), transaction.atomic():
                    work()
            except DatabaseError:
                connection.close()
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the database did not come back")
