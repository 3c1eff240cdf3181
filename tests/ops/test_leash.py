"""A leashed child never outlives its starter, and takes its own children with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ops.leash import Leashed, wait_until

# A parent that leashes a child, which has a child of its own; it says all their numbers.
STARTER = """
import sys, time
from pathlib import Path
from ops.leash import Leashed
child = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '600']); " \\
    "print(p.pid, flush=True); {ignore} time.sleep(600)"
leashed = Leashed([sys.executable, "-c", child], log=Path(sys.argv[1]), grace=1)
print(leashed.pid, flush=True)
time.sleep(600)
"""
IGNORE = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"


def running(pid: int) -> bool:
    """Whether a process lives; one that only waits to be reaped does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()[:1] not in ("", "Z")


@pytest.mark.parametrize("ignore", ["", IGNORE], ids=["obedient", "deaf to SIGTERM"])
def test_kill_of_the_starter_ends_child_and_grandchild(tmp_path: Path, ignore: str) -> None:
    log = tmp_path / "child.log"
    script = STARTER.replace("{ignore}", ignore)
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(log)], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    child = int(starter.stdout.readline())
    assert wait_until(lambda: log.read_text().strip() != "", seconds=20)
    grandchild = int(log.read_text())
    assert running(child)
    assert running(grandchild)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    assert wait_until(lambda: not running(child) and not running(grandchild), seconds=20)


def test_stop_asks_first_and_gives_the_exit_code(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7));"
        "print('up', flush=True); time.sleep(600)"
    )
    log = tmp_path / "log"
    leashed = Leashed([sys.executable, "-c", code], log=log)
    assert wait_until(lambda: log.read_text() == "up\n", seconds=20)
    assert leashed.stop() == 7


def test_a_child_that_died_leaves_no_grandchild(tmp_path: Path) -> None:
    log = tmp_path / "log"
    leashed = Leashed(["sh", "-c", "sleep 600 & echo $!; wait"], log=log)
    assert wait_until(lambda: log.read_text().strip() != "", seconds=20)
    grandchild = int(log.read_text())
    os.kill(leashed.pid, signal.SIGKILL)
    assert wait_until(lambda: leashed.poll() == -signal.SIGKILL, seconds=20)
    assert wait_until(lambda: not running(grandchild), seconds=20)


def test_a_command_that_is_not_there_leaves_no_watcher(tmp_path: Path) -> None:
    before = subprocess.run(["ps", "-e"], capture_output=True, text=True, check=True).stdout
    with pytest.raises(FileNotFoundError):
        Leashed([tmp_path / "nothing"], log=tmp_path / "log")
    after = subprocess.run(
        ["ps", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    ).stdout
    assert "watcher.sh" not in after, before
