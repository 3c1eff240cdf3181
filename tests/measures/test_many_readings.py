"""Many readings at once: what each row would do, saving all or none, and nothing kept before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from initiatives.measures import selectors, services
from initiatives.measures.models import Measure, Reading, ReadingPublication
from initiatives.measures.publisher import raw_readings
from initiatives.measures.services import Entries, Entry
from initiatives.plans.models import Initiative
from organisations.models import AuditEvent
from organisations.references import new_ref
from tests.measures.arranging import DEFINITION, SHARE, measured, raw, reading, told
from tests.measures.sheets import (
    Bringing,
    Rows,
    as_csv,
    as_workbook,
    cells,
    checked_in,
    pasted,
    said,
    table_of,
)
from tests.plans.arranging import started
from tests.record.arranging import NHS_NUMBER, acting_as, once_in
from tests.touchpoints.scene import Scene

GROUPS = replace(SHARE, name="Absence by year", groups=("Year 7", "Year 8"), period="term")
WAITS = replace(DEFINITION, name="Wait", unit="days", direction="down")
AUTUMN = "Autumn term 2026/27"
UPN = "B801200005001"
Super = psycopg.Connection[Any]


@pytest.fixture
def drop_in(scene: Scene) -> Initiative:
    return started(scene.cast.school_editor, scene.partnership)


def bringing(scene: Scene, initiative: Initiative, definition: Any = DEFINITION) -> Bringing:
    by = scene.cast.school_editor
    made = measured(by, initiative, definition)
    return Bringing(scene.cast, by, "school_editor", made)


def the_measure(owner: Bringing) -> Measure:
    with acting_as(owner.by):
        return Measure.objects.select_related("initiative__partnership").get(ref=owner.place[-1])


# ---------------------------------------------------------------- a look, then all at once


def test_rows_are_looked_at_and_then_saved_and_published_together(
    scene: Scene, drop_in: Initiative
) -> None:
    owner = bringing(scene, drop_in)
    assert "Enter many readings" in owner.client.get(reverse("measure", args=owner.place)).text
    reading(owner.by, the_measure(owner), 41, back=2)
    reading(owner.by, the_measure(owner), 30, back=1)
    rows = [["Period", "Number"], ["Dec 2026", 61], ["30/11/2026", 30], ["2026-10", "1,042"]]

    preview = owner.check(pasted(rows))
    words = said(preview)
    assert "1 new row, 1 correction, 1 row that is in Tandem already" in words
    assert "October 2026 1,042 Correction Now 41." in words
    assert raw(owner.by) == [41, 30]

    saved = owner.save(preview)
    assert saved.status_code == 302
    assert raw(owner.by) == [41, 30, 1042, 61]
    assert [number for _, _, number, _, _ in told(owner.by, the_measure(owner))] == [1040, 30, 60]
    with acting_as(owner.by), raw_readings(the_measure(owner)):
        publications = ReadingPublication.objects.count()
        (event,) = AuditEvent.objects.filter(action="readings entered together")
    # Each of the two entered before was one; what came together is one more.
    assert publications == 3
    assert event.changes == {
        "recorded": ["2026-12-01_2026-12-31"],
        "corrected": ["2026-10-01_2026-10-31"],
    }
    assert "2 readings saved" in owner.client.get(saved["Location"]).text

    again = owner.check(pasted(rows))
    assert "There is nothing to save" in again.text
    assert 'name="checked"' not in again.text


def test_posting_it_twice_saves_it_once(scene: Scene, drop_in: Initiative) -> None:
    owner = bringing(scene, drop_in)
    preview = owner.check("Period,Number\nDecember 2026,61")
    assert [owner.save(preview).status_code for _ in range(2)] == [302, 302]
    assert raw(owner.by) == [61]


def test_readings_entered_meanwhile_are_looked_at_first(scene: Scene, drop_in: Initiative) -> None:
    owner = bringing(scene, drop_in)
    preview = owner.check("Period,Number\nDecember 2026,61")
    reading(owner.by, the_measure(owner), 50, back=0)
    assert "Readings were entered since you checked" in said(owner.save(preview))
    assert raw(owner.by) == [50]


def test_what_was_checked_serves_its_person_measure_and_day_alone(
    scene: Scene, drop_in: Initiative, clock: Any
) -> None:
    owner = bringing(scene, drop_in)
    other = bringing(scene, drop_in, replace(DEFINITION, name="Another"))
    preview = owner.check("Period,Number\nDecember 2026,61")
    checked = checked_in(preview)

    def posted(to: Bringing, given: str) -> str:
        once = once_in(to.client.get(to.address).text)
        return said(to.client.post(to.address, {"once": once, "checked": given}))

    assert "Check them again" in posted(other, checked)
    assert "Check them again" in posted(owner, checked[:-1] + "x")
    manager = scene.cast.client("school_manager")
    assert manager.post(owner.address, {"checked": checked}).status_code == 403
    clock.shift(25 * 60 * 60)
    owner.client = scene.cast.client("school_editor")
    assert "Check them again" in posted(owner, checked)
    assert raw(owner.by) == []


def test_a_correction_may_name_one_group_and_a_new_period_needs_all(
    scene: Scene, drop_in: Initiative
) -> None:
    owner = bringing(scene, drop_in, GROUPS)
    reading(owner.by, the_measure(owner), (30, 100), (40, 120), back=1)
    earlier = owner.spans()[1]
    heads = ["Period", "Group", "Number", "Out of"]
    lacking = owner.check(pasted([heads, [AUTUMN, "Year 7", 20, 90]]))
    assert "Autumn term 2026/27 has no number for Year 8. Add a row for each." in said(lacking)
    rows = [
        heads,
        [AUTUMN, "year 8", 25, 95],
        [AUTUMN, "Year 7", 20, 90],
        [earlier, "Year 8", 44, 120],
    ]
    assert owner.save(owner.check(sheet=as_workbook(rows))).status_code == 302
    with acting_as(owner.by):
        now = Reading.objects.filter(superseded_at=None).order_by("starts_on", "group")
        numbers = list(now.values_list("group", "number", "base"))
    assert numbers == [
        ("Year 7", 30, 100),
        ("Year 8", 44, 120),
        ("Year 7", 20, 90),
        ("Year 8", 25, 95),
    ]


def test_averages_are_read_with_how_many_people(scene: Scene, drop_in: Initiative) -> None:
    owner = bringing(scene, drop_in, WAITS)
    preview = owner.check("Period;Average;People\nDecember 2026;12.5;40\nNovember 2026;3;6")
    assert "A small number: others are not told it." in said(preview)
    assert owner.save(preview).status_code == 302
    with acting_as(owner.by):
        rows = Reading.objects.order_by("starts_on").values_list("value", "number")
        assert list(rows) == [(Decimal("3.0"), 6), (Decimal("12.5"), 40)]


def test_the_template_has_the_columns_the_periods_and_the_groups_that_lack(
    scene: Scene, drop_in: Initiative
) -> None:
    owner = bringing(scene, drop_in, GROUPS)
    reading(owner.by, the_measure(owner), (30, 100), (40, 120), back=1)
    address = reverse("readings-template", args=owner.place)
    rows = cells(owner.client.get(address).content)
    assert rows[0] == ("Period", "Group", "Number", "Out of")
    assert [row[:2] for row in rows[1:3]] == [(AUTUMN, "Year 7"), (AUTUMN, "Year 8")]
    assert owner.spans()[1] not in [row[0] for row in rows]
    filled = [*rows[:1], *((*row[:2], 20, 100) for row in rows[1:3]), *rows[3:]]
    preview = owner.check(sheet=as_workbook(filled))
    assert f"{len(rows) - 3} rows have no number and were left out" in said(preview)
    assert owner.save(preview).status_code == 302
    assert raw(owner.by)[-2:] == [20, 20]


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("December 2026,300,200", "Number: It must be 200 or fewer: it cannot be more than all."),
        ("December 2026,0.4,200", "Number: Enter how many people, not a share: for 40% of 200"),
        ("December 2026,40 %,200", "Number: Enter how many people, not a share: for 40% of 200"),
        ("December 2026,18 of 20,", "Enter 18 here and 20 as “Out of”"),
        ("December 2026,18,", "Out of: Enter out of how many, 1 or more."),
        ("December 2026,18,0", "Out of: Enter out of how many, 1 or more."),
        ("December 2026,-5,20", "Number: It must be 0 or more."),
        ("December 2026,lots,20", "Number: Enter how many people, not a share"),
        ("December 2026,=B2+1,20", "Number: This is a formula."),
        ("December 2026,#DIV/0!,20", "Number: Your spreadsheet could not work this out."),
        ("December 2026,1,20000001", "Out of: It must be between 0 and 10,000,000."),
        ("January 2027,18,20", "January 2027 is not over. Enter it after 31 January 2027."),
        ("June 2027,18,20", "June 2027 is not over."),
        ("December 1999,18,20", "Period: Enter a month of the last 3 years, like December 2026."),
        ("01/12/1999,18,20", "Period: Readings go back 3 years."),
        ("Whitsun,18,20", "Period: Enter a month of the last 3 years"),
        (",18,20", "Period: Enter the period of this reading."),
        ("December 2026,1,200,300", "There is more in this row than there are headings."),
        ("Nov 2026,9,20\nNovember 2026,8,20", "This reading is there twice, in rows 2 and 3."),
    ],
)
def test_each_problem_names_its_row_and_column_and_nothing_is_saved(
    scene: Scene, drop_in: Initiative, row: str, words: str
) -> None:
    owner = bringing(scene, drop_in, replace(SHARE, period="month"))
    good = "Oct 2026,10,100"
    preview = owner.check(f"Period,Number,Out of\n{row}\n{good}")
    page = said(preview)
    assert words in page
    assert "Nothing is saved." in page
    assert re.search(r"Row [34] October 2026 10 100 New", table_of(preview))
    assert 'name="checked"' not in preview.text
    # What was pasted is there to be put right.
    assert good in preview.text
    assert raw(owner.by) == []


def test_a_count_has_no_second_cell(scene: Scene, drop_in: Initiative) -> None:
    owner = bringing(scene, drop_in, DEFINITION)
    words = said(owner.check("Period,Number\nDecember 2026,18 of 20"))
    assert "Number: Enter 18 alone" in words
    assert "Out of" not in words


def test_groups_that_are_none_and_totals_are_named(scene: Scene, drop_in: Initiative) -> None:
    owner = bringing(scene, drop_in, GROUPS)
    rows = f"Period,Group,Number,Out of\n{AUTUMN},Year 9,1,20\n{AUTUMN},Total,1,20"
    words = said(owner.check(rows))
    assert "Group: Enter one of the groups: Year 7, Year 8." in words
    assert "Group: Leave this row out. Tandem adds the groups up." in words


def test_a_workbook_with_percentages_is_asked_for_numbers(
    scene: Scene, drop_in: Initiative
) -> None:
    owner = bringing(scene, drop_in, replace(SHARE, period="term"))
    rows = [["Period", "Number", "Out of"], [AUTUMN, 1, 200]]
    words = table_of(owner.check(sheet=as_workbook(rows, shares=["B2"])))
    assert f"{AUTUMN} 100% 200 Problem Number: Enter how many people, not a share" in words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04 nothing", "not an Excel workbook"),
        (b"Period,Amount\nDecember 2026,4", "There is no column called “Number”"),
        (b"Period,Number,Count\nDecember 2026,4,4", ""),
        (b"Period,Number,Number\nDecember 2026,4,4", "The column “Number” is there twice"),
        (b"Colour,Size\nred,4", "The first row must be headings"),
        (b"Period,Number\nDecember 2026,", "There are no numbers in these rows"),
        (b"Period,Number\n" + b"December 2026,4\n" * 1001, "more than 1,000 rows"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_what_to_do(
    scene: Scene, drop_in: Initiative, content: bytes, words: str
) -> None:
    owner = bringing(scene, drop_in)
    answer = owner.check(sheet=SimpleUploadedFile("readings.csv", content))
    assert words in said(answer)
    assert ('name="checked"' in answer.text) == (not words)


def test_rows_or_a_file_and_not_both(scene: Scene, drop_in: Initiative) -> None:
    owner = bringing(scene, drop_in)
    assert "Paste rows or choose a file" in said(owner.check())
    both = owner.check("Period,Number", as_csv([["Period", "Number"]]))
    assert "Paste rows or choose a file, not both" in said(both)


def test_columns_that_are_none_of_ours_are_named_and_not_read(
    scene: Scene, drop_in: Initiative
) -> None:
    owner = bringing(scene, drop_in)
    preview = owner.check("Period,Shoe size,Number\nDecember 2026,43,61")
    assert "These columns are not read: Shoe size." in said(preview)
    assert "43" not in table_of(preview)


# ---------------------------------------------------------------- single people


SECRETS = ("Zebedee", "Quillfeather", NHS_NUMBER, UPN, "04/03/2012", "Secretword")


@pytest.mark.parametrize(
    "rows",
    [
        [["Period", "Number", "Pupil"], ["December 2026", 1, "Zebedee"]],
        [["Period", "Number", "Name"], ["December 2026", 1, "zebedee quillfeather"]],
        [["Period", "Number", "Anything"], ["December 2026", 1, "Zebedee Quillfeather"]],
        [["Period", "Number", "Zebedee Quillfeather"], ["December 2026", 1, 1]],
        [["Period", "Number"], ["Quillfeather, Zebedee", 1]],
        [["Zebedee Quillfeather", 1], ["December 2026", 1]],
        [["Period", "Number", "Note"], ["December 2026", 1, f"Secretword {NHS_NUMBER}"]],
        [["Period", "Number", "Code"], ["December 2026", 1, UPN]],
        [["Period", "Number", "DOB"], ["December 2026", 1, "04/03/2012"]],
        [["Period", "Number", "Date of birth"], ["December 2026", 1, "04/03/2012"]],
        [["Period", "Number", "Surname", "First name"], ["December 2026", 1, "Secretword", ""]],
    ],
)
@pytest.mark.parametrize("way", ["paste", "csv", "xlsx"])
def test_rows_about_single_people_are_refused_whole_and_nothing_of_them_is_anywhere(
    scene: Scene,
    drop_in: Initiative,
    superuser: Super,
    caplog: pytest.LogCaptureFixture,
    rows: Rows,
    way: str,
) -> None:
    owner = bringing(scene, drop_in)
    caplog.clear()
    if way == "paste":
        answer = owner.check(pasted(rows))
    else:
        answer = owner.check(sheet=as_csv(rows) if way == "csv" else as_workbook(rows))
    words = said(answer)
    assert "pupils or patients" in words
    assert "safeguarding lead" in words
    assert caplog.text
    everything = _everything(superuser) + caplog.text + answer.text
    assert [each for each in SECRETS if each in everything] == []
    assert raw(owner.by) == []


def _everything(superuser: Super) -> str:
    """Every row of every table, sessions and the trail too, as text; England left out."""
    names = superuser.execute(
        "SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relkind = 'r' AND nspname IN ('public', 'tandem') "
        "AND relname NOT IN ('organisations_school', 'organisations_organisation', "
        "'contacts_place')"
    ).fetchall()
    assert len(names) > 100
    return "".join(
        str(superuser.execute(f"SELECT string_agg(t::text, ' ') FROM {name} t").fetchone())
        for (name,) in names
    )


@pytest.mark.parametrize("step", ["rows", "checked"])
def test_whoever_was_signed_out_leaves_nothing_behind(
    scene: Scene, drop_in: Initiative, superuser: Super, step: str
) -> None:
    owner = bringing(scene, drop_in)
    preview = owner.check("Period,Number\nDecember 2026,61616")
    signed_out = scene.cast.client(None)
    given = {"once": once_in(preview.text), "rows": "Zebedee,61616"}
    if step == "checked":
        given = {"once": once_in(preview.text), "checked": checked_in(preview)}
    answer = signed_out.post(owner.address, given)
    assert answer.status_code == 302
    assert "draft" not in answer["Location"]
    kept = list(signed_out.session.keys())
    assert not [each for each in kept if each.startswith("draft")]
    assert "61616" not in _everything(superuser)


# ---------------------------------------------------------------- one page for its owner


def test_nobody_but_the_owner_opens_the_page_or_saves(scene: Scene, drop_in: Initiative) -> None:
    owner = bringing(scene, drop_in)
    for part in ("school_manager", "health_editor"):
        slug = scene.cast.organisation(part.split("_")[0]).slug
        client = scene.cast.client(part)
        for name in ("record-readings", "readings-template"):
            assert client.get(reverse(name, args=[slug, *owner.place[1:]])).status_code == 403


def test_the_service_refuses_what_no_preview_would_let_through(
    scene: Scene, drop_in: Initiative
) -> None:
    owner = bringing(scene, drop_in)
    measure = the_measure(owner)
    with acting_as(owner.by) as by:
        latest, before = services.periods_of(by, measure)[:2]
    late = replace(latest, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 31))

    def refused(*readings: Entries, based_on: int = 0) -> str:
        with acting_as(owner.by) as by, pytest.raises(ValidationError) as caught:
            services.record_readings(by=by, measure=measure, readings=readings, based_on=based_on)
        assert raw(owner.by) == []
        return " ".join(caught.value.messages)

    good = Entries(latest, [Entry(number=12)])
    assert "December 2026: Enter a number" in refused(Entries(latest, [Entry()]))
    assert "November 2026: It must be" in refused(good, Entries(before, [Entry(number=-1)]))
    assert "Choose a period that is over" in refused(good, Entries(late, [Entry(number=1)]))
    assert "each once" in refused(good, good)
    assert "nothing to save" in refused()
    assert "Check the rows again" in refused(good, based_on=7)
    with acting_as(owner.by):
        assert selectors.latest_reading(measure) == 0


# ---------------------------------------------------------------- three ways, one result


NUMBERS = st.tuples(st.integers(0, 40), st.integers(0, 60)).map(lambda n: (n[0], n[0] + n[1] or 1))


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(
    numbers=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    order=st.randoms(use_true_random=False),
)
def test_however_the_same_rows_come_the_same_is_seen_and_published(
    scene: Scene, numbers: Any, separator: str, encoding: str, order: Any
) -> None:
    groups = ("Café", "Year 8")
    initiative = started(scene.cast.school_editor, scene.partnership, name=new_ref())
    ways = [
        bringing(scene, initiative, replace(GROUPS, name=name, groups=groups))
        for name in ("Paste", "CSV", "XLSX")
    ]
    rows: list[list[object]] = [
        [span, group, *of]
        for span, pair in zip(ways[0].spans(), numbers, strict=False)
        for group, of in zip(groups, pair, strict=True)
    ]
    order.shuffle(rows)
    rows.insert(0, ["Period", "Group", "Number", "Out of"])
    paste, text, book = ways
    previews = [
        paste.check(pasted(rows)),
        text.check(sheet=as_csv(rows, separator, encoding)),
        book.check(sheet=as_workbook(rows)),
    ]
    assert len({table_of(each) for each in previews}) == 1
    for way, preview in zip(ways, previews, strict=True):
        assert way.save(preview).status_code == 302
    published = [told(way.by, the_measure(way)) for way in ways]
    assert published[0] == published[1] == published[2]
    assert len(published[0]) == 3 * min(len(numbers), len(paste.spans()))
