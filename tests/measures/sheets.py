"""Sheets of readings for tests, as people bring them, and what the pages say of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from initiatives.measures.models import Measure
from organisations.actor import Actor
from tests.cast import Cast
from tests.record.arranging import acting_as, once_in

Rows = Sequence[Sequence[object]]


def pasted(rows: Rows) -> str:
    """As a spreadsheet puts rows on the clipboard."""
    return "\n".join("\t".join(map(str, row)) for row in rows)


def as_csv(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> SimpleUploadedFile:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return SimpleUploadedFile("readings.csv", out.getvalue().encode(encoding))


def as_workbook(rows: Rows, shares: Sequence[str] = ()) -> SimpleUploadedFile:
    """A workbook; the cells named in `shares` are formatted as percentages."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for each in shares:
        sheet[each].number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("readings.xlsx", out.getvalue())


def cells(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of a workbook's first sheet."""
    return list(load_workbook(io.BytesIO(content)).worksheets[0].values)


class Bringing:
    """The owner of a measure brings readings in, by the page."""

    def __init__(self, cast: Cast, by: Actor, part: str, measure: Measure) -> None:
        self.by, self.client = by, cast.client(part)
        initiative = measure.initiative
        place = [cast.organisation(part.split("_", maxsplit=1)[0]).slug, initiative.partnership.ref]
        self.place = [*place, initiative.ref, measure.ref]
        self.address = reverse("record-readings", args=self.place)

    def check(self, rows: str = "", sheet: SimpleUploadedFile | None = None) -> HttpResponse:
        """Post rows or a file, and see the preview."""
        once = once_in(self.client.get(self.address).text)
        given: dict[str, Any] = {"once": once, "rows": rows}
        if sheet is not None:
            sheet.seek(0)
            given["sheet"] = sheet
        return self.client.post(self.address, given)  # type: ignore[return-value]

    def save(self, preview: HttpResponse, client: Client | None = None) -> HttpResponse:
        """Press the button below the rows."""
        return (client or self.client).post(  # type: ignore[return-value]
            self.address, {"once": once_in(preview.text), "checked": checked_in(preview)}
        )

    def spans(self) -> list[str]:
        """The names of the periods that are over, the latest first."""
        from initiatives.measures import services

        with acting_as(self.by):
            measure = Measure.objects.select_related("initiative__partnership").get(
                ref=self.place[-1]
            )
            return [each.name for each in services.periods_of(self.by, measure)]


def checked_in(preview: HttpResponse) -> str:
    found = re.search(r'name="checked" value="([^"]+)"', preview.text)
    assert found is not None, "nothing on the page can be saved"
    return found[1]


def said(response: HttpResponse) -> str:
    """The words of a page, in one line."""
    return _words(response.text.split('id="maincontent">', 1)[1].split("</main>", 1)[0])


def table_of(response: HttpResponse) -> str:
    """The rows of a preview in words."""
    return _words(response.text.split("<tbody", 1)[1].split("</tbody>")[0])


def _words(html: str) -> str:
    # On a phone each cell has its column's name before it.
    html = re.sub(r'<span class="nhsuk-table[^"]*heading"[^>]*>.*?</span>', " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", f"<{html}")).split())
