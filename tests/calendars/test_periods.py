"""Pressure points: one's own, and what is hidden or changed of the national ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError

from calendars import services
from calendars.models import HiddenPoint, OwnPeriod
from calendars.points import point_with_key, points_between
from calendars.pressure_points import points_of
from calendars.selectors import calendars_of
from organisations.actor import Actor
from tests.calendars.arranging import MOCKS, own_period
from tests.cast import Cast
from tests.record.arranging import acting_as, shared

FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)


def keys_of(by: Actor, first: date = FIRST, last: date = LAST) -> tuple[set[str], set[str]]:
    """The keys that are shown, and those that are hidden."""
    with acting_as(by):
        shown, hidden, _ = points_between(by, first, last)
    return tuple({each.point.key for each in some if each.point} for some in (shown, hidden))  # type: ignore[return-value]


def blocking(by: Actor) -> dict[str, Any]:
    """What keeps the organisation from meeting, by name."""
    assert by.organisation_id is not None
    with acting_as(by):
        calendar = calendars_of(by, [by.organisation_id], FIRST, LAST)[by.organisation_id]
    return {each.name: each for each in calendar.constraints}


def test_each_side_has_its_own_points(cast: Cast) -> None:
    school, _ = keys_of(cast.school_viewer)
    health, _ = keys_of(cast.health_editor)
    council, _ = keys_of(cast.council_editor)

    assert "sats_2027" in school - health - council
    assert "q1_2027" not in school | health | council
    assert school & health & council


def test_a_point_is_hidden_for_a_year_or_for_all_and_shown_again(cast: Cast) -> None:
    by = cast.school_editor
    name = point_with_key("sats_2027").name  # type: ignore[union-attr]
    with acting_as(by):
        services.hide_point(by=by, key="sats_2027", every_year=False)
        services.hide_point(by=by, key="sats_2027", every_year=False)
        assert HiddenPoint.objects.count() == 1
    this_year = keys_of(by), keys_of(by, date(2027, 9, 1), date(2028, 8, 31))
    hidden_counts = name in blocking(by)
    with acting_as(by):
        services.hide_point(by=by, key="sats_2028", every_year=True)
    every_year = keys_of(by, date(2027, 9, 1), date(2028, 8, 31))
    with acting_as(by):
        services.show_point_again(by=by, key="sats_2027")

    assert "sats_2027" in this_year[0][1] - this_year[0][0]
    assert "sats_2028" in this_year[1][0]
    assert not hidden_counts
    assert "sats_2028" in every_year[1]
    # One page shows it again for good: for its year and for all.
    assert "sats_2027" in keys_of(by)[0]
    assert name in blocking(by)


def test_a_changed_point_stands_in_for_the_official_one_until_it_goes(cast: Cast) -> None:
    by = cast.school_editor
    with acting_as(by):
        own = services.change_point(
            by=by,
            key="sats_2027",
            **{**MOCKS, "name": "Our SATs", "starts_on": date(2027, 5, 17),
               "ends_on": date(2027, 5, 20), "phase": "primary"},
        )  # fmt: skip
        shown, _, added = points_between(by, FIRST, LAST)
    with pytest.raises(ValidationError, match="Someone else has changed"), acting_as(by):
        services.change_point(by=by, key="sats_2027", **MOCKS)
    ours = next(each for each in shown if each.point and each.point.key == "sats_2027")
    changed = blocking(by)
    with acting_as(by):
        services.remove_period(by=by, period=own)

    assert (ours.name, ours.start, ours.own) == ("Our SATs", date(2027, 5, 17), own)
    assert added == []
    assert "Our SATs" in changed
    official = point_with_key("sats_2027")
    assert official is not None
    assert official.name not in changed
    assert {official.name} <= set(blocking(by))


def test_every_point_has_a_page_of_its_own_and_nothing_else_has() -> None:
    for year in (2026, 2027, 2035):
        assert all(point_with_key(point.key) == point for point in points_of(year))
    for key in ("sats", "sats_", "sats_20", "sats_9999", "sats_0000", "nothing_2027", "_2027", ""):
        assert point_with_key(key) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"kind": "party"}, "kind"),
        ({"phase": "nursery"}, "phase"),
        ({"severity": "opportunity"}, "severity"),
        ({"ends_on": date(2026, 12, 6)}, "ends_on"),
        ({"ends_on": date(2028, 1, 1)}, "ends_on"),
        ({"starts_on": date(1999, 1, 1)}, "starts_on"),
        ({"advice": "x" * 301}, "advice"),
        ({"advice": "Ring about 943 476 5919"}, "advice"),
    ],
)
def test_periods_that_cannot_be_are_refused(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        own_period(cast, **wrong)

    assert field in refused.value.message_dict


def test_a_period_is_changed_by_who_has_seen_it_and_removed_once(cast: Cast) -> None:
    by, own = cast.school_editor, own_period(cast)
    with acting_as(by):
        changed = services.change_period(
            by=by, period=own, based_on=0, **{**MOCKS, "severity": "low", "shared": False}
        )
    with pytest.raises(ValidationError, match="Someone else changed this"), acting_as(by):
        services.change_period(by=by, period=own, based_on=0, **MOCKS)
    with acting_as(by):
        services.remove_period(by=by, period=own)
    with pytest.raises(ValidationError, match="removed"), acting_as(by):
        services.remove_period(by=by, period=own)

    assert (changed.severity, changed.shared, changed.revision) == ("low", False, 1)
    with acting_as(by):
        assert points_between(by, FIRST, LAST)[2] == []


def test_partners_see_what_is_shared_and_nobody_changes_what_is_not_theirs(cast: Cast) -> None:
    shared(cast)
    open_one = own_period(cast)
    own_period(cast, name="Restructuring", shared=False)

    def seen_by(part: str) -> list[str]:
        with acting_as(cast.actors[part]):
            return [period.name for period in OwnPeriod.objects.all()]

    assert seen_by("school_viewer") == ["Year 11 mock exams", "Restructuring"]
    assert seen_by("health_editor") == ["Year 11 mock exams"]
    assert seen_by("stranger") == []
    for part in ("health_editor", "stranger"):
        by = cast.actors[part]
        with pytest.raises(PermissionDenied), acting_as(by):
            services.remove_period(by=by, period=open_one)
        with acting_as(by):
            assert OwnPeriod.objects.filter(pk=open_one.pk).update(name="Theirs") == 0
        with pytest.raises(DatabaseError), acting_as(by):
            HiddenPoint.objects.create(
                organisation=cast.organisation("school"), key="sats_2027", hidden_by_id=by.user_id
            )
    with pytest.raises(PermissionDenied):
        own_period(cast, "school_viewer")
