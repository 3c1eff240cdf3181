"""Signed copies: what is kept, what is refused in plain words, and who gets them."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction

from organisations.guard_rail import IdentifierRefused
from organisations.tenancy.scope import acting
from partnerships.agreements import files
from partnerships.agreements.documents import Document, as_pdf
from partnerships.agreements.models import Agreement, AgreementFile
from partnerships.agreements.uploads import LARGEST, ODT, checked
from tests.agreements.arranging import PNG, a_copy, started
from tests.agreements.test_pages import at, shown
from tests.record.arranging import NHS_NUMBER, once_in
from tests.touchpoints.scene import Scene


def pdf(words: str = "Signed") -> bytes:
    return as_pdf(Document(words, "MoU", "", "", "", "0" * 64, [], [], []))


def word(words: str = "Signed", **more: str) -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(words)
    document.sections[0].header.paragraphs[0].text = more.get("header", "")
    document.save(made)
    return made.getvalue()


def packed(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def odt(words: str = "Signed") -> bytes:
    content = f'<a xmlns:text="urn:t"><text:p>{words}</text:p></a>'
    return packed(**{"mimetype": ODT, "content.xml": content})


def added(scene: Scene, agreement: Agreement, data: bytes = PNG, name: str = "a.png") -> str:
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        return files.add_file(by=by, agreement=agreement, upload=a_copy(name, data)).ref


@pytest.mark.parametrize(
    ("data", "ending"), [(PNG, "png"), (pdf(), "pdf"), (word(), "docx"), (odt(), "odt")]
)
def test_the_content_says_what_a_file_is(data: bytes, ending: str) -> None:
    assert checked(a_copy("signed.exe", data)).ending == ending


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"MZ" + b"\0" * 600, "must be a PDF, a Word document"),
        (b"\x7fELF" + b"\0" * 600, "must be a PDF, a Word document"),
        (b"<html><script>alert(1)</script></html>", "must be a PDF, a Word document"),
        (packed(**{"run.sh": "rm"}), "must be a PDF, a Word document"),
        (b"%PDF-1.7 and nothing more", "damaged or cannot be read"),
        (packed(**{"word/document.xml": "<a", "[Content_Types].xml": "<a/>"}), "damaged"),
        (packed(**{"word/document.xml": "<a/>", "word/vbaProject.bin": ""}), "holds macros"),
        (b"", "is empty"),
    ],
)
def test_what_is_something_else_is_refused_whatever_its_name(data: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        checked(a_copy("agreement.pdf", data))


def test_one_byte_more_than_20_mb_is_refused() -> None:
    with pytest.raises(ValidationError, match="20 MB or smaller"):
        checked(a_copy("signed.png", PNG + b"\0" * (LARGEST + 1 - len(PNG))))


@pytest.mark.parametrize(
    "data",
    [
        pdf(f"About {NHS_NUMBER}"),
        word(f"About {NHS_NUMBER}"),
        word(header=f"About {NHS_NUMBER}"),
        odt(f"About {NHS_NUMBER}"),
        pdf("About a child, DOB 3 April 2016"),
    ],
)
def test_what_tells_of_a_patient_in_a_document_is_refused_and_nothing_is_kept(
    scene: Scene, data: bytes
) -> None:
    agreement = started(scene)
    before = kept_in_storage()
    with pytest.raises(IdentifierRefused):
        added(scene, agreement, data)

    assert kept_in_storage() == before


def kept_in_storage() -> set[str]:
    if not default_storage.exists("agreements"):
        return set()
    return set(default_storage.listdir("agreements")[1])


def test_members_get_it_as_a_file_and_nobody_else_does(scene: Scene) -> None:
    agreement = started(scene)
    ref = added(scene, agreement, name="C:\\papers\\our copy.exe")
    url = at(scene, "agreement-file", agreement, file=ref)
    response = scene.cast.client("school_viewer").get(url)

    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"] == 'attachment; filename="our copy.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "image/png"
    for part in ("health_editor", "council_editor", "stranger"):
        assert scene.cast.client(part).get(url).status_code == 404


def test_the_page_takes_one_in_once_and_says_what_is_wrong(scene: Scene) -> None:
    agreement = started(scene)
    client = scene.cast.client("school_editor")
    url = at(scene, "agreement-file-add", agreement)

    def sent(data: bytes) -> str:
        once = once_in(client.get(url).text)
        return client.post(url, {"once": once, "file": a_copy("a.pdf", data)}, follow=True).text

    assert "must be a PDF, a Word document" in sent(b"MZ" + b"\0" * 600)
    assert "The signed copy is with the agreement" in sent(PNG)
    assert "This very file is with the agreement already" in sent(PNG)


def test_who_brought_it_in_takes_it_out_and_then_it_is_gone(scene: Scene) -> None:
    agreement = started(scene)
    ref = added(scene, agreement)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        file = AgreementFile.objects.select_related("agreement__partnership").get(ref=ref)
        files.remove_file(by=by, file=file)

    assert not default_storage.exists(file.stored_as)
    client = scene.cast.client("school_editor")
    assert client.get(at(scene, "agreement-file", agreement, file=ref)).status_code == 404
    assert "No signed copy is with it" in shown(client, at(scene, "agreement", agreement))
