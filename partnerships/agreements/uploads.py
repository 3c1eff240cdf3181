"""What a file really is, whatever it is called, and what it says. Nothing here writes anything."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any, NoReturn

import puremagic
import pypdf
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from pypdf.errors import PyPdfError

from organisations.guard_rail import refuse_identifiers

LARGEST = 20 * 1024 * 1024
# Unpacked, a document of 20 MB can be very much larger; and a PDF can have very many pages.
MOST_UNPACKED, MOST_PAGES = 100 * 1024 * 1024, 500
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
ENDINGS = {PDF: "pdf", WORD: "docx", ODT: "odt", PNG: "png", JPEG: "jpg"}
MUST_BE = "The file must be a PDF, a Word document (.docx), an ODT, a PNG or a JPEG"
BROKEN = "The file is damaged or cannot be read. Save it again, and choose it anew"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: its bytes and its true type."""

    data: bytes
    content_type: str

    @property
    def ending(self) -> str:
        """What its name should end with."""
        return ENDINGS[self.content_type]


def checked(upload: UploadedFile[Any]) -> Checked:
    """Read a file that was sent; raises ValidationError, keyed `file`, for what is not kept.

    That is: more than 20 MB, another type by its content, a damaged or locked document, and one
    whose text holds a pupil's or patient's number.
    """
    data = upload.read(LARGEST + 1)
    if len(data) > LARGEST:
        _refuse("The file must be 20 MB or smaller")
    if not data:
        _refuse("The file is empty")
    content_type = _type_of(data)
    refuse_identifiers(file=_text_of(data, content_type))
    return Checked(data, content_type)


def _type_of(data: bytes) -> str:
    """The type by its content; a document of a zip is known by what is packed in it."""
    if zipfile.is_zipfile(io.BytesIO(data)) and data.startswith(b"PK"):
        return _packed_type(data)
    try:
        found = puremagic.from_string(data, mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found not in (PDF, PNG, JPEG):
        _refuse(MUST_BE)
    return found


def _packed_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            mimetype = packed.open("mimetype").read(60) if "mimetype" in names else b""
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, ValueError) as problem:
        raise ValidationError({"file": BROKEN}) from problem
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        _refuse("The document holds macros. Save it without them, as .docx or PDF")
    if "word/document.xml" in names and "[Content_Types].xml" in names:
        return WORD
    if mimetype == ODT.encode():
        return ODT
    return _refuse(MUST_BE)


def _text_of(data: bytes, content_type: str) -> str:
    """Every word in a document; a picture has none that can be read."""
    if content_type == PDF:
        return _text_of_pdf(data)
    return _text_of_packed(data) if content_type in (WORD, ODT) else ""


def _text_of_pdf(data: bytes) -> str:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            _refuse("The PDF is locked, so it cannot be checked. Save it without a password")
        if len(reader.pages) > MOST_PAGES:
            _refuse(f"The PDF must have {MOST_PAGES} pages or fewer")
        return "\n".join(page.extract_text() for page in reader.pages)
    except ValidationError:
        raise
    # A crafted file can make the reader fail in any way; none of them may be an error page.
    except (PyPdfError, ArithmeticError, LookupError, OSError, RecursionError, TypeError,
            ValueError, AttributeError, NotImplementedError) as problem:  # fmt: skip
        raise ValidationError({"file": BROKEN}) from problem


def _text_of_packed(data: bytes) -> str:
    """The paragraphs of a Word document or an ODT, headers, footers and comments too."""
    said: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [each for each in packed.infolist() if each.filename.endswith(".xml")]
            if sum(each.file_size for each in parts) > MOST_UNPACKED:
                _refuse("The document is too large when it is unpacked")
            for part in parts:
                said += _paragraphs(packed.read(part))
    except ValidationError:
        raise
    except (DefusedXmlException, ElementTree.ParseError, zipfile.BadZipFile, RuntimeError, OSError,
            NotImplementedError, ValueError) as problem:  # fmt: skip
        raise ValidationError({"file": BROKEN}) from problem
    return "\n".join(said)


def _paragraphs(part: bytes) -> list[str]:
    """What stands in the paragraphs and headings of one part of a document."""
    return [
        "".join(element.itertext())
        for element in ElementTree.fromstring(part).iter()
        if str(element.tag).rpartition("}")[2] in ("p", "h")
    ]


def _refuse(words: str) -> NoReturn:
    raise ValidationError({"file": words})
