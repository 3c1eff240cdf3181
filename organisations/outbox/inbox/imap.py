"""A mailbox on a server, by IMAP. Every wait for the server has an end.

The password is in no message and no log: what the server answers is never passed on.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from organisations.outbox.inbox.addresses import ImapAddress
from organisations.outbox.inbox.mailbox import MailboxError, Waiting
from organisations.outbox.inbox.sorts import Folder

PATIENCE = SocketTimeout(connect=10, read=20)  # seconds
PARENT = "Tandem"
DELETED = rb"\Deleted"


class ImapMailbox:
    """One connection, signed in, with the folder that answers arrive in selected."""

    def __init__(self, address: ImapAddress) -> None:
        self._address = address
        self._folders: dict[Folder, str] = {}

    def __enter__(self) -> ImapMailbox:
        address = self._address
        with _in_words():
            self._client = IMAPClient(
                address.host,
                port=address.port,
                ssl=address.secure,
                ssl_context=ssl.create_default_context() if address.secure else None,
                timeout=PATIENCE,
            )
        try:
            with _in_words():
                self._client.login(address.user, address.password)
                self._client.select_folder(address.folder)
        except MailboxError:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        with suppress(IMAPClientError, OSError, ValueError):
            self._client.logout()
        with suppress(IMAPClientError, OSError):
            self._client.shutdown()

    def waiting(self, most: int) -> list[Waiting]:
        """By the numbers that the server gives in the order of arrival."""
        with _in_words():
            found = sorted(self._client.search(["UNDELETED"]))[:most]
            sizes = self._client.fetch(found, [b"RFC822.SIZE"]) if found else {}
        return [
            Waiting(str(number), int(sizes[number].get(b"RFC822.SIZE", 0)))
            for number in found
            if number in sizes
        ]

    def fetch(self, name: str, most: int) -> bytes | None:
        """Peek, so that a message that is never handled stays unread for a person."""
        with _in_words():
            answer = self._client.fetch([int(name)], [f"BODY.PEEK[]<0.{most}>".encode()])
        for key, value in answer.get(int(name), {}).items():
            if key.startswith(b"BODY[]") and isinstance(value, bytes):
                return value[:most]
        return None

    def move(self, name: str, folder: Folder) -> None:
        """Move, or copy and mark as deleted where the server cannot move."""
        with _in_words():
            there = self._folder(folder)
            if self._client.has_capability("MOVE"):
                self._client.move([int(name)], there)
                return
            self._client.copy([int(name)], there)
            self._client.add_flags([int(name)], [DELETED], silent=True)
            # Without UIDPLUS this would remove what others have marked, too: then it stays,
            # marked, and is not read again.
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge([int(name)])

    def _folder(self, folder: Folder) -> str:
        """The name of one of our folders on this server; made when it is missing."""
        if folder not in self._folders:
            prefix, separator = self._place()
            parent = f"{prefix}{PARENT}"
            for name in (parent, f"{parent}{separator}{folder}"):
                if not self._client.folder_exists(name):
                    self._client.create_folder(name)
                    self._client.subscribe_folder(name)
            self._folders[folder] = f"{parent}{separator}{folder}"
        return self._folders[folder]

    def _place(self) -> tuple[str, str]:
        """What stands before the names of a person's own folders, and between their parts."""
        if self._client.has_capability("NAMESPACE"):
            personal = self._client.namespace().personal
            if personal:
                prefix, separator = personal[0]
                return str(prefix), str(separator or "/")
        for _, separator, _ in self._client.list_folders("", "%"):
            if separator:
                return "", separator.decode() if isinstance(separator, bytes) else str(separator)
        return "", "/"


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn what goes wrong with a server into words without any secret."""
    try:
        yield
    except LoginError:
        raise MailboxError("The mailbox refused user or password.") from None
    except ssl.SSLError:
        raise MailboxError("The mailbox's certificate, or its TLS, is not in order.") from None
    except TimeoutError:
        raise MailboxError("The mailbox did not answer in time.") from None
    except OSError as error:
        words = f"The mailbox could not be reached ({type(error).__name__})."
        raise MailboxError(words) from None
    except (IMAPClientError, ValueError, UnicodeError) as error:
        words = f"The mailbox answered what was not expected ({type(error).__name__})."
        raise MailboxError(words) from None
