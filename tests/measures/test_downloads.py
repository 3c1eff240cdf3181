"""Files of figures: the very values of the pages, what they are, and for whom."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from initiatives.measures.models import Measure
from initiatives.plans.models import Initiative
from organisations.models import AuditEvent
from partnerships.agreements import papers
from tests.access.register import PARTS
from tests.agreements.arranging import papered
from tests.agreements.arranging import started as agreement_started
from tests.measures.arranging import DEFINITION, SHARE, measured, reading
from tests.measures.sheets import cells
from tests.plans.arranging import started
from tests.record.arranging import acting_as
from tests.touchpoints.scene import Scene

HEADINGS = [
    "Measure", "Measured by", "Period", "First day", "Last day", "Group", "What a figure is",
    "Figure", "Target", "Small numbers",
]  # fmt: skip
MASKED = "Masked: 1 to 7"


@pytest.fixture
def drop_in(scene: Scene) -> Initiative:
    return started(scene.cast.school_editor, scene.partnership)


def files_of(
    scene: Scene, initiative: Initiative, part: str, measure: Measure | None = None
) -> dict[str, Any]:
    """The answers to somebody who asks for both kinds of file."""
    client = scene.cast.client(part)
    place = [scene.cast.organisation(PARTS[part]).slug, scene.partnership.ref]
    name = "measure-figures" if measure else "measures-figures"
    more = [measure.ref] if measure else []
    return {
        kind: client.get(reverse(name, args=[*place, initiative.ref, *more, kind]))
        for kind in ("csv", "xlsx")
    }


def parts(rows: list[Any]) -> tuple[dict[str, Any], list[Any]]:
    """What stands above the headings, and the rows below."""
    at = next(n for n, row in enumerate(rows) if list(row)[:1] == ["Measure"])
    assert list(rows[at]) == HEADINGS
    return {row[0]: row[1] for row in rows[:at] if row and row[0]}, rows[at + 1 :]


def test_a_file_has_the_figures_of_the_page_with_types_and_says_what_they_are(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in, replace(SHARE, groups=("Year 7", "Year 8", "Year 9")))
    reading(by, measure, (3, 60), (12, 80), (13, 70), back=1)
    reading(by, measure, (20, 60), (30, 80), (40, 70))
    answers = files_of(scene, drop_in, "school_viewer", measure)

    about, rows = parts(cells(answers["xlsx"].content))
    page = scene.cast.client("school_viewer").get(
        reverse(
            "measure",
            args=[scene.cast.organisation("school").slug, scene.partnership.ref, drop_in.ref,
                  measure.ref],
        )
    ).text  # fmt: skip
    shown = [_number(row[7]) for row in rows if row[2] == "December 2026"]
    on_page = re.search(r"December 2026.*?</tr>", page.split("<tbody", 1)[1], re.S)
    assert on_page is not None
    for value in shown:
        assert f">{value}<" in re.sub(r"\s+", "", on_page[0]), value
    figures = [row[7] for row in rows]
    assert any(isinstance(each, int | float) for each in figures)
    # The masked group is said to be so: never 0, never blank.
    hidden = [each for each in figures if isinstance(each, str)]
    assert hidden
    assert set(hidden) <= {MASKED, "Not shown, so that nobody can work out a small number"}
    assert None not in figures
    assert [each.date() for each in rows[0][3:5]] == [date(2026, 11, 1), date(2026, 11, 30)]
    assert rows[0][8] == 15

    assert about["Figures of"] == drop_in.name
    assert "from 1 to 7 are masked, the others are rounded to 5" in about["Small numbers"]
    assert about["Sharing"].startswith("No data sharing agreement is in force")
    assert "4 January 2027" in about["Figures as of"]

    lines = list(csv.reader(io.StringIO(answers["csv"].content.decode("utf-8-sig"))))
    about_csv, rows_csv = parts(lines)
    assert about_csv == about
    assert [row[7] for row in rows_csv] == [_text(each) for each in figures]
    with acting_as(by):
        (event, _) = AuditEvent.objects.filter(action="measure downloaded")
    assert event.changes in (None, {})


def _number(value: Any) -> str:
    return str(value) if isinstance(value, str) else f"{Decimal(str(value)).normalize():f}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(Decimal(str(value)).quantize(Decimal("0.1")))


def test_nothing_in_a_file_is_a_formula(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in, replace(DEFINITION, name="=cmd|'/c calc'!A1"))
    reading(by, measure, 42)
    answers = files_of(scene, drop_in, "school_editor", measure)
    assert "\r\n'=cmd" in answers["csv"].content.decode("utf-8-sig")
    _, rows = parts(cells(answers["xlsx"].content))
    assert rows[0][0].startswith("'=cmd")
    assert rows[0][7] == 40


def test_all_measures_of_an_initiative_are_in_one_file(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    held = replace(DEFINITION, name="Sessions held", person_based=False)
    for definition, number in ((DEFINITION, 4), (held, 3)):
        reading(by, measured(by, drop_in, definition), number)
    _, rows = parts(cells(files_of(scene, drop_in, "school_viewer")["xlsx"].content))
    assert [(row[0], row[7], row[9]) for row in rows] == [
        ("Pupils reached", MASKED, "Masked and rounded"),
        ("Sessions held", 3, "Not about people: as counted"),
    ]


def test_who_may_know_no_figure_gets_no_file(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)

    def got(part: str) -> set[int]:
        answers = [
            *files_of(scene, drop_in, part, measure).values(),
            *files_of(scene, drop_in, part).values(),
        ]
        return {each.status_code for each in answers}

    assert got("school_editor") == {404}
    reading(by, measure, 42)
    assert got("school_editor") == {200}
    assert got("health_editor") == got("council_editor") == got("stranger") == {404}
    agreement = agreement_started(scene)
    paper = papered(
        scene, agreement, kind="dsa", reference="Sharing agreement 7", dated=date(2026, 10, 1)
    )
    assert got("health_editor") == {200}
    about, _ = parts(cells(files_of(scene, drop_in, "health_editor")["xlsx"].content))
    assert about["Sharing"].startswith("Every member of the partnership may see these figures")
    assert got("council_editor") == got("stranger") == {404}
    with acting_as(scene.cast.health_editor) as other:
        papers.end_data_paper(by=other, paper=paper, note="Replaced")
    assert got("health_editor") == {404}
    page = scene.cast.client("health_editor").get(
        reverse(
            "measures",
            args=[scene.cast.organisation("health").slug, scene.partnership.ref, drop_in.ref],
        )
    )
    assert "Download" not in page.text


def test_there_are_two_kinds_of_file(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    reading(by, measure, 42)
    slug = scene.cast.organisation("school").slug
    place = [slug, scene.partnership.ref, drop_in.ref, measure.ref, "pdf"]
    client = scene.cast.client("school_editor")
    assert client.get(reverse("measure-figures", args=place)).status_code == 404
