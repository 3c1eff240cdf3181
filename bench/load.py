"""Many requests over a few connections: how many a second, how slow, at what cost to the server."""

from __future__ import annotations

import http
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from bench.browser import Browser

CONNECTIONS = 8
TICKS_A_SECOND = 100  # of the counters in /proc


@dataclass(frozen=True)
class Load:
    """What one page took in one round."""

    per_second: float
    p95: float
    cpu_seconds: float  # of the server, for each request


def run(
    path: str, *, port: int, cookies: dict[str, str], servers: list[int], seconds: float
) -> Load:
    """Ask for one page over and over; any answer but 200 ends the measurement."""
    took: list[float] = []
    failures: list[str] = []
    end = time.monotonic() + seconds

    def ask() -> None:
        browser = Browser(port, dict(cookies))
        while time.monotonic() < end and not failures:
            began = time.monotonic()
            status = browser.get(path).status
            took.append(time.monotonic() - began)
            if status != http.HTTPStatus.OK:
                failures.append(f"{path} answered {status}")

    before = cpu(servers)
    began = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - began
    assert not failures, failures
    return Load(
        per_second=len(took) / lasted,
        p95=statistics.quantiles(took, n=20)[-1],
        cpu_seconds=(cpu(servers) - before) / len(took),
    )


def cpu(processes: list[int]) -> float:
    """Seconds of processor time that these processes have used."""
    ticks = 0
    for pid in processes:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_A_SECOND


def memory(processes: list[int]) -> float:
    """Megabytes these processes take together, shared pages counted once."""
    total = 0
    for pid in processes:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024
