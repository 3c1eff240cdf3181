"""What the person at the terminal reads: steps with their time, and refusals that help."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WIDTH = 56


class CannotGoOn(Exception):
    """Something the person can mend; the text says what is wrong and what to do."""


def say(text: str, *, end: str = "\n") -> None:
    """Print at once, also into a pipe; a closed terminal is no reason to fail."""
    try:
        print(text, end=end, flush=True)
    except OSError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  kept for good


def explain(output: str) -> str:
    """Add what to do where the reason is a full disk."""
    if "No space left on device" in output:
        return f"{output}\nThe disk is full: free some space and start again."
    return output


@contextmanager
def step(name: str, *, with_bar: bool = False) -> Iterator[None]:
    """Name a step before it begins and say afterwards how long it took.

    `with_bar`: the step draws a progress bar of its own, which needs the line for itself.
    """
    drawn = with_bar and sys.stderr.isatty()
    if not drawn:
        say(f"  {name} ", end="")
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say("")
        raise
    dots = "." * max(3, WIDTH - len(name))
    say(f"{f'  {name} ' if drawn else ''}{dots} {time.monotonic() - started:5.1f} s")
