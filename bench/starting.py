"""How long `make run` takes when everything is installed."""

from __future__ import annotations

import signal
import statistics
import time
from collections.abc import Iterator

from bench.rows import Row
from tests.ops.copies import READY, Copy

MAKE_RUN = ["sh", "ops/find-python.sh", "-m", "ops.bootstrap", "run"]
WARM_STARTS = 3


def starts(copy: Copy) -> Iterator[Row]:
    """The first start of a data folder, then warm ones; the copy runs when this ends."""
    first = start(copy)
    yield Row("first start, packages installed", first, "s", must=120, aim=60)
    warm = []
    for _ in range(WARM_STARTS):
        copy.signal(signal.SIGINT)
        warm.append(start(copy))
    yield Row("warm start", statistics.median(warm), "s", must=12, aim=6)


def start(copy: Copy) -> float:
    began = time.monotonic()
    process = copy.launch(MAKE_RUN)
    while READY not in copy.said():
        if process.poll() is not None:
            raise SystemExit(copy.said())
        time.sleep(0.02)
    return time.monotonic() - began
