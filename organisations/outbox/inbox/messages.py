"""A message that came in, taken apart within limits. Whoever wrote it may mean us harm.

The old policy of the standard library's parser is used on purpose: the new one takes each header
apart by its grammar and can fail on what others wrote, and of headers we need few, and plain ones.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.header import Header
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.utils import parseaddr

LONGEST_HEADER = 2_000
MOST_PARTS = 60
# The parser's time grows with the square of a header's length, and with every line that looks like
# the border between two parts.
LONGEST_PARAMETERS = 4_000
MOST_BORDERS = 2_000
# Beyond these a text is not believed: some that Python knows take time by the square of a length.
CHARACTER_SETS = frozenset({"ascii", "utf-8", "utf-16", "iso8859-1", "iso8859-15", "cp1252"})
_PART = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_PARAMETERS = re.compile(
    rb"^content-(?:type|disposition)[ \t]*:[^\r\n]*(?:\r?\n?[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_BORDER = re.compile(rb"^--", re.MULTILINE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")
_DOMAIN = re.compile(r"[a-z0-9.-]{1,120}")


class Unreadable(Exception):
    """A message that cannot be taken apart; the text says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A message, or one part of one."""

    _message: Message

    @property
    def content_type(self) -> str:
        """`text/plain` and the like, in small letters."""
        return self._message.get_content_type()

    def header(self, name: str) -> str:
        """A header in one line; empty when it is missing."""
        return _plain(self._message.get(name, ""))

    def parameter(self, name: str) -> str:
        """A parameter of the content type; empty when it is missing."""
        found = self._message.get_param(name, "")
        return _plain(found[2] if isinstance(found, tuple) else found)

    @property
    def file_name(self) -> str:
        """The name that an attachment has; empty without one."""
        for name, header in (("filename", "content-disposition"), ("name", "content-type")):
            # Not `get_filename`, which decodes it from whatever character set it names.
            found = self._message.get_param(name, "", header)
            if found:
                return _plain(found[2] if isinstance(found, tuple) else found)
        return ""

    def content(self) -> bytes:
        """What it holds, as bytes."""
        found = self._message.get_payload(decode=True)
        return found if isinstance(found, bytes) else b""

    def text(self) -> str:
        """What it holds, as text, whatever its character set claims to be."""
        content = self.content()
        for name in (_known(self.parameter("charset")), "utf-8"):
            try:
                return content.decode(name)
            except ValueError:
                continue
        return content.decode("cp1252", "replace")

    def blocks(self) -> list[Part]:
        """The groups of fields of a report about a delivery or a complaint."""
        if not self._message.is_multipart():
            return headers_in(self.text())
        found = self._inside()
        rest = "\n\n".join(each.text() for each in found)
        return [*found, *headers_in(rest)]

    def original(self) -> Part | None:
        """The message inside this one, or the headers of one that stand in it as text."""
        if self._message.is_multipart():
            return next(iter(self._inside()), None)
        return next(iter(headers_in(self.text())), None)

    def _inside(self) -> list[Part]:
        # Of parts alone: a text would be decoded from any character set that it names.
        inner = self._message.get_payload()
        return [Part(each) for each in inner if isinstance(each, Message)]

    def walk(self) -> Iterator[Part]:
        """This part and every part inside it, in their order."""
        for each in self._message.walk():
            yield Part(each)


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in."""

    whole: Part
    parts: tuple[Part, ...]  # all of them, the whole one first
    key: str

    def header(self, name: str) -> str:
        """A header of the whole message."""
        return self.whole.header(name)

    def parts_of(self, *content_types: str) -> list[Part]:
        """The parts of these types."""
        return [part for part in self.parts if part.content_type in content_types]

    @property
    def sender(self) -> str:
        """The address it says it is from; empty when it says none."""
        try:
            return parseaddr(self.header("From"))[1]
        except RecursionError:
            # Remarks within remarks within remarks: nobody writes that of themselves.
            return ""

    @property
    def domain(self) -> str:
        """The part of that address after the @: all that is kept of the sender."""
        domain = self.sender.rpartition("@")[2].lower()
        return domain if _DOMAIN.fullmatch(domain) else ""


def take_apart(content: bytes) -> Received:
    """Read a message. Raises Unreadable, and nothing else."""
    # Asked before the parser is: parts within parts within parts would exhaust it.
    if len(_PART.findall(content)) > MOST_PARTS:
        raise Unreadable(f"It has more than {MOST_PARTS} parts.")
    if len(_BORDER.findall(content)) > MOST_BORDERS:
        raise Unreadable("It has too many borders between parts.")
    if any(len(found[0]) > LONGEST_PARAMETERS for found in _PARAMETERS.finditer(content)):
        raise Unreadable("What it says of a part is too long.")
    try:
        whole = Part(BytesParser(policy=policy.compat32).parsebytes(content))
        return Received(whole, tuple(whole.walk()), key_of(content))
    except Exception as error:
        raise Unreadable(f"It is no e-mail that can be read ({type(error).__name__}).") from error


def key_of(content: bytes) -> str:
    """By what a message is known again: its Message-ID, else all that it says."""
    head = content[:64_000].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = re.search(rb"^message-id[ \t]*:\s*(<[^<>\s]+>)", head, re.IGNORECASE | re.MULTILINE)
    return hashlib.sha256(found[1] if found else content).hexdigest()


def headers_in(text: str) -> list[Part]:
    """Groups of headers that stand in a text, with a blank line between two."""
    groups = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return [
        Part(HeaderParser(policy=policy.compat32).parsestr(group.strip() + "\n\n"))
        for group in groups[:MOST_PARTS]
        if group.strip()
    ]


def _known(charset: str) -> str:
    """A character set that we read, whatever it is called; else UTF-8."""
    try:
        name = codecs.lookup(charset).name if charset.isascii() else ""
    except (LookupError, ValueError):
        name = ""
    return name if name in CHARACTER_SETS else "utf-8"


def _plain(value: str | Header) -> str:
    return " ".join(_UNSEEN.sub(" ", str(value)[:LONGEST_HEADER]).split())
