"""What the reading asks of a mailbox, wherever it is."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from organisations.outbox.inbox.addresses import Address, ImapAddress
from organisations.outbox.inbox.sorts import Folder


class MailboxError(Exception):
    """The mailbox cannot be read now; the text says why and names nobody."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody has read yet."""

    name: str
    size: int  # bytes


class Mailbox(Protocol):
    """An open mailbox. Each method may raise MailboxError."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def waiting(self, most: int) -> list[Waiting]:
        """What has not been read, the oldest first, no more than `most`."""

    def fetch(self, name: str, most: int) -> bytes | None:
        """The first `most` bytes of a message; None when it has gone meanwhile."""

    def move(self, name: str, folder: Folder) -> None:
        """Put a message into one of our folders, which is made when it is missing."""


def open_mailbox(address: Address) -> Mailbox:
    """The mailbox at an address. Raises MailboxError."""
    if isinstance(address, ImapAddress):
        from organisations.outbox.inbox.imap import ImapMailbox

        return ImapMailbox(address)
    from organisations.outbox.inbox.folder import FolderMailbox

    return FolderMailbox(address)
