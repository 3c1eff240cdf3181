"""INBOX_URL: which mailbox is read, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

LOCAL = {"localhost", "127.0.0.1", "::1"}
PORTS = {"imaps": 993, "imap": 143}
DEFAULT_FOLDER = "INBOX"


class WrongAddress(ValueError):
    """INBOX_URL cannot be used; the text says why, without the password."""


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """A mailbox on a server."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    secure: bool


@dataclass(frozen=True, slots=True)
class FolderAddress:
    """A mailbox in a folder on this machine (maildir)."""

    path: Path


Address = ImapAddress | FolderAddress


def is_set_up() -> bool:
    """Whether a mailbox is read at all: whether answers by e-mail arrive anywhere."""
    return bool(settings.INBOX_URL)


def read_address(url: str) -> Address:
    """Take INBOX_URL apart. Raises WrongAddress.

    >>> read_address("imaps://tandem%40nhs.example:secret@mail.nhs.example/Answers").folder
    'Answers'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WrongAddress("INBOX_URL is no address.") from None
    if parts.scheme == "maildir":
        if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
            raise WrongAddress("INBOX_URL must name a folder, like maildir:///var/mail/tandem.")
        return FolderAddress(Path(unquote(parts.path)))
    if parts.scheme not in PORTS:
        raise WrongAddress("INBOX_URL must begin with imaps://, imap:// or maildir:///.")
    host = parts.hostname or ""
    if not host or not parts.username or not parts.password:
        raise WrongAddress(
            "INBOX_URL must name user, password and host: imaps://user:password@host/INBOX."
        )
    if parts.scheme == "imap" and host not in LOCAL:
        raise WrongAddress(
            "INBOX_URL begins with imap://, which sends the password in the clear: that is for "
            "this machine alone. Use imaps://."
        )
    if parts.query or parts.fragment:
        raise WrongAddress("INBOX_URL has ? or # in it: write those as %3F and %23.")
    return ImapAddress(
        host=host,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or DEFAULT_FOLDER,
        secure=parts.scheme == "imaps",
    )
