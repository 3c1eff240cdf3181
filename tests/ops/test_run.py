"""`make run` as a whole: it says what it does, survives what it must, and leaves nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ops.home import CHECKOUT
from ops.leash import wait_until
from ops.readiness import ask
from ops.supervisor import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.ops.copies import PARTS, READY, Copy


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy in a folder of its own, with the demo, started for the first time."""
    copy = Copy(tmp_path_factory.mktemp("run") / "home")
    copy.start()
    yield copy
    if copy.process is not None and copy.process.poll() is None:
        copy.signal(signal.SIGTERM)


@pytest.fixture
def running(made: Copy) -> Copy:
    """That copy, up and ready, whatever the test before did to it."""
    if made.process is None or made.process.poll() is not None:
        made.start()
    assert wait_until(made.is_ready, seconds=60, every=0.2), made.said()
    return made


def test_it_says_each_step_and_ends_with_where_to_go(running: Copy) -> None:
    said = running.said()
    for name in ("PostgreSQL and Valkey", "Database tables", "England", "Demo", "Web, worker"):
        assert re.search(rf"{name}.* [\d.]+ s$", said, re.MULTILINE), said
    assert f"{READY}{running.port}\n" in said
    assert all(account in said for account in DEMO_ACCOUNTS)
    assert DEMO_PASSWORD in said


def test_every_part_is_there(running: Copy) -> None:
    assert ask(running.port, "/healthz")[0] == 200
    assert ask(running.port, "/readyz")[0] == 200
    assert set(running.ready().values()) == {True}
    assert all(running.main_process(part) for part in PARTS)


def test_only_this_machine_reaches_it(running: Copy) -> None:
    """No listening address but the loopback's, and no database on the network at all."""
    listening = subprocess.run(
        [sys.executable, "-c", LISTENING], capture_output=True, text=True, check=True
    ).stdout.split()
    ours = [address for address in listening if address.endswith(f":{running.port:04X}")]
    assert ours
    loopback = ("0100007F:", "00000000000000000000000001000000:")
    assert all(address.startswith(loopback) for address in ours)
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", 5432), timeout=2) as found:  # noqa: PT011
        pytest.fail(f"something listens at {found.getpeername()}")


LISTENING = """
for name in ("tcp", "tcp6"):
    for line in open(f"/proc/net/{name}").readlines()[1:]:
        local, remote, state = line.split()[1:4]
        if state == "0A":
            print(local)
"""


def test_commands_beside_it_need_no_settings(running: Copy) -> None:
    done = running.manage("check", "--database=default")
    assert done.returncode == 0, done.stderr
    done = running.manage("migrate", "--check", "--database=owner")
    assert done.returncode == 0, done.stderr
    assert running.home.services_file.stat().st_mode & 0o077 == 0


def test_parts_hold_no_more_rights_than_they_need(running: Copy) -> None:
    for part, forbidden in {
        "web": ("SUPERUSER_", "OWNER_", "WORKER_DATABASE"),
        "beat": ("SUPERUSER_", "OWNER_", "WORKER_DATABASE"),
        "worker": ("SUPERUSER_", "OWNER_"),
    }.items():
        environment = Path(f"/proc/{running.main_process(part)}/environ").read_text()
        for name in forbidden:
            assert f"\0{name}" not in environment, (part, name)


def test_a_second_copy_on_the_same_folder_is_refused(running: Copy) -> None:
    second = Copy(running.home.path)
    second.output = running.output.with_name("second.out")
    assert second.launch().wait(timeout=60) == 1
    assert "already running on" in second.said()
    assert running.is_ready()


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_and_nothing_is_lost(running: Copy, part: str) -> None:
    running.keep(f"before {part}")
    victim = running.main_process(part)
    assert victim is not None
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: running.main_process(part) not in (victim, None), seconds=60)
    assert f"{part} was killed by SIGKILL; starting it again" in running.said()
    assert wait_until(running.is_ready, seconds=60, every=0.2)
    rows, messages = running.kept()
    assert rows[-1] == messages[-1] == f"before {part}"


def test_a_killed_supervisor_leaves_nothing_and_loses_nothing(running: Copy) -> None:
    running.keep("before the supervisor")
    running.signal(signal.SIGKILL)
    assert wait_until(running.all_gone, seconds=30, every=0.2), running.processes()
    running.start()
    rows, messages = running.kept()
    assert "before the supervisor" in rows
    assert "before the supervisor" in messages


def test_a_start_right_after_a_kill_waits_for_what_is_still_stopping(running: Copy) -> None:
    running.signal(signal.SIGKILL)
    running.start()
    assert running.is_ready()


def test_it_stops_in_order_and_keeps_its_data(running: Copy) -> None:
    running.keep("before Ctrl-C")
    assert running.signal(signal.SIGINT) == 0
    assert running.said().endswith("Everything is stopped; the data is kept.\n")
    assert running.all_gone(), running.processes()
    assert not running.home.services_file.exists()
    log = (running.home.logs / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")
    refused_while_stopped(running)
    running.start()
    assert "before Ctrl-C" in running.kept()[0]


def refused_while_stopped(copy: Copy) -> None:
    """A busy port, and a demo that should become real: refused, with nothing left running."""
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", copy.port))
        busy.listen()
        assert copy.launch().wait(timeout=60) == 1
    assert f"Port {copy.port} is in use" in copy.said()
    assert copy.launch(DEMO="0").wait(timeout=60) == 1
    assert "was started as 'demo'" in copy.said()
    assert wait_until(copy.all_gone, seconds=30), copy.processes()


def test_it_goes_when_make_goes(running: Copy) -> None:
    """`kill -9` of `make` is no signal to what it started; losing the parent is noticed."""
    assert running.signal(signal.SIGTERM) == 0
    script = f"{sys.executable} -m ops.supervisor --stop-with-parent; true"
    parent = running.launch(command=["/bin/sh", "-c", script])
    assert wait_until(lambda: READY in running.said(), seconds=120, every=0.2), running.said()
    parent.kill()
    parent.wait()
    assert wait_until(running.all_gone, seconds=60, every=0.2), running.processes()


def test_it_goes_when_its_terminal_goes(running: Copy) -> None:
    """Where `make` itself is the terminal's first process, it keeps the hang-up to itself."""
    assert running.signal(signal.SIGHUP) == 0
    ours, its = os.openpty()
    running.launch(output=its)
    os.close(its)
    assert wait_until(running.is_ready, seconds=120, every=0.2)
    os.close(ours)
    assert wait_until(running.all_gone, seconds=60, every=0.2), running.processes()


def test_a_real_start_has_no_demo_in_it(tmp_path: Path) -> None:
    copy = Copy(tmp_path / "real")
    copy.start(DEMO="0")
    assert "create_operator" in copy.said()
    assert DEMO_PASSWORD not in copy.said()
    assert copy.ask_superuser("SELECT count(*) FROM organisations_user") == [(0,)]
    assert copy.ask_superuser("SELECT count(*) > 20000 FROM organisations_organisation") == [
        (True,)
    ]
    done = copy.manage("create_operator", "--help")
    assert done.returncode == 0, done.stderr
    assert copy.signal(signal.SIGTERM) == 0
    assert copy.home.is_demo(asked=None) is False


def test_a_part_that_cannot_start_says_which_log_to_read(tmp_path: Path) -> None:
    copy = Copy(tmp_path / "broken")
    copy.home.prepare()
    (copy.home.path / "valkey").mkdir()
    (copy.home.path / "valkey" / "appendonlydir").write_text("not a folder")
    assert copy.launch().wait(timeout=60) == 1
    assert "Valkey stopped while starting" in copy.said()
    assert str(copy.home.logs / "valkey.log") in copy.said()
    assert wait_until(partial(copy.all_gone), seconds=30)


def test_make_lists_what_it_can_do() -> None:
    done = subprocess.run(["make"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    for target in ("run", "test", "check", "bench", "lock", "services", "clean"):
        assert f"make {target} " in done.stdout
