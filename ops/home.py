"""The data folder of one copy of Tandem: its parts, its secrets and its lock."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from ops.say import CannotGoOn, say

CHECKOUT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux, 103 on macOS
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


class Home:
    """Paths inside the data folder; `prepare()` makes the folders, private to their owner."""

    def __init__(self, path: Path | str | None = None) -> None:
        given = path or os.environ.get("TANDEM_HOME") or CHECKOUT / "var"
        self.path = Path(given).expanduser().resolve()
        self.run = self.path / "run"
        self.logs = self.path / "logs"
        self.services_file = self.run / "services.env"

    def prepare(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.logs, self.path / "secrets"):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CannotGoOn(
                f"The data folder {self.path} cannot be made: {error.strerror}. Name one you "
                "may write to, like: make run TANDEM_HOME=$HOME/tandem-data"
            ) from error

    def is_demo(self, *, asked: str | None) -> bool:
        """Whether this folder holds the demo: decided at its first start, then kept.

        A folder with real records must never be given the demo's public passwords.
        """
        path = self.path / "kind"
        kinds = {"0": "real", "1": "demo"}
        if asked not in (None, "", *kinds):
            raise CannotGoOn(f"DEMO must be 1 (with the demo) or 0 (for real); it is {asked!r}.")
        kept = path.read_text().strip() if path.is_file() else None
        wanted = kinds[asked] if asked else kept or "demo"
        if kept and wanted != kept:
            raise CannotGoOn(
                f"The data in {self.path} was started as {kept!r} and stays so. For {wanted!r} "
                "name another folder: make run TANDEM_HOME=var-"
                f"{wanted} DEMO={asked}"
            )
        if not kept:
            write_private(path, wanted)
        return wanted == "demo"

    def secret(self, name: str) -> str:
        """A secret made once and kept, in a file only its owner can read."""
        path = self.path / "secrets" / name
        if not path.is_file():
            write_private(path, secrets.token_urlsafe(48))
        return path.read_text().strip()

    def sockets(self, *, reachable: bool = False) -> Path:
        """A private folder for sockets, near or, where that path is too long, in /tmp.

        `reachable` asks for the one in /tmp, which a server under another user gets to.
        """
        near = self.run / "sockets"
        if not reachable and len(os.fsencode(near)) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH:
            near.mkdir(mode=0o700, exist_ok=True)
            return near
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        far = Path(tempfile.gettempdir()) / f"tandem-{os.getuid()}-{digest}"
        if len(os.fsencode(far)) + LONGEST_SOCKET_NAME > LONGEST_SOCKET_PATH:
            far = Path("/tmp") / far.name
        with contextlib.suppress(FileExistsError):
            far.mkdir(mode=0o700)
        found = far.lstat()
        if far.is_symlink() or found.st_mode & 0o077:
            raise CannotGoOn(
                f"{far} should be a private folder of yours and is not. Remove it and try again."
            )
        return far

    def write_services(self, values: Mapping[str, str]) -> None:
        """Tell commands typed beside the running copy where its services are."""
        lines = [f"{name}='{value}'" for name, value in values.items()]
        write_private(self.services_file, "\n".join(lines) + "\n")

    def is_free(self) -> bool:
        """False while a killed copy is still stopping; a living copy is refused."""
        try:
            os.close(self._try_lock())
        except BlockingIOError:
            return False
        return True

    def lock(self, *, patience: float = 30) -> int:
        """Take the folder for this process and return the lock's file descriptor.

        The watchers of an earlier copy hold the lock until its last child is gone, so a
        copy that was killed is waited for; a living one is refused.
        """
        end = time.monotonic() + patience
        told = False
        while True:
            try:
                descriptor = self._try_lock()
            except BlockingIOError:
                if time.monotonic() > end:
                    raise CannotGoOn(
                        f"Something of an earlier copy on {self.path} does not stop. See which "
                        "processes work there, end them, and start again."
                    ) from None
                if not told:
                    say("  An earlier copy on this folder is still stopping; waiting for it.")
                    told = True
                time.sleep(0.1)
            else:
                os.truncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
                return descriptor

    def _try_lock(self) -> int:
        path = self.run / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            holder = path.read_text().strip()
            if is_alive(holder):
                raise CannotGoOn(
                    f"Tandem is already running on {self.path} (process {holder}). Use that copy, "
                    "stop it with Ctrl-C, or start a second one on a folder and port of its own: "
                    "make run TANDEM_HOME=var2 PORT=8001"
                ) from None
            raise
        return descriptor


def is_alive(holder: str) -> bool:
    """Whether the process named in the lock file is still there (a zombie is not)."""
    if not holder.isdigit():
        return False
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return ") Z " not in Path(f"/proc/{holder}/stat").read_text()
    except OSError:
        return True


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all, and onto the disk."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
