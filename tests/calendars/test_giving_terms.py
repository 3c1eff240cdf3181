"""Giving term dates: who may, what cannot be, nobody's work overwritten unseen."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from calendars.models import TermDates
from calendars.selectors import term_dates_of
from calendars.services import (
    CHANGED_MEANWHILE,
    copy_term_dates,
    give_inset_days,
    give_term_dates,
    inherit_term_dates,
)
from calendars.term_rows import TermRow
from calendars.terms import TYPICAL_NOTE
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import AuditEvent, Organisation
from tests.calendars.arranging import ROWS, YEAR, given, school_of
from tests.cast import Cast
from tests.record.arranging import acting_as


def where_from(by: Actor, organisation: Organisation) -> tuple[str, str]:
    with acting_as(by):
        holds = term_dates_of(by, organisation, YEAR)
    assert holds is not None
    return holds.terms_from, holds.inset_from


def test_a_school_takes_its_trusts_dates_until_it_has_its_own_and_again(cast: Cast) -> None:
    by, trust, school = cast.school_editor, cast.organisation("school"), school_of(cast)
    before = where_from(by, school)
    given(by, trust, inset_days=[date(2027, 1, 4)])
    inherited = where_from(cast.health_editor, school)
    own = given(by, school)
    after = where_from(by, school)
    with acting_as(by):
        inherit_term_dates(by=by, organisation=school, year=YEAR, based_on=own.revision)

    of_trust = f"Dates of {trust.name}"
    assert before == (TYPICAL_NOTE, "")
    assert inherited == (of_trust, of_trust)
    # Staff training days are inherited by themselves.
    assert after == ("Own dates", of_trust)
    assert where_from(by, school) == (of_trust, of_trust)


def test_a_council_gives_dates_for_schools_without_any(cast: Cast) -> None:
    with acting_as(cast.council_editor):
        school = Organisation.objects.filter(
            school__council=cast.organisation("council"), school__trust=None
        ).first()
    assert school is not None
    given(cast.council_editor, cast.organisation("council"))

    words, _ = where_from(cast.school_editor, school)
    assert words == f"Dates of {cast.organisation('council').name}"


@pytest.mark.parametrize("part", ["stranger", "health_editor", "council_editor", "school_viewer"])
def test_nobody_else_writes_a_schools_dates(cast: Cast, part: str) -> None:
    own, school = given(cast.school_editor, school_of(cast)), school_of(cast)
    by = cast.actors[part]
    with pytest.raises((PermissionDenied, ValidationError)), acting_as(by):
        give_term_dates(by=by, organisation=school, year=YEAR, half_terms=ROWS[:3], based_on=1)
    # The database says the same to a forgotten check; a viewer is stopped above it.
    if part != "school_viewer":
        with acting_as(by):
            assert TermDates.objects.filter(pk=own.pk).update(revision=7) == 0
        with pytest.raises(DatabaseError), acting_as(by):
            TermDates.objects.create(
                organisation=school_of(cast, place=1),
                starts_in=2027,
                changed_by_id=by.user_id,
                changed_for_id=by.organisation_id,
            )
    with acting_as(by):
        assert len(TermDates.objects.get(pk=own.pk).spans) == 6


def test_health_organisations_keep_no_terms(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="keeps no school terms"):
        given(cast.health_editor, cast.organisation("health"))


def row(name: str, start: tuple[int, int, int], end: tuple[int, int, int]) -> TermRow:
    return TermRow(name, date(*start), date(*end))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "at least one half term"),
        ([row("A", (2026, 9, 1), (2026, 10, 23)), row("B", (2026, 10, 23), (2026, 12, 18))],
         "B begins on 23 October 2026, before A has ended on 23 October 2026"),
        ([row("A", (2026, 10, 23), (2026, 9, 1))], "A ends on 1 September 2026, before it begins"),
        ([row("A", (2025, 9, 1), (2025, 10, 23))], "outside the school year 2026/27"),
        ([row("A", (2027, 6, 7), (2027, 9, 1))], "A ends on 1 September 2027, outside"),
        ([row("A", (2026, 9, 1), (2026, 10, 23)), row("a", (2026, 11, 2), (2026, 12, 18))],
         "Two half terms are called"),
        ([row("", (2026, 9, 1), (2026, 10, 23))], "Give each half term a name"),
        ([row(f"{n}", (2026, 9, n), (2026, 9, n)) for n in range(1, 14)], "at most 12"),
        ([row("Call 943 476 5919", (2026, 9, 1), (2026, 10, 23))], "NHS number"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_refused_in_words(
    cast: Cast, rows: list[TermRow], words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        given(cast.school_editor, cast.organisation("school"), half_terms=rows)

    assert words in " ".join(refused.value.messages)
    with acting_as(cast.school_editor):
        assert not TermDates.objects.exists()


def test_holidays_over_new_year_and_a_leap_day_are_kept_as_given(cast: Cast) -> None:
    leap = AcademicYear(2027)
    rows = [
        row("Autumn", (2027, 9, 1), (2027, 12, 22)),
        row("Spring", (2028, 1, 6), (2028, 2, 29)),
        row("Late spring", (2028, 3, 1), (2028, 4, 7)),
    ]
    trust = cast.organisation("school")
    # In any order.
    given(cast.school_editor, trust, year=leap, half_terms=rows[::-1])
    with acting_as(cast.school_editor) as by:
        holds = term_dates_of(by, trust, leap)

    assert holds is not None
    assert [(h.name, h.start, h.end) for h in holds.school_year.half_terms] == rows
    assert [h.name for h in holds.school_year.holidays] == ["Christmas holiday"]


def test_the_database_takes_no_terms_that_overlap(cast: Cast) -> None:
    own = given(cast.school_editor, cast.organisation("school"))
    spans = [
        DateRange(date(2026, 9, 1), date(2026, 10, 24), "[)"),
        DateRange(date(2026, 10, 23), date(2026, 12, 19), "[)"),
    ]
    overlap = pytest.raises(IntegrityError, match="term_dates_do_not_overlap")
    with overlap, acting_as(cast.school_editor):
        TermDates.objects.filter(pk=own.pk).update(spans=spans, names=["A", "B"])


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 9, 5), "Saturday 5 September 2026 is no school day"),
        (date(2027, 5, 3), "3 May 2027 is a bank holiday"),
        (date(2026, 12, 28), "28 December 2026 is a bank holiday"),
        (date(2027, 8, 9), "9 August 2027 is not in term"),
        (date(2025, 9, 2), "2 September 2025 is not in term"),
    ],
)
def test_staff_are_trained_on_weekdays_in_or_next_to_term(
    cast: Cast, day: date, words: str
) -> None:
    by, school = cast.school_editor, school_of(cast)
    given(by, cast.organisation("school"))
    with pytest.raises(ValidationError) as refused, acting_as(by):
        give_inset_days(by=by, organisation=school, year=YEAR, days=[day], based_on=0)
    # The day before term, and one in it.
    with acting_as(by):
        kept = give_inset_days(
            by=by,
            organisation=school,
            year=YEAR,
            days=[date(2027, 1, 4), date(2026, 9, 2), date(2027, 1, 4)],
            based_on=0,
        )

    assert words in refused.value.messages[0]
    assert kept.inset_days == [date(2026, 9, 2), date(2027, 1, 4)]
    assert where_from(by, school)[0] == f"Dates of {cast.organisation('school').name}"


def test_nobody_overwrites_what_they_have_not_seen(cast: Cast) -> None:
    by, trust = cast.school_editor, cast.organisation("school")
    given(by, trust)
    late = cast.school_manager
    for change in (
        lambda: give_term_dates(
            by=late, organisation=trust, year=YEAR, half_terms=ROWS[:2], based_on=0
        ),
        lambda: give_inset_days(by=late, organisation=trust, year=YEAR, days=[], based_on=0),
        lambda: inherit_term_dates(by=late, organisation=trust, year=YEAR, based_on=0),
    ):
        with pytest.raises(ValidationError) as refused, acting_as(late):
            change()
        assert refused.value.code == CHANGED_MEANWHILE
    with acting_as(by):
        assert len(TermDates.objects.get().spans) == 6


def test_dates_are_copied_to_schools_that_nobody_changed_meanwhile(cast: Cast) -> None:
    by, trust = cast.school_editor, cast.organisation("school")
    source = given(by, trust, inset_days=[date(2027, 1, 4)], source="www.example.org")
    first, second = school_of(cast), school_of(cast, place=1)
    given(by, first, half_terms=ROWS[:2])

    def copy(seen: dict[int, int], *, with_inset_days: bool = False) -> int:
        with acting_as(by):
            return copy_term_dates(
                by=by,
                dates=source,
                schools=[second, first],
                seen=seen,
                with_inset_days=with_inset_days,
            )

    with pytest.raises(ValidationError, match=f"changed the dates of {first.name}"):
        copy({})
    with acting_as(by):
        untouched = TermDates.objects.filter(organisation=second).exists()
    changed = copy({first.pk: 1})
    again = copy({first.pk: 2, second.pk: 1})

    assert (untouched, changed, again) == (False, 2, 0)
    assert where_from(by, second) == ("Own dates", f"Dates of {trust.name}")
    assert copy({first.pk: 2, second.pk: 1}, with_inset_days=True) == 2
    assert where_from(by, second) == ("Own dates", "Own dates")
    with pytest.raises(PermissionDenied), acting_as(by):
        copy_term_dates(
            by=by,
            dates=source,
            schools=[school_of(cast, "other")],
            seen={},
            with_inset_days=False,
        )


def test_saving_the_same_again_changes_nothing_and_is_no_event(cast: Cast) -> None:
    by, trust = cast.school_manager, cast.organisation("school")
    own = given(by, trust)
    with acting_as(by):
        give_term_dates(
            by=by, organisation=trust, year=YEAR, half_terms=ROWS, based_on=own.revision
        )
        events = AuditEvent.objects.filter(object_table="calendars_termdates")
        assert [event.action for event in events] == ["term dates given"]
        assert TermDates.objects.get().revision == 1
