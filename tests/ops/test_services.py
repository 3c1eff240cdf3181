"""PostgreSQL and Valkey of one folder: crashes lose nothing, nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from ops.home import CHECKOUT, Home
from ops.leash import wait_until, working_in
from ops.parts import Part
from ops.say import CannotGoOn
from ops.services import Services, services

KEEPER = ["-m", "ops.services", "start", "--home"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def write(running: Services, text: str) -> None:
    """Commit a row and queue a message."""
    with psycopg.connect(running.powers()["SUPERUSER_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])
    broker(running.home).lpush("kept", text)


def kept(running: Services) -> tuple[list[str], list[str]]:
    with psycopg.connect(running.powers()["SUPERUSER_DATABASE_URL"]) as connection:
        rows = [row[0] for row in connection.execute("SELECT text FROM kept")]
    messages: list[str] = broker(running.home).lrange("kept", 0, -1)
    return rows, messages


def broker(home: Home) -> Any:
    return redis.Redis(
        unix_socket_path=str(home.sockets() / "valkey.sock"),
        password=home.secret("valkey"),
        decode_responses=True,
    )


def on_disk(home: Home) -> bool:
    """Whether the broker has written its file to the disk (it does so every second)."""
    info = broker(home).info("persistence")
    return info["aof_pending_bio_fsync"] == 0 and info["aof_buffer_length"] == 0


def has_ended(part: Part) -> bool:
    return part.ended() is not None


def revive(part: Part) -> None:
    """What the supervisor does when a part ends."""

    def started_again() -> bool:
        part.tend()
        return part.ended() is None

    assert wait_until(started_again, seconds=30)


def servers_of(home: Home) -> list[int]:
    return working_in(home.path / "postgres") + working_in(home.path / "valkey")


def test_data_survives_a_stop_and_a_start(home: Home) -> None:
    with services(home) as running:
        write(running, "first")
    assert servers_of(home) == []
    with services(home) as running:
        assert kept(running) == (["first"], ["first"])


def test_the_server_is_private(home: Home) -> None:
    with services(home) as running:
        url = running.powers()["SUPERUSER_DATABASE_URL"]
        with psycopg.connect(url) as connection:
            settings: dict[str, str] = dict(
                connection.execute("SELECT name, setting FROM pg_settings").fetchall()
            )
        assert settings["listen_addresses"] == ""
        for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert settings[name] == "on", name
        assert settings["server_version"].startswith("18.")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(home.secret("postgres-superuser"), "guessed"))
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis(unix_socket_path=str(home.sockets() / "valkey.sock")).ping()
    for folder in (home.sockets(), home.path / "secrets", home.path / "postgres"):
        assert folder.stat().st_mode & 0o077 == 0, folder
    for file in (home.path / "secrets").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


def test_the_log_of_the_database_holds_nothing_that_was_typed(home: Home) -> None:
    with services(home) as running:
        url = running.powers()["SUPERUSER_DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE typed (words text PRIMARY KEY)")
            connection.execute("INSERT INTO typed VALUES ('from a form')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO typed VALUES ('from a form')")
    said = (home.path / "logs" / "postgres.log").read_text()
    assert "duplicate key value" in said
    assert "from a form" not in said


def test_killed_postgres_and_valkey_lose_nothing(home: Home) -> None:
    with services(home) as running:
        for number in range(3):
            write(running, f"before {number}")
        assert wait_until(lambda: on_disk(home), seconds=20)
        for part in (running.postgres, running.valkey):
            os.kill(part.leashed.pid, signal.SIGKILL)
            assert wait_until(partial(has_ended, part), seconds=20)
            revive(part)
        running.wait_ready()
        write(running, "after")
        rows, messages = kept(running)
    assert rows == ["before 0", "before 1", "before 2", "after"]
    assert sorted(messages) == sorted(rows)


@pytest.fixture
def keeper(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Both servers under a process of their own, which the test may kill."""
    with subprocess.Popen(
        [sys.executable, *KEEPER, str(home.path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Services are up"):
                break
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_running(
    home: Home, keeper: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert len(servers_of(home)) >= 2
    keeper.send_signal(number)
    keeper.wait()
    assert wait_until(lambda: servers_of(home) == [], seconds=30)
    assert "database system is shut down" in (home.logs / "postgres.log").read_text()
    with services(home) as running:  # and the folder is free again
        write(running, "again")


def test_everything_killed_at_once(home: Home, keeper: subprocess.Popen[str]) -> None:
    """Even the watchers: the next start finds what is left, ends it and goes on."""
    victims = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(keeper.pid)], capture_output=True, text=True, check=True
    )
    watchers = [
        int(pid)
        for pid in victims.stdout.split()
        if b"watcher.sh" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    assert len(watchers) == 2
    for pid in (*watchers, keeper.pid):
        os.kill(pid, signal.SIGKILL)
    keeper.wait()
    assert servers_of(home) != []
    with services(home) as running:
        write(running, "still here")
        assert kept(running)[0] == ["still here"]
    assert servers_of(home) == []


def test_a_second_copy_on_the_same_folder_is_refused(
    home: Home, keeper: subprocess.Popen[str]
) -> None:
    with pytest.raises(CannotGoOn, match=r"already running on .*TANDEM_HOME=var2 PORT=8001"):
        Services(home)


def test_a_long_folder_name_still_works(tmp_path: Path) -> None:
    home = Home(tmp_path / ("long" * 40))
    with services(home) as running:
        write(running, "long")
        assert kept(running) == (["long"], ["long"])
    home.sockets().rmdir()


def test_an_interrupted_making_of_the_database_is_begun_again(home: Home) -> None:
    home.prepare()
    half = home.path / "postgres.building"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with services(home) as running:
        write(running, "whole")
    assert not half.exists()


def test_lost_secrets_are_named(home: Home) -> None:
    with services(home):
        pass
    (home.path / "secrets" / "postgres-superuser").unlink()
    with pytest.raises(CannotGoOn, match="Put the old secrets folder back"), services(home):
        pass
    assert servers_of(home) == []
