"""Whose term dates and periods hold for whom, read as the role that serves pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.constraints import Effect
from calendars.given_terms import kept_as, school_year_of
from calendars.models import HiddenPoint, OwnPeriod, TermDates
from calendars.pressure_points import national_points
from calendars.selectors import calendars_of, term_dates_of
from calendars.status import Standing
from calendars.terms import TYPICAL_NOTE, HalfTerm, typical_terms
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Organisation, Role, School
from organisations.tenancy.scope import acting
from tests.cast import Cast, admit

YEAR = AcademicYear(2027)
FIRST, LAST = date(2027, 9, 1), date(2028, 8, 31)


def half(name: str, start: date, end: date) -> HalfTerm:
    return HalfTerm(start, end, name)


OWN = [half("Autumn", date(2027, 9, 6), date(2027, 12, 10))]
THEIRS = [half("Autumn", date(2027, 8, 30), date(2027, 12, 15))]


def give(by: Actor, organisation: Organisation, halves=(), inset=(), year=YEAR, **more):
    names, spans = kept_as(halves)
    with acting(by.scope), transaction.atomic():
        return TermDates.objects.create(
            organisation=organisation,
            starts_in=year.starts_in,
            names=names,
            spans=spans,
            inset_days=list(inset),
            changed_by_id=by.user_id,
            changed_for_id=by.organisation_id,
            **more,
        )


def own_period(by: Actor, first: date, last: date, **more) -> OwnPeriod:
    with acting(by.scope), transaction.atomic():
        return OwnPeriod.objects.create(
            organisation_id=by.organisation_id,
            name="New system",
            kind="go_live",
            severity="high",
            starts_on=first,
            ends_on=last,
            created_by_id=by.user_id,
            **more,
        )


def read(by: Actor, *organisations: Organisation, first=FIRST, last=LAST):
    with acting(by.scope), transaction.atomic():
        return calendars_of(by, [each.pk for each in organisations], first, last)


@pytest.fixture
def school(cast: Cast) -> Organisation:
    """A school of the trust; open data names its council."""
    with acting(cast.school_editor.scope), transaction.atomic():
        found = (
            School.objects.filter(trust=cast.organisation("school"), council__isnull=False)
            .select_related("organisation")
            .order_by("pk")
            .first()
        )
    assert found is not None
    return found.organisation


def test_a_row_is_kept_half_open_and_read_back(cast):
    row = give(cast.school_editor, cast.organisation("school"), OWN, standing="provisional")
    with acting(cast.stranger.scope), transaction.atomic():
        row = TermDates.objects.get(pk=row.pk)
    (span,) = row.spans
    assert (span.lower, span.upper) == (date(2027, 9, 6), date(2027, 12, 11))
    (read_back,) = school_year_of(row).half_terms
    assert (read_back.start, read_back.end) == (OWN[0].start, OWN[0].end)
    assert read_back.standing is Standing.PROVISIONAL


def test_without_given_dates_they_are_typical(cast, school):
    calendars = read(cast.school_editor, cast.organisation("school"), school)
    for each in calendars.values():
        assert each.terms_from == TYPICAL_NOTE
        assert each.terms(YEAR) is typical_terms(YEAR)
        assert each.inset_days == frozenset()


def test_a_school_inherits_from_its_trust(cast, school):
    trust = cast.organisation("school")
    give(cast.school_editor, trust, OWN, inset=[date(2027, 9, 6)])
    found = read(cast.school_editor, trust, school)
    assert found[trust.pk].terms_from == "Own dates"
    assert found[school.pk].terms_from == f"Dates of {trust.name}"
    for each in found.values():
        assert each.terms(YEAR).half_terms == tuple(OWN)
        assert each.terms(YEAR.next) is typical_terms(YEAR.next)
        assert each.inset_days == {date(2027, 9, 6)}


def test_the_nearest_with_dates_wins_as_a_whole(cast, school):
    by, trust = cast.school_editor, cast.organisation("school")
    give(by, trust, THEIRS, inset=[date(2027, 9, 1)])
    give(by, school, OWN)
    found = read(by, school)[school.pk]
    assert found.terms(YEAR).half_terms == tuple(OWN)
    assert found.terms_from == "Own dates"
    # Staff training days are inherited by themselves.
    assert found.inset_days == {date(2027, 9, 1)}


def test_a_school_without_dates_of_its_trust_inherits_from_its_council(cast, school):
    council = Organisation.objects.get(schools_in_area=school.pk)
    cast.organisations["its council"] = council
    admit(cast, "nobody", "its council", Role.EDITOR)
    give(cast.nobody, council, THEIRS)
    give(cast.school_editor, cast.organisation("school"), inset=[date(2027, 9, 3)])
    with acting(cast.school_editor.scope), transaction.atomic():
        year = term_dates_of(cast.school_editor, school, YEAR)
        trust = term_dates_of(cast.school_editor, cast.organisation("school"), YEAR)
        none = term_dates_of(cast.school_editor, council, YEAR)
    assert year.terms_from == f"Dates of {council.name}"
    assert year.school_year.half_terms == tuple(THEIRS)
    assert year.inset_days == {date(2027, 9, 3)}
    assert year.inset_from.startswith("Dates of Windsor Academy Trust")
    assert (trust.is_typical, year.is_typical) == (True, False)
    assert none is None


def test_years_of_different_origin_are_named(cast):
    trust = cast.organisation("school")
    give(cast.school_editor, trust, OWN)
    found = read(cast.school_editor, trust, last=date(2028, 9, 30))[trust.pk]
    assert found.terms_from == (
        "2027/28: own dates; 2028/29: typical dates for England: academies and some councils differ"
    )


def test_health_organisations_keep_no_terms(cast):
    found = read(cast.health_editor, cast.organisation("health"), cast.organisation("council"))
    assert [each.terms for each in found.values()] == [None, None]
    assert {each.terms_from for each in found.values()} == {""}


def test_an_own_period_is_its_organisations_and_its_schools(cast, school):
    period = own_period(cast.school_editor, date(2027, 10, 4), date(2027, 10, 6), shared=False)
    trust = cast.organisation("school")
    for each in read(cast.school_editor, trust, school).values():
        (found,) = [c for c in each.constraints if c.name == "New system"]
        assert (found.effect, found.start) == (Effect.BLOCKS, period.starts_on)
    # No partner: it sees none of it, shared or not.
    own_period(cast.school_editor, date(2027, 11, 1), date(2027, 11, 2))
    theirs = read(cast.stranger, trust)[trust.pk]
    assert not any(c.name == "New system" for c in theirs.constraints)


def test_what_was_removed_or_lies_elsewhere_is_left_out(cast):
    by, trust = cast.school_editor, cast.organisation("school")
    own_period(by, date(2026, 10, 4), date(2027, 8, 31))
    gone = own_period(by, date(2027, 10, 4), date(2027, 10, 6))
    with acting(by.scope), transaction.atomic():
        OwnPeriod.objects.filter(pk=gone.pk).update(removed_at=gone.created_at)
    found = read(by, trust)[trust.pk]
    assert not any(c.name == "New system" for c in found.constraints)


def test_hidden_points_are_hidden_for_who_hides_them(cast):
    by, trust = cast.school_editor, cast.organisation("school")
    with acting(by.scope), transaction.atomic():
        HiddenPoint.objects.create(organisation=trust, key="leavers", hidden_by_id=by.user_id)
    keys = {each.key for each in read(by, trust)[trust.pk].constraints}
    assert "leavers_2028" not in keys
    seen_by_partner = {each.key for each in read(cast.health_editor, trust)[trust.pk].constraints}
    assert "leavers_2028" in seen_by_partner


def test_an_edited_point_stands_in_for_the_national_one(cast):
    by, trust = cast.school_editor, cast.organisation("school")
    own_period(by, date(2028, 7, 3), date(2028, 7, 5), replaces="leavers_2028")
    found = [each for each in read(by, trust)[trust.pk].constraints if each.key == "leavers_2028"]
    assert [each.name for each in found] == ["New system"]


def test_an_edited_point_does_not_come_back_on_its_official_days(cast):
    """Also when so few days are read that the edited one is not among them."""
    by, trust = cast.school_editor, cast.organisation("school")
    sats = next(p for p in national_points(FIRST, LAST) if p.stem == "sats")
    own_period(by, date(2028, 6, 19), date(2028, 6, 22), replaces=sats.key)
    read_now = read(by, trust, first=sats.start, last=sats.end)[trust.pk]
    assert sats.key not in {each.key for each in read_now.constraints}


def test_a_fixed_number_of_statements(cast, school):
    by = cast.school_editor
    with acting(by.scope), transaction.atomic():
        many = list(
            School.objects.filter(trust=by.organisation_id).values_list("pk", flat=True)[:20]
        )
        others = Organisation.objects.exclude(pk__in=many)
        many += list(others.order_by("pk").values_list("pk", flat=True)[: 40 - len(many)])
    counts = []
    for asked in ([by.organisation_id], [*many, by.organisation_id]):
        with acting(by.scope), transaction.atomic():
            connection.ensure_connection()
            Organisation.objects.exists()
            with CaptureQueriesContext(connection) as captured:
                assert len(calendars_of(by, asked, FIRST, LAST)) == len(asked)
            counts.append(len(captured))
    assert len(many) == 40
    assert counts == [1, 1]


def test_they_come_in_the_order_asked_for(cast):
    parts = [cast.organisation(part) for part in ("health", "school", "council", "icb")]
    assert list(read(cast.stranger, *parts)) == [each.pk for each in parts]
    assert read(cast.stranger) == {}
