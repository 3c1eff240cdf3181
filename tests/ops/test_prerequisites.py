"""A machine that lacks something is told what, and what to do."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from ops import prerequisites
from ops.home import CHECKOUT
from ops.say import CannotGoOn

BOOTSTRAP = [sys.executable, "-m", "ops.bootstrap", "run"]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def bootstrap(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        BOOTSTRAP,
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_busy_port_is_named_with_another(tmp_path: Path, taken_port: int) -> None:
    done = bootstrap(PORT=str(taken_port), TANDEM_HOME=str(tmp_path))
    assert done.returncode == 1
    assert f"Port {taken_port} is in use" in done.stdout
    assert f"make run PORT={taken_port + 1}" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    done = bootstrap(PORT=port, TANDEM_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "PORT must be a number from 1 to 65535" in done.stdout


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = bootstrap(TANDEM_HOME=str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert "cannot be made" in done.stdout
    assert "TANDEM_HOME=" in done.stdout


def test_a_full_disk_is_noticed_before_work_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=5 * 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(CannotGoOn, match=r"Only 5 MB are free .* needs 200 MB"):
        prerequisites.check_space(tmp_path / "not" / "there", needed=200)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_python_without_venv_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    there = ModuleSpec("there", None)
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == missing else there
    )
    with pytest.raises(CannotGoOn, match=f"lacks {missing}.*apt install python3-venv"):
        prerequisites.check_machine()


@pytest.mark.parametrize("library", [("", ""), ("glibc", "2.17"), ("glibc", "2.27")])
def test_an_old_or_other_c_library_is_refused(
    monkeypatch: pytest.MonkeyPatch, library: tuple[str, str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "libc_ver", lambda: library)
    with pytest.raises(CannotGoOn, match=r"glibc 2\.28 or newer.*docker compose"):
        prerequisites.check_machine()


def test_windows_is_shown_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(CannotGoOn, match="WSL 2"):
        prerequisites.check_machine()


def find_python(path: Path, *, python: str = "") -> subprocess.CompletedProcess[str]:
    """Run the finder with only the programs of one folder to be found."""
    return subprocess.run(
        ["/bin/sh", "ops/find-python.sh", "-c", "import sys; print(sys.version_info >= (3, 11))"],
        cwd=CHECKOUT,
        env={"PATH": str(path), "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_python_at_all_says_how_to_get_one(tmp_path: Path) -> None:
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert "apt install python3 python3-venv" in done.stderr
    assert "brew install" in done.stderr


def test_an_old_python_is_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    (tmp_path / "python3.12").symlink_to(sys.executable)
    assert find_python(tmp_path).stdout == "True\n"


def test_a_named_python_comes_first(tmp_path: Path) -> None:
    assert find_python(tmp_path, python=sys.executable).stdout == "True\n"
