"""The pages of an organisation's calendar, as forms are really sent."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calendars.given_terms import spans_of
from calendars.models import TermDates
from organisations.joining.registry import sections
from organisations.models import Organisation
from tests.calendars.arranging import given, own_period, school_of
from tests.calendars.test_pasted_terms import EXPECTED, FREE_TEXT
from tests.cast import Cast
from tests.record.arranging import acting_as, once_in, statements
from tests.record.pages import address

YEAR = {"year": "2026-27"}
FIELD = re.compile(r'<(?:input|textarea)[^>]*?name="([^"]+)"[^>]*?>(?:([^<]*)</textarea>)?')
VALUE = re.compile(r'value="([^"]*)"')


def boxes(page: str) -> dict[str, str]:
    """What stands in the boxes of the form that saves term dates, radios as they are ticked."""
    found: dict[str, str] = {}
    form = page[page.index('<form method="post"', page.index("<h1")) :]
    for match in FIELD.finditer(form[: form.index("</form>")]):
        value = VALUE.search(match[0])
        if 'type="radio"' in match[0] and " checked" not in match[0]:
            continue
        text = match[2] if match[2] is not None else (value[1] if value else "")
        found[match[1]] = unescape(text).strip()
    found.pop("csrfmiddlewaretoken", None)
    return found


def kept(cast: Cast) -> list[TermDates]:
    with acting_as(cast.school_editor):
        return list(TermDates.objects.order_by("pk"))


def spans(row: TermDates) -> list[tuple[object, object]]:
    return [(half.start, half.end) for half in spans_of(row)]


def pasted(cast: Cast, client: Client, text: str) -> str:
    page = address(cast, "paste-term-dates", **YEAR)
    return client.post(page, {"once": once_in(client.get(page).text), "text": text}).text


def test_what_is_pasted_is_checked_and_then_saved(cast: Cast) -> None:
    client = cast.client("school_editor")
    preview = pasted(cast, client, FREE_TEXT)
    nothing_yet = kept(cast)
    response = client.post(address(cast, "term-dates", **YEAR), boxes(preview))

    assert "Nothing has been saved yet" in preview
    assert "Read as a holiday" in preview
    assert nothing_yet == []
    assert response.status_code == 302
    (row,) = kept(cast)
    assert spans(row) == EXPECTED
    assert (row.given_by, row.standing, len(row.inset_days)) == ("pasted", "published", 3)
    shown = client.get(response["Location"]).text
    assert "Own dates" in shown
    assert "Term dates of 2026/27 saved" in shown


def test_who_published_the_dates_is_said(cast: Cast) -> None:
    trust = cast.organisation("school")
    page = f"{address(cast, 'calendar')}?year=2026-27"
    client = cast.client("school_editor")
    before = client.get(page).text
    given(cast.actors["school_editor"], trust)
    after = client.get(page).text

    assert f"Typical: not published for {trust.name}" in before
    assert "Published by" not in before
    assert f"Published by {trust.name}" in after


def test_a_pasted_text_without_dates_is_there_again(cast: Cast) -> None:
    page = pasted(cast, cast.client("school_editor"), "Term dates are coming soon")

    assert "No dates were found" in page
    assert "Term dates are coming soon" in page


def test_dates_of_another_year_are_not_filled_in(cast: Cast) -> None:
    page = pasted(cast, cast.client("school_editor"), FREE_TEXT.replace("202", "203"))

    assert "These dates are of 2036/37" in page
    assert "There is a problem" not in page
    assert boxes(page)["start_0"] == boxes(page)["inset_days"] == ""


def test_a_file_is_checked_row_by_row_and_nothing_of_it_is_lost(cast: Cast) -> None:
    client, page = cast.client("school_editor"), address(cast, "term-dates-file", **YEAR)
    content = (
        "name,start,end\r\nAutumn 1,01/09/2026,2026-10-23\r\nAutumn 2,02/11/2026,31/11/2026\r\n"
        "INSET day,19/10/2026,\r\nHalf term,26/10/2026,30/10/2026\r\nAutumn 1,1/9/2027,22/10/2027"
    )
    sheet = SimpleUploadedFile("Terms 2026.csv", content.encode("utf-8-sig"))
    preview = client.post(page, {"once": once_in(client.get(page).text), "sheet": sheet}).text
    filled = boxes(preview)
    refused = client.post(address(cast, "term-dates", **YEAR), filled).text
    saved = client.post(
        address(cast, "term-dates", **YEAR),
        boxes(refused) | {"end_1": "18 December 2026"},
    )

    for text in (preview, refused):
        assert "Autumn 2: There is no 31 November 2026" in text
    assert "Row 5 (Half term) is a holiday: left out" in preview
    assert "Row 6 (Autumn 1) lies outside 2026/27: left out" in preview
    assert (filled["start_1"], filled["end_1"]) == ("02/11/2026", "31/11/2026")
    assert (filled["inset_days"], filled["source"]) == ("19/10/2026", "Terms 2026.csv")
    assert saved.status_code == 302
    (row,) = kept(cast)
    assert (row.given_by, spans(row)) == ("csv", EXPECTED[:2])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "This file is empty"),
        ("a.csv", b"name,start,end\r\n", "The file has no dates of 2026/27"),
        ("a.xlsx", b"PK\x03\x04\0\0\0", "This is not a CSV file. In Excel"),
        ("a.csv", b'"open,1,2', "quotation mark"),
        ("a.csv", b"x" * 200_001, "larger than 200 KB"),
    ],
)
def test_files_that_are_none_are_refused_in_words(
    cast: Cast, name: str, content: bytes, words: str
) -> None:
    client, page = cast.client("school_editor"), address(cast, "term-dates-file", **YEAR)
    once = once_in(client.get(page).text)
    answer = client.post(page, {"once": once, "sheet": SimpleUploadedFile(name, content)})

    assert answer.status_code == 200
    assert words in answer.text


def test_every_mistake_stands_at_its_box_and_names_its_row(cast: Cast) -> None:
    client, page = cast.client("school_editor"), address(cast, "term-dates", **YEAR)
    typed = boxes(client.get(page).text) | {
        "start_0": "1 September 2026",
        "end_0": "",
        "name_1": "",
        "start_1": "2 Nov",
        "end_1": "18 Dec",
        "name_2": "Spring 1",
        "start_2": "29 February 2027",
        "end_2": "32/1/2027",
        "name_6": "Extra",
        "inset_days": "2 September 2026\nsoon",
    }
    answer = client.post(page, typed).text

    for words in (
        "Autumn 1: enter its last day, like 1 September 2026",
        "Row 2: enter a name, like Autumn 1",
        "Spring 1: There is no 29 February 2027: 2027 is not a leap year",
        "Spring 1: There is no 32 January 2027",
        "Extra: enter its first day",
        "Line 2: “soon” is not a date",
        "Choose whether the dates are published or provisional",
    ):
        assert words in answer, words
    again = boxes(answer)
    assert {name: again[name] for name in typed if name != "once"} == {
        name: value for name, value in typed.items() if name != "once"
    }


def test_whoever_saves_second_sees_what_is_there_and_keeps_what_they_typed(cast: Cast) -> None:
    client, page = cast.client("school_manager"), address(cast, "term-dates", **YEAR)
    typed = boxes(client.get(page).text) | {
        "start_0": "1 Sep", "end_0": "23 Oct", "standing": "provisional",
    }  # fmt: skip
    given(cast.school_editor, cast.organisation("school"))
    answer = client.post(page, typed)
    (theirs,) = kept(cast)
    saved = client.post(page, boxes(answer.text))

    assert "Someone else changed these dates" in answer.text
    assert "Summer 2: 7 June 2027 to 20 July 2027" in answer.text
    assert len(theirs.spans) == 6
    assert saved.status_code == 302
    assert spans(kept(cast)[0]) == EXPECTED[:1]


def test_a_viewer_reads_and_is_led_to_no_form(cast: Cast) -> None:
    given(cast.school_editor, cast.organisation("school"))
    page = cast.client("school_viewer").get(address(cast, "calendar") + "?year=2026-27").text

    assert "Own dates" in page
    assert "An editor or manager of your organisation can change it" in page
    assert "/terms/2026-27/" not in page
    assert "Add our own" not in page


def test_a_health_organisation_has_pressure_points_and_no_terms(cast: Cast) -> None:
    page = cast.client("health_editor").get(address(cast, "calendar", "health")).text

    assert "Pressure points" in page
    assert "Term dates" not in page


@pytest.mark.parametrize("year", ["2026", "2026-28", "1899-00", "x", "2026-27-28"])
def test_a_year_that_is_none_has_no_page(cast: Cast, year: str) -> None:
    client = cast.client("school_editor")

    assert client.get(address(cast, "calendar") + f"?year={year}").status_code == 404
    assert client.get(address(cast, "term-dates", year=year)).status_code == 404


def test_a_school_of_another_trust_has_no_page_here(cast: Cast) -> None:
    client = cast.client("school_editor")
    for name, kwargs in (
        ("school-calendar", {}),
        ("school-term-dates", YEAR),
        ("school-inset-days", YEAR),
        ("school-copy-term-dates", YEAR),
    ):
        url = address(cast, name, school=school_of(cast, "other").slug, **kwargs)
        assert client.get(url).status_code == 404
        assert client.post(url, {}).status_code in (404, 405)


def test_a_trust_with_eighty_schools_finds_one_in_as_many_statements(cast: Cast, superuser) -> None:
    client = cast.client("school_editor")
    url = address(cast, "calendar-schools")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    trust = cast.organisation("school").pk
    taken = superuser.execute(
        "SELECT organisation_id, trust_id, trust_basis FROM organisations_school "
        "WHERE trust_id IS NULL ORDER BY 1 LIMIT 80"
    ).fetchall()
    ids = [pk for pk, _, _ in taken]
    try:
        superuser.execute(
            "UPDATE organisations_school SET trust_id = %s, trust_basis = 'reported' "
            "WHERE organisation_id = ANY (%s)",
            [trust, ids],
        )
        with acting_as(cast.school_editor):
            sought = Organisation.objects.get(pk=ids[40])
        given(cast.school_editor, sought)
        with CaptureQueriesContext(connection) as many:
            page = client.get(url).text
        found = client.get(url, {"q": sought.code}).text
    finally:
        superuser.execute(
            "UPDATE organisations_school SET trust_id = NULL, trust_basis = '' "
            "WHERE organisation_id = ANY (%s)",
            [ids],
        )

    assert "page 1 of 4" in page
    assert len(statements(many)) == len(statements(few))
    assert sought.name in unescape(found)
    assert "Own dates" in found
    assert "1 school " in found


def test_a_period_is_added_shown_changed_and_removed(cast: Cast) -> None:
    client = cast.client("school_editor")
    add = address(cast, "add-period")
    facts = {
        "name": "Ofsted", "kind": "audit", "phase": "all", "severity": "high", "advice": "",
        "seen_by": "us", "starts_on_day": "1", "starts_on_month": "12", "starts_on_year": "2026",
        "ends_on_day": "30", "ends_on_month": "11", "ends_on_year": "2026",
    }  # fmt: skip
    backwards = client.post(add, facts | {"once": once_in(client.get(add).text)}).text
    done = client.post(
        add, facts | {"once": once_in(backwards), "ends_on_day": "4", "ends_on_month": "12"}
    )
    page = client.get(done["Location"]).text

    assert "The last day must be the first day or later" in backwards
    assert "Ofsted" in page
    assert "1 to 4 December 2026" in page
    assert "Only us" in page


def test_the_trail_names_what_was_done_to_the_calendar(cast: Cast) -> None:
    given(cast.school_editor, cast.organisation("school"))
    given(cast.school_editor, school_of(cast))
    own_period(cast)
    page = cast.client("school_manager").get(address(cast, "audit")).text

    for words in ("erm dates given", "Windsor Academy Trust, 2026/27", "Year 11 mock exams"):
        assert words in page, words


def test_the_export_holds_the_calendar(cast: Cast) -> None:
    given(cast.school_editor, cast.organisation("school"))
    given(cast.stranger, cast.organisation("other"))
    given(cast.school_editor, school_of(cast))
    own_period(cast)
    own_period(cast, "stranger", name="Theirs")
    by_name = {section.name: section for section in sections()}
    with acting_as(cast.school_manager) as by:
        terms = list(by_name["term_dates"].rows(by))
        periods = list(by_name["own_pressure_points"].rows(by))
        hidden = list(by_name["hidden_pressure_points"].rows(by))

    assert {row[0] for row in terms} == {
        cast.organisation("school").name,
        school_of(cast).name,
    }
    assert all(len(row) == len(by_name["term_dates"].columns) for row in terms)
    assert [row[1] for row in periods] == ["Year 11 mock exams"]
    assert hidden == []
