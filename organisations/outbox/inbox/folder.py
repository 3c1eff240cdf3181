"""A mailbox in a folder (maildir): for the embedded run, and where a mail server delivers here.

Our folders lie inside it as Maildir++ has them (`.Tandem.handled`), so that mail programs see them.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from organisations.outbox.inbox.addresses import FolderAddress
from organisations.outbox.inbox.mailbox import MailboxError, Waiting
from organisations.outbox.inbox.sorts import Folder

UNREAD = ("new", "cur")
PARTS = (*UNREAD, "tmp")
SEEN = ":2,S"


class FolderMailbox:
    """Reads what lies in `new` and `cur`; what is moved keeps its name."""

    def __init__(self, address: FolderAddress) -> None:
        self._path = address.path

    def __enter__(self) -> FolderMailbox:
        try:
            _make(self._path)
        except OSError as error:
            raise MailboxError(_words(error)) from None
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing is held open."""

    def waiting(self, most: int) -> list[Waiting]:
        """The oldest first, by when the file was written."""
        found = []
        try:
            for part in UNREAD:
                for entry in os.scandir(self._path / part):
                    if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
                        status = entry.stat(follow_symlinks=False)
                        found.append((status.st_mtime_ns, f"{part}/{entry.name}", status.st_size))
        except OSError as error:
            raise MailboxError(_words(error)) from None
        return [Waiting(name, size) for _, name, size in sorted(found)[:most]]

    def fetch(self, name: str, most: int) -> bytes | None:
        """Read the file."""
        try:
            with (self._path / name).open("rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MailboxError(_words(error)) from None

    def move(self, name: str, folder: Folder) -> None:
        """Rename the file; one that has gone meanwhile was moved by somebody else."""
        there = self._path / f".Tandem.{folder}"
        unique = Path(name).name.partition(":")[0]
        try:
            _make(there)
            (there / "maildirfolder").touch(mode=0o600)
            os.replace(self._path / name, there / "cur" / f"{unique}{SEEN}")
        except FileNotFoundError:
            return
        except OSError as error:
            raise MailboxError(_words(error)) from None


def _make(path: Path) -> None:
    for part in PARTS:
        (path / part).mkdir(mode=0o700, parents=True, exist_ok=True)


def _words(error: OSError) -> str:
    return f"The mailbox's folder cannot be used ({type(error).__name__})."
