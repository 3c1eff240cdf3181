"""How long a provider that is away is left in peace. Each worker process remembers for itself.

The messages lose nothing by it: they are given back at once, with no attempt counted.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import structlog

logger = structlog.get_logger("tandem.outbox")

SHORTEST = 10.0  # seconds
LONGEST = 120.0
SPREAD = 0.5  # of the rest, so that many workers do not come back at the same moment


class Outage:
    """Rests that double while the provider stays away, and end with the first message it takes."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._times = 0
        self._until = float("-inf")

    def resting(self) -> bool:
        """Whether it is too early to knock again."""
        return self._clock() < self._until

    def note(self, tally: Counter[str]) -> None:
        """Learn from how a drain ended. One that had nothing to send says nothing."""
        if tally["sent"]:
            self._times = 0
            self._until = float("-inf")
        if tally["unreachable"]:
            rest = min(LONGEST, SHORTEST * 2.0**self._times) * (1 - SPREAD * self._chance())
            self._times = min(self._times + 1, 10)
            self._until = self._clock() + rest
            logger.warning("mail provider left in peace", seconds=round(rest))
