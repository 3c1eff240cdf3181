"""What the person at the terminal reads: steps with their time, and refusals that help."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class CannotGoOn(Exception):
    """Something the person can mend; the text says what is wrong and what to do."""


def say(text: str) -> None:
    """Print one line at once, also into a pipe; a closed terminal is no reason to fail."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115  stays open for the process's life


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say that a step is done and how long it took."""
    started = time.monotonic()
    yield
    say(f"  {name} {'.' * max(3, 52 - len(name))} {time.monotonic() - started:5.1f} s")
