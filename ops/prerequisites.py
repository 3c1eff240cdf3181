"""What a machine must have before anything is installed or started, and what to do if not.

Standard library only. Each check raises CannotGoOn with a text for the person at the terminal.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import re
import shutil
import socket
import sys
from pathlib import Path

from ops.say import CannotGoOn

OLDEST_GLIBC = (2, 28)
SPACE_TO_INSTALL = 1000  # MB: the packages and their cache
SPACE_TO_BEGIN = 500  # a database with England in it
SPACE_TO_RUN = 200
HIGHEST_PORT = 65535


def check_machine() -> None:
    """Linux with a recent glibc, or macOS; Python with `venv` and `ensurepip`."""
    if sys.platform not in ("linux", "darwin"):
        raise CannotGoOn(
            f"Tandem runs on Linux and macOS, not on {sys.platform}. On Windows use WSL 2, or "
            "docker compose up."
        )
    if sys.platform == "linux":
        library, version = platform.libc_ver()
        numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        if library != "glibc" or numbers < OLDEST_GLIBC:
            raise CannotGoOn(
                "Tandem's own PostgreSQL needs Linux with glibc 2.28 or newer (Debian 10, "
                f"Ubuntu 20.04, RHEL 8 or later); this is {library or 'another C library'} "
                f"{version}. Use docker compose up instead."
            )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise CannotGoOn(
            f"Python {platform.python_version()} at {sys.executable} lacks "
            f"{' and '.join(missing)}. On Debian and Ubuntu: apt install python3-venv. "
            "Or name another Python: make run PYTHON=/path/to/python3"
        )


def check_space(folder: Path, *, needed: int) -> None:
    """Refuse to begin where the disk would fill up half-way."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free // 1_000_000
    if free < needed:
        raise CannotGoOn(
            f"Only {free} MB are free where {folder} is; Tandem needs {needed} MB. Free some "
            "space, or put the data elsewhere: make run TANDEM_HOME=/somewhere/else"
        )


def port_number() -> int:
    """The port asked for, 8000 by default."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= HIGHEST_PORT:
        raise CannotGoOn(f"PORT must be a number from 1 to {HIGHEST_PORT}; it is {text!r}.")
    return int(text)


def check_port(port: int) -> None:
    """The port must be free on the loopback addresses this machine has."""
    for family, address in loopback_addresses():
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except PermissionError as error:
                raise CannotGoOn(
                    f"Port {port} is reserved for the administrator of this machine. Choose one "
                    "above 1023: make run PORT=8000"
                ) from error
            except OSError as error:
                raise CannotGoOn(
                    f"Port {port} is in use by another program (or another copy of Tandem). "
                    f"Stop that one, or choose another: make run PORT={port + 1}"
                ) from error


def loopback_addresses() -> list[tuple[int, str]]:
    """127.0.0.1, and ::1 where the machine has it."""
    found: list[tuple[int, str]] = [(socket.AF_INET, "127.0.0.1")]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
        probe.bind(("::1", 0))
        found.append((socket.AF_INET6, "::1"))
    return found
