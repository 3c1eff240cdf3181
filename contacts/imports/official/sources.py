"""Opening what was downloaded: CSV files, alone or in a zip, whatever their encoding.

A file is never unpacked to disk or into memory: it is read as a stream, twice, first to know its
encoding and checksum. What grows beyond all reason while it is unpacked is refused.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from contacts.imports.files import BadFile

BLOCK = 1 << 20
# The largest official file has 62 MB. CSV text packs to a tenth of its size.
LARGEST = 400 << 20
MOST_PACKED = 100
PACKED_WELL = 1 << 20
MEMBERS = 40
# Bytes that stand for nothing in Windows-1252.
UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
EXCEL = (b"\xd0\xcf\x11\xe0",)
WORKBOOK = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Source:
    """One CSV file: what it is called in messages, and what is in it."""

    file: Path
    name: str
    size: int
    digest: str
    encoding: str
    _open: Callable[[], IO[bytes]]

    @contextmanager
    def text(self) -> Iterator[io.TextIOWrapper]:
        """Its text, from the beginning. Raises BadFile when it breaks off."""
        with (
            refusing(self.file),
            self._open() as raw,
            io.TextIOWrapper(raw, encoding=self.encoding, newline="") as opened,
        ):
            yield opened


def sources(path: Path) -> Iterator[Source]:
    """The CSV files of a download: itself, or those in the zip. Raises BadFile."""
    with refusing(path):
        with path.open("rb") as opened:
            head = opened.read(8)
        if not head:
            raise BadFile(path, "is empty")
        if head.startswith(b"PK"):
            yield from _packed(path)
            return
        if head.startswith(EXCEL):
            raise BadFile(path, "is an Excel workbook. Bring in the CSV or zip file as downloaded")
        yield _looked_at(path, path.name, path.stat().st_size, lambda: path.open("rb"))


def _packed(path: Path) -> Iterator[Source]:
    with zipfile.ZipFile(path) as archive:
        every = archive.infolist()
        if any(each.filename == WORKBOOK for each in every):
            raise BadFile(path, "is a workbook. Bring in the CSV or zip file as downloaded")
        members = [each for each in every if each.filename.lower().endswith(".csv")]
        if not members:
            raise BadFile(path, "is a zip file without a CSV file in it")
        if len(members) > MEMBERS:
            raise BadFile(path, f"has {len(members)} CSV files in it, at most {MEMBERS} are read")
        if sum(each.file_size for each in members) > LARGEST:
            raise BadFile(path, f"unpacks to more than {LARGEST >> 20} MB")
        for each in members:
            name = each.filename.rpartition("/")[2]
            file = Path(f"{path.name}: {name}")
            if each.flag_bits & 1:
                raise BadFile(file, "is locked with a password")
            if each.file_size > PACKED_WELL and each.file_size > MOST_PACKED * each.compress_size:
                raise BadFile(file, "unpacks to more than a hundred times its size: no CSV does")
            yield _looked_at(file, name, each.file_size, _opener(archive, each))


def _opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(member)


@contextmanager
def refusing(file: Path) -> Iterator[None]:
    """What goes wrong while a file is read, as BadFile."""
    try:
        yield
    except OSError as problem:
        raise BadFile(file, f"cannot be read ({problem.strerror or problem})") from problem
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as problem:
        reason = "is no whole zip file: it was cut short or damaged. Download it again"
        raise BadFile(file, reason) from problem


def _looked_at(file: Path, name: str, size: int, opener: Callable[[], IO[bytes]]) -> Source:
    """Read through it once: checksum, encoding, and that it is text at all."""
    found = hashlib.sha256()
    utf_8 = codecs.getincrementaldecoder("utf-8")()
    is_utf_8, is_ascii, undefined = True, True, 0
    rows, read = 1, 0
    with opener() as raw:
        while block := raw.read(BLOCK):
            if not read and block.startswith(UTF_16):
                raise BadFile(file, "is UTF-16 text. Bring in the file as downloaded")
            read += len(block)
            if read > LARGEST:
                raise BadFile(file, f"has more than {LARGEST >> 20} MB")
            found.update(block)
            if (zero := block.find(b"\0")) >= 0:
                row = rows + block.count(b"\n", 0, zero)
                raise BadFile(file, "is no text: it has bytes of value 0", row=row)
            if not block.isascii():
                is_ascii = False
                if not undefined and (bad := UNDEFINED.search(block)):
                    undefined = rows + block.count(b"\n", 0, bad.start())
            if is_utf_8 and not is_ascii:
                is_utf_8 = _decodes(utf_8, block)
            rows += block.count(b"\n")
    is_utf_8 = is_utf_8 and _decodes(utf_8, b"", final=True)
    if not is_utf_8 and undefined:
        raise BadFile(file, "is neither Windows-1252 nor UTF-8 text", row=undefined)
    encoding = "utf-8-sig" if is_utf_8 else "cp1252"
    return Source(file, name, size, found.hexdigest(), encoding, opener)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True
