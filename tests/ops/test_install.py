"""Installing: half-built parts are built again, finished ones are left, failures explain."""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

from ops import install
from ops.home import CHECKOUT
from ops.say import CannotGoOn

COMMANDS = list[list[str]]


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> COMMANDS:
    """A checkout of its own in which nothing is really fetched; the commands are noted."""
    ran: COMMANDS = []

    def note(command: Sequence[str | Path], what: str, env: object = None) -> None:
        ran.append([str(part) for part in command])

    monkeypatch.setattr(install, "_run", note)
    monkeypatch.setattr(install, "CHECKOUT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(install, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(install, "LOCKS", tmp_path)
    for name in ("run.txt", "dev.txt", "package.json", "package-lock.json"):
        (tmp_path / name).write_text(name)
    for name in (".venv", "node_modules"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(install, "package_index", dict)
    create = venv.create  # without pip, whose unpacking takes seconds
    monkeypatch.setattr(venv, "create", lambda folder, **options: create(folder, symlinks=True))
    monkeypatch.setattr(install, "_works", lambda python: python.exists())
    return ran


def test_a_half_built_environment_is_built_again(commands: COMMANDS, tmp_path: Path) -> None:
    left = tmp_path / ".venv" / "left-behind"
    left.write_text("from an installation that was interrupted")
    install._virtual_environment()
    assert not left.exists()
    assert [command[:5] for command in commands] == [
        [str(tmp_path / ".venv/bin/python"), "-m", "pip", "install", "--quiet"]
    ]
    install._virtual_environment()
    assert len(commands) == 1, "a whole one is left as it is"


def test_an_environment_whose_python_is_gone_is_built_again(
    commands: COMMANDS, tmp_path: Path
) -> None:
    install._virtual_environment()
    for program in (tmp_path / ".venv" / "bin").glob("python*"):
        program.unlink()
    install._virtual_environment()
    assert len(commands) == 2


def test_a_moved_checkout_gets_an_environment_of_its_own(
    commands: COMMANDS, tmp_path: Path
) -> None:
    install._virtual_environment()
    (tmp_path / ".venv" / "tandem-made").write_text("/somewhere/else")
    install._virtual_environment()
    assert len(commands) == 2


def test_packages_are_installed_when_the_lock_changes(commands: COMMANDS, tmp_path: Path) -> None:
    install._python_packages(dev=False)
    install._python_packages(dev=False)
    assert len(commands) == 1
    (tmp_path / "run.txt").write_text("another version")
    install._python_packages(dev=False)
    assert len(commands) == 2
    assert all("--require-hashes" in command for command in commands)


def test_a_run_keeps_what_the_tests_need(commands: COMMANDS, tmp_path: Path) -> None:
    install._python_packages(dev=True)
    install._npm_packages(dev=True)
    before = list(commands)
    install._python_packages(dev=False)
    install._npm_packages(dev=False)
    assert commands == before
    (tmp_path / "dev.txt").write_text("another version")
    install._python_packages(dev=False)
    assert commands[-1][-1].endswith("dev.txt")


def test_an_interrupted_installation_is_begun_again(
    commands: COMMANDS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install._python_packages(dev=False)
    (tmp_path / "run.txt").write_text("another version")

    def fail(*args: object, **kwargs: object) -> None:
        raise CannotGoOn("no network")

    with monkeypatch.context() as patch:
        patch.setattr(install, "_run", fail)
        with pytest.raises(CannotGoOn):
            install._python_packages(dev=False)
    install._python_packages(dev=False)
    assert len(commands) == 2


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("npm error ENOSPC", "disk is full"),
        ("npm error code ENOTFOUND registry", "needs the network"),
        ("error: dns error: failed to lookup address", "needs the network"),
        ("Temporary failure in name resolution", "needs the network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES: hash mismatch", "not the one that was locked"),
        ("something else", "remove .venv and node_modules"),
    ],
)
def test_advice_follows_what_went_wrong(output: str, told: str) -> None:
    assert told in install.advice(output)


def test_no_network_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real installer that cannot reach its registry, through a proxy that is not there."""
    environment = {"PATH": "/usr/bin:/bin", "https_proxy": "http://127.0.0.1:9", "HOME": "/"}
    command: list[str | Path] = [
        install.VENV / "bin" / "uv", "pip", "install", "--no-cache", "--target", tmp_path,
        "--require-hashes", "-r", install.LOCKS / "uv.txt",
    ]  # fmt: skip
    with pytest.raises(CannotGoOn, match=r"Installing uv failed[\s\S]*needs the network"):
        install._run(command, "Installing uv", environment)


def test_an_old_node_is_replaced(
    commands: COMMANDS, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    versions = {"npm": (9, 2), "node": (18, 19)}
    monkeypatch.setattr(install, "_version", lambda program, environment: versions[program])
    found = install.node_environment()
    assert commands[-1][-1].endswith("node.txt")
    assert found["PATH"].startswith(str(tmp_path / ".venv" / "bin"))


def test_locks_name_hashes_and_no_address() -> None:
    for lock in install.LOCKS.glob("*.txt"):
        text = lock.read_text()
        assert "http" not in text, lock
        assert "--hash=sha256:" in text, lock
    assert "http" not in (CHECKOUT / "package-lock.json").read_text()


def test_nothing_but_the_standard_library_is_needed_to_begin() -> None:
    """A machine's own Python, without any package, can load what runs first."""
    done = subprocess.run(
        ["python3", "-I", "-S", "-c", "import sys; sys.path.insert(0, '.'); import ops.bootstrap"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
