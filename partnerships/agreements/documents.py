"""A version of an agreement as a document: for Word (DOCX), and as a tagged PDF.

Both hold the same facts, put into words once. What people typed stays text in both.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import docx
import typst
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from frontend.wording import date_words, datetime_words
from partnerships.agreements.library import BINDING, facts_asked
from partnerships.agreements.models import Agreement, AgreementVersion, Signature
from partnerships.agreements.presenters import DATE_LABELS
from partnerships.agreements.readiness import QUESTIONS

TEMPLATE = Path(__file__).parent / "data" / "agreement.typ"
ADVISER = "Have your own adviser check this before you sign."


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its name."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One organisation and its signature, in words."""

    organisation: str
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that a document of a version holds, in words."""

    title: str
    kind: str
    status: str
    adviser: str
    foot: str
    digest: str
    facts: list[Fact]
    clauses: list[dict[str, str]]
    signatures: list[Signed]


def document_of(agreement: Agreement, version: AgreementVersion) -> Document:
    """Put a version into words, with whoever has signed it."""
    signatures = (
        Signature.objects.filter(version=version)
        .select_related("organisation")
        .order_by("organisation__name")
    )
    return Document(
        title=version.title,
        kind=agreement.get_kind_display(),
        status=f"Version {version.number}, {_status(agreement, version)}.",
        adviser=ADVISER,
        foot=f"{version.title}, version {version.number}",
        digest=version.digest,
        facts=[Fact("Partnership", agreement.partnership.name), *_facts(agreement, version)],
        clauses=[
            {"name": each["name"], "binding": BINDING[each["binding"]], "text": each["text"]}
            for each in version.clauses
        ],
        signatures=[
            Signed(
                each.organisation.name,
                f"signed by {each.name}, {each.role}, on {datetime_words(each.signed_at)}",
            )
            for each in signatures
        ],
    )


def as_pdf(found: Document) -> bytes:
    """The document as a PDF that a screen reader can follow (PDF/UA-1)."""
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"agreement": json.dumps(asdict(found))},
        pdf_standards=["ua-1"],
    )
    return bytes(made)


def as_docx(found: Document) -> bytes:
    """The document for Word, with real headings and its language set."""
    document = docx.Document()
    document.core_properties.title = found.title
    document.core_properties.author = ""
    document.core_properties.language = "en-GB"
    _speaks_english(document)
    document.add_heading(found.title, level=1)
    document.add_paragraph(f"{found.kind}. {found.status}")
    document.add_paragraph().add_run(found.adviser).bold = True
    for fact in found.facts:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{fact.name}: ").bold = True
        paragraph.add_run(fact.value)
    for number, clause in enumerate(found.clauses, start=1):
        document.add_heading(f"{number}. {clause['name']}", level=2)
        if clause["binding"]:
            document.add_paragraph().add_run(f"{clause['binding']}.").italic = True
        for part in clause["text"].split("\n\n"):
            document.add_paragraph(part)
    document.add_heading("Signatures", level=2)
    for each in found.signatures:
        document.add_paragraph(f"{each.organisation}: {each.words}")
    if not found.signatures:
        document.add_paragraph("Nobody has signed this version.")
    document.add_paragraph(f"Fingerprint of this exact text (SHA-256): {found.digest}")
    document.sections[0].footer.paragraphs[0].text = found.foot
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _speaks_english(document: docx.document.Document) -> None:
    """Say so in the style that all others build on: screen readers then read it in English."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    properties = document.styles["Normal"].element.get_or_add_rPr()
    properties.append(language)


def _status(agreement: Agreement, version: AgreementVersion) -> str:
    if agreement.signed_version_id == version.pk:
        return "signed by every member"
    return "not signed by every member"


def _facts(agreement: Agreement, version: AgreementVersion) -> list[Fact]:
    found = [
        Fact(label, date_words(day) if (day := version.dates[name]) else "Not set")
        for name, label in DATE_LABELS.items()
    ]
    said = {True: "Yes", False: "No", None: "Not answered"}
    return found + [
        Fact(QUESTIONS[name].removesuffix("?"), said[version.facts[name]])
        for name in facts_asked(agreement.kind)
    ]
