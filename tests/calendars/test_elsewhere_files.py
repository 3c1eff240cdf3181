"""Busy periods and term dates out of calendar files: choose, share or not, undo."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from calendars import asked_year
from calendars.elsewhere import selectors
from calendars.elsewhere.services import bring_in_file, take_from_file, undo_file
from calendars.ics.found import busy_back
from calendars.london import day_in_words
from calendars.models import CalendarFile, GivenBy, OwnPeriod, TermDates
from organisations.models import Organisation, School
from tests.calendars.elsewhere_files import busy_calendar, busy_entry, day, terms_calendar
from tests.calendars.ics.written import calendar
from tests.record.arranging import acting_as

VALID_NUMBER = "943 476 5919"


def brought_in(actor, content=None, purpose="busy", name="closures.ics", subject=None):
    with acting_as(actor) as by:
        return bring_in_file(
            by=by,
            purpose=purpose,
            subject=subject or Organisation.objects.get(pk=by.organisation_id),
            name=name,
            content=content if content is not None else busy_calendar(),
        )


def periods(actor):
    with acting_as(actor):
        rows = OwnPeriod.objects.filter(removed_at=None).order_by("starts_on")
        return [(each.name, each.starts_on, each.ends_on, each.shared) for each in rows]


def test_chosen_periods_are_taken_and_undone(cast):
    file = brought_in(cast.health_editor)
    found = busy_back(file.found).periods
    assert [each.name for each in found] == ["Closed", "Inspection"]
    with acting_as(cast.health_editor) as by:
        take_from_file(by=by, file=file, keys=[found[0].key], shared=True)
    assert periods(cast.health_editor) == [("Closed", day(10), day(12), True)]
    with acting_as(cast.health_editor) as by:
        assert undo_file(by=by, file=file) == 1
    assert periods(cast.health_editor) == []
    with acting_as(cast.health_editor) as by, pytest.raises(ValidationError, match="already"):
        undo_file(by=by, file=file)


def test_a_file_is_taken_once(cast):
    file = brought_in(cast.health_editor)
    keys = [each.key for each in busy_back(file.found).periods]
    with acting_as(cast.health_editor) as by:
        take_from_file(by=by, file=file, keys=keys, shared=False)
    with acting_as(cast.health_editor) as by, pytest.raises(ValidationError, match="already"):
        take_from_file(by=by, file=file, keys=keys, shared=False)
    assert len(periods(cast.health_editor)) == 2


@pytest.mark.parametrize("keys", [[], ["20270101-other"]])
def test_nothing_chosen_is_refused(cast, keys):
    file = brought_in(cast.health_editor)
    with acting_as(cast.health_editor) as by, pytest.raises(ValidationError, match="at least one"):
        take_from_file(by=by, file=file, keys=keys, shared=False)


def test_what_counts_as_busy(cast):
    def timed(name: str, hours: int, more: str = "") -> str:
        starts = f"DTSTART:{day(5):%Y%m%d}T090000\nDURATION:PT{hours}H"
        return f"UID:{name}\nSUMMARY:{name}\n{starts}\n{more}"

    file = brought_in(
        cast.health_editor,
        busy_calendar(
            timed("Away day", 7),
            timed("Meeting", 1),
            timed("Perhaps", 7, "TRANSP:TRANSPARENT"),
            busy_entry("Shown as free", 6, more="TRANSP:TRANSPARENT"),
            busy_entry("Private matter", 7, more="CLASS:PRIVATE"),
            busy_entry("Long ago", -20),
            busy_entry("Until today", -3, 4),
            busy_entry("Two years", 8, 800),
        ),
    )
    found = busy_back(file.found)
    assert [each.name for each in found.periods] == [
        "Until today",
        "Away day",
        "Shown as free",
        "Busy",
    ]
    assert found.cautions == (
        "Left out, because shorter than four hours or shown as free: 2.",
        "Left out, because longer than a year: 1.",
    )


def test_a_number_of_a_patient_is_not_kept(cast):
    file = brought_in(cast.health_editor, busy_calendar(busy_entry(f"Review {VALID_NUMBER}", 3)))
    assert VALID_NUMBER not in str(file.found["periods"][0]["name"])
    assert file.found["periods"][0]["name"] == "Busy"
    assert VALID_NUMBER not in str(file.found), "nor where only machines read it"
    assert "looks like it holds a number" in file.found["cautions"][0]
    with pytest.raises(ValidationError, match="file’s name"):
        brought_in(cast.health_editor, name=f"{VALID_NUMBER}.ics")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<!doctype html>", "web page"),
        (calendar(), "no entry from today on"),
        (b"x" * (3 * 1024 * 1024), "larger than 2 MB"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_file(cast, content, said):
    with pytest.raises(ValidationError, match=said) as refused:
        brought_in(cast.health_editor, content)
    assert list(refused.value.message_dict) == ["calendar"]
    assert not refused.value.message_dict["calendar"][0].endswith(".")


def test_term_dates_of_ones_own_and_of_a_school_of_ones_trust(cast):
    with acting_as(cast.school_editor):
        school = School.objects.filter(trust_id=cast.school_editor.organisation_id)[0].organisation
    for subject in (None, school):
        file = brought_in(cast.school_editor, terms_calendar(), "terms", subject=subject)
        with acting_as(cast.school_editor):
            (found,) = selectors.found_terms(file)
        assert len(found.half_terms) == 6
        assert len(found.inset_days) == 1


def test_term_dates_are_no_matter_of_health_or_of_others_schools(cast):
    with pytest.raises(ValidationError, match="keeps no school terms"):
        brought_in(cast.health_editor, terms_calendar(), "terms")
    with acting_as(cast.school_editor):
        school = School.objects.filter(trust_id=cast.school_editor.organisation_id)[0].organisation
    with pytest.raises(PermissionDenied):
        brought_in(cast.stranger, terms_calendar(), "terms", subject=school)
    with pytest.raises(ValidationError, match="No term dates were found"):
        brought_in(cast.school_editor, busy_calendar(busy_entry("Board", 3)), "terms")


def test_viewers_and_others_may_not(cast):
    with pytest.raises(PermissionDenied):
        brought_in(cast.school_viewer)
    file = brought_in(cast.health_editor)
    with acting_as(cast.school_editor) as by:
        assert not CalendarFile.objects.exists()
        with pytest.raises(PermissionDenied):
            take_from_file(by=by, file=file, keys=["x"], shared=True)


def test_a_person_brings_a_file_in_chooses_and_undoes(cast):
    client = cast.client("health_editor")
    here = f"/o/{cast.organisation('health').slug}/calendar/elsewhere/"
    page = client.get(f"{here}busy/file/").content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    upload = SimpleUploadedFile("closures.ics", busy_calendar())
    chosen = client.post(f"{here}busy/file/", {"once": once, "calendar": upload}, follow=True)
    page = chosen.content.decode()
    assert "Closed: " in page
    assert "Nothing is in your calendar yet" in page
    with acting_as(cast.health_editor):
        file = CalendarFile.objects.get()
    once = page.split('name="once" value="')[1].split('"')[0]
    key = busy_back(file.found).periods[1].key
    answer = {"once": once, "periods": [key], "sees": "partners"}
    taken = client.post(f"{here}files/{file.ref}/", answer, follow=True).content.decode()
    assert "1 busy period added to your calendar" in taken
    assert periods(cast.health_editor) == [("Inspection", day(20), day(20), True)]
    page = client.get(f"{here}files/{file.ref}/undo/").content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    gone = client.post(f"{here}files/{file.ref}/undo/", {"once": once}, follow=True)
    assert "1 busy period taken out of your calendar" in gone.content.decode()
    assert periods(cast.health_editor) == []


def test_term_dates_of_a_file_are_checked_and_saved(cast):
    file = brought_in(cast.school_editor, terms_calendar(), "terms")
    client = cast.client("school_editor")
    here = f"/o/{cast.organisation('school').slug}/calendar/elsewhere/files/{file.ref}/"
    assert "Not saved" in client.get(here).content.decode()
    with acting_as(cast.school_editor):
        (found,) = selectors.found_terms(file)
    checked = client.get(f"{here}terms/{asked_year.in_address(found.year)}/").content.decode()
    assert day_in_words(found.half_terms[0].start) in checked
    (typed,) = re.findall(r'<textarea[^>]*name="inset_days"[^>]*>([^<]*)</textarea>', checked)
    assert typed.strip() == day_in_words(found.inset_days[0])
    sent = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', checked))
    sent |= {"inset_days": typed, "standing": "published"}
    address = re.findall(r'<form[^>]*action="([^"]*/terms/[^"]*)"', checked)[0]
    saved = client.post(address, sent, follow=True).content.decode()
    assert f"Term dates of {found.year} saved" in saved
    assert "Saved already" in client.get(here).content.decode()
    with acting_as(cast.school_editor):
        row = TermDates.objects.get()
    assert (row.given_by, row.source) == (GivenBy.ICS_FILE, file.name)
    assert row.inset_days == list(found.inset_days)
