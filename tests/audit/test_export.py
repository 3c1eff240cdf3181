"""The trail as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from organisations.audit_trail.export import HEADINGS, export_trail, harmless
from organisations.audit_trail.selectors import Filters
from tests.cast import Cast
from tests.record.arranging import acting_as, opened, shared


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_the_trail_and_is_itself_on_record(cast: Cast, superuser: Any) -> None:
    shared(cast)
    url = reverse("audit-export", args=[cast.organisation("school").slug])
    response = cast.client("school_manager").get(url + "?kind=record_partnership")
    found = rows(response.content.decode())
    event = superuser.execute(
        "SELECT user_id, changes FROM organisations_auditevent WHERE action = %s",
        ["audit trail exported"],
    ).fetchone()

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="audit-trail-')
    assert "no-store" in response["Cache-Control"]
    assert found[0] == list(HEADINGS)
    assert [row[4:7] for row in found[1:]] == [
        ["Partnership opened", "Health hub", "Partner: Walsall Healthcare NHS Trust"]
    ]
    assert event == (cast.school_manager.user_id, {"rows": 1})


def test_a_file_that_would_be_too_long_says_where_it_ends(cast: Cast) -> None:
    shared(cast)
    with acting_as(cast.school_manager) as by:
        found = rows(export_trail(by=by, filters=Filters(), most=2))

    assert len(found) == 4
    assert found[-1] == ["This file ends after the newest 2 events. Narrow the dates."]


def test_no_cell_is_a_formula(cast: Cast) -> None:
    opened(cast, name="=HYPERLINK(1)")
    with acting_as(cast.school_manager) as by:
        found = rows(export_trail(by=by, filters=Filters()))

    assert found[1][5] == "'=HYPERLINK(1)"
    for start in ("=", "+", "-", "@", "\t", "\r"):
        assert harmless(f"{start}1") == f"'{start}1"
    assert harmless("1=1") == "1=1"


@pytest.mark.parametrize("part", ["school_editor", "school_viewer"])
def test_only_managers_take_it_out(cast: Cast, part: str) -> None:
    with pytest.raises(PermissionDenied), acting_as(cast.actors[part]) as by:
        export_trail(by=by, filters=Filters())
