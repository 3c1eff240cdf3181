"""The agreement as a document: all of it, nothing else, and readable with a screen reader."""

from __future__ import annotations

import io

import docx

from tests.agreements.arranging import newest, ready_for_two, signs, wrote
from tests.agreements.test_pages import at
from tests.touchpoints.scene import Scene

ADVISER = "Have your own adviser check this before you sign."
TYPED = "Two *words*, #let x = 1, $y$ and <b>more</b>"


def test_the_word_document_has_headings_every_clause_and_who_signed(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    wrote(scene, agreement, "purpose", TYPED)
    signs(scene, agreement, "school_editor")
    response = scene.cast.client("school_viewer").get(at(scene, "agreement-docx", agreement))
    document = docx.Document(io.BytesIO(response.content))
    said = [each.text for each in document.paragraphs]
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 2"]

    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert ADVISER in said
    assert TYPED in said
    assert "2. Shared vision and aims" in headings
    assert headings[-1] == "Signatures"
    assert any("signed by School editor, Chief" in each for each in said)
    assert any(newest(scene, agreement).digest in each for each in said)


def test_the_pdf_is_tagged_titled_and_in_english(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    wrote(scene, agreement, "purpose", TYPED)
    response = scene.cast.client("school_viewer").get(at(scene, "agreement-pdf", agreement))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content.startswith(b"%PDF-")
    assert b"/MarkInfo" in response.content
    assert b"/Lang" in response.content


def test_an_earlier_version_is_taken_away_as_it_was(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    version = newest(scene, agreement)
    client = scene.cast.client("school_editor")
    url = at(scene, "agreement-docx", agreement)
    text = docx.Document(io.BytesIO(client.get(f"{url}?version=1").content))

    assert "version-1.docx" in client.get(f"{url}?version=1")["Content-Disposition"]
    assert f"Version {version.number}" not in "\n".join(p.text for p in text.paragraphs)
    assert client.get(f"{url}?version=99").status_code == 404
