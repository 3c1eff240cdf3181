"""What one member keeps to itself is in nothing that another gets: no page, file, export or e-mail.

Every address of the product is opened as a fellow member; files are unpacked and read.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from pypdf import PdfReader

from calendars.london import today
from organisations.tenancy.scope import acting
from partnerships.wins.services import log_win
from tests.access.arranged import Arranged, arrange_for_addresses
from tests.access.register import OK, PARTS, ROWS
from tests.access.test_matrix import address
from tests.cast import Cast
from tests.photographs import Photographs
from tests.record.arranging import once_in

# As the scene has them: tests/tenancy/world.py.
NOTE, WIN = "School side only", "A win that the school side keeps"


def with_a_win(cast: Cast) -> Arranged:
    arranged = arrange_for_addresses(cast)
    with acting(cast.school_editor.scope), transaction.atomic():
        log_win(
            by=cast.school_editor,
            partnership=arranged.world.partnership,
            line=WIN,
            happened_on=today(),
            internal=True,
        )
    return arranged


@pytest.fixture
def arranged(cast: Cast, photographs: Photographs) -> Arranged:
    return photographs.show(with_a_win, cast)


def content(response: HttpResponseBase) -> bytes:
    if isinstance(response, HttpResponse):
        return response.content
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def words(data: bytes) -> str:
    """What a page or a file says, whatever it is packed in."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(words(archive.read(name)) for name in archive.namelist())
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return data.decode("utf-8", "replace")


def opened(arranged: Arranged, client: Client, part: str) -> dict[str, str]:
    """What every address says that opens for somebody."""
    found = {}
    for name in ROWS:
        response = client.get(address(name, arranged, PARTS[part]))
        if response.status_code == OK:
            found[name] = words(content(response))
    return found


def test_what_is_kept_is_read_on_our_side(arranged: Arranged, cast: Cast) -> None:
    pages = opened(arranged, cast.client("school_editor"), "school_editor")

    assert {name for name, text in pages.items() if NOTE in text} >= {
        "conversations",
        "partnership",
    }
    assert "wins" in {name for name, text in pages.items() if WIN in text}


@pytest.mark.parametrize("part", ["health_manager", "health_editor"])
def test_no_page_and_no_file_of_a_fellow_member_says_it(
    arranged: Arranged, cast: Cast, part: str
) -> None:
    pages = opened(arranged, cast.client(part), part)

    assert len(pages) > 20
    assert [name for name, text in pages.items() if NOTE in text or WIN in text] == []


def test_no_export_of_a_fellow_member_holds_it_and_ours_does(
    arranged: Arranged, cast: Cast
) -> None:
    for part, holds in (("school_manager", True), ("health_manager", False)):
        client = cast.client(part)
        page = address("take-records", arranged, PARTS[part])
        response = client.post(page, {"once": once_in(client.get(page).text)})
        assert (NOTE in words(content(response))) is holds
        assert (WIN in words(content(response))) is holds


def test_no_email_and_no_audit_event_carries_it(arranged: Arranged, superuser: Any) -> None:
    for table in ("organisations_delivery", "organisations_auditevent"):
        said = superuser.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
        (text,) = said.fetchone()
        assert text
        assert NOTE not in text
        assert WIN not in text
