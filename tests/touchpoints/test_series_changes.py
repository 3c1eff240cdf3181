"""A series changed: all dates to come, this and the following, its rule applied again, its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction

from calendars.london import at_wall_clock, in_london, london_day
from organisations.models import Membership
from organisations.tenancy.scope import acting
from partnerships.diary.models import QuietPeriod
from partnerships.diary.services import answer_quiet_period, propose_quiet_period
from partnerships.touchpoints import handover
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries
from partnerships.touchpoints.series_changes import work_out
from partnerships.touchpoints.series_plans import plan_of
from partnerships.touchpoints.services import (
    CHANGED_MEANWHILE,
    cancel_touchpoint,
    change_series,
    end_series,
    move_touchpoint,
    settle_series,
)
from tests.touchpoints.pages import address, words
from tests.touchpoints.scene import CLOCK, HEALTH, SCHOOL, TOLD, Scene, deliveries, mark, plan
from tests.touchpoints.series_scene import FIRST, dates_of, plan_series
from tests.touchpoints.test_series import sent_with

WEEK = timedelta(weeks=1)


def series_in(scene: Scene, **more: Any) -> TouchpointSeries:
    return plan_series(scene.cast.school_editor, scene.partnership, **more)


def dates(scene: Scene, series: TouchpointSeries) -> list[Touchpoint]:
    return dates_of(scene.cast.school_editor, series)


def scheduled(scene: Scene, series: TouchpointSeries) -> list[Touchpoint]:
    return [each for each in dates(scene, series) if each.state == "scheduled"]


def fresh(scene: Scene, series: TouchpointSeries) -> TouchpointSeries:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        return TouchpointSeries.objects.select_related("partnership").get(pk=series.pk)


def change(
    scene: Scene,
    series: TouchpointSeries,
    *,
    since: Touchpoint | None = None,
    based_on: int | None = None,
    seen: str | None = None,
    part: str = "school_editor",
    **more: Any,
) -> TouchpointSeries:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        now = TouchpointSeries.objects.select_related("partnership").get(pk=series.pk)
        return change_series(
            by=by,
            series=now,
            plan=replace(plan_of(now), **more),
            since=since,
            based_on=now.revision if based_on is None else based_on,
            seen=seen,
        )


def move_one(scene: Scene, touchpoint: Touchpoint, **more: Any) -> Touchpoint:
    by = scene.cast.school_editor
    day = london_day(touchpoint.starts_at)
    with acting(by.scope), transaction.atomic():
        return move_touchpoint(
            by=by, touchpoint=touchpoint, **plan(**{"date": day, "venue": "", "agenda": "", **more})
        )


def quiet(scene: Scene, day: date) -> None:
    """A quiet period of one day that both sides have agreed."""
    for part in ("school_editor", "health_editor"):
        by = scene.cast.actors[part]
        with acting(by.scope), transaction.atomic():
            if part == "school_editor":
                propose_quiet_period(
                    by=by,
                    partnership=scene.partnership,
                    starts_on=day,
                    ends_on=day,
                    reason="Mock exams",
                )
            else:
                answer_quiet_period(by=by, period=QuietPeriod.objects.get(), agreed=True)


def days(touchpoints: list[Touchpoint]) -> list[date]:
    return [london_day(each.starts_at) for each in touchpoints]


# ------------------------------------------------------------------ all to come


def test_another_time_and_place_for_all_keeps_their_days_and_entries(scene: Scene) -> None:
    series = series_in(scene)
    before = dates(scene, series)
    change(scene, series, at=time(9, 0), venue="Room 3", minutes=60, kind="review")
    after = dates(scene, series)
    assert [each.ref for each in after] == [each.ref for each in before]
    assert days(after) == days(before)
    assert {in_london(each.starts_at).time() for each in after} == {time(9, 0)}
    assert {(each.venue, each.minutes, each.kind) for each in after} == {("Room 3", 60, "review")}
    assert {each.revision for each in after} == {1}
    now = fresh(scene, series)
    assert (now.at, now.venue, now.revision) == (time(9, 0), "Room 3", 1)


def test_another_weekday_moves_each_within_its_week(scene: Scene) -> None:
    series = series_in(scene)
    before = dates(scene, series)
    change(scene, series, weekday=3)
    after = dates(scene, series)
    assert [each.ref for each in after] == [each.ref for each in before]
    assert days(after) == [day + timedelta(days=1) for day in days(before)]
    assert [each.ideal_on for each in after] == days(after)


def test_meeting_less_often_keeps_those_that_stay_and_cancels_the_rest(scene: Scene) -> None:
    series = series_in(scene)
    before = dates(scene, series)
    change(scene, series, every="fortnight")
    after = dates(scene, series)
    assert [each.state for each in after] == ["scheduled", "cancelled", "scheduled", "cancelled"]
    assert [after[n].starts_at for n in (0, 2)] == [before[n].starts_at for n in (0, 2)]
    assert [after[n].revision for n in (0, 2)] == [0, 0]


def test_meeting_more_often_adds_dates_and_moves_none(scene: Scene) -> None:
    series = series_in(scene)
    change(scene, series, every="fortnight")
    first = scheduled(scene, series)
    change(scene, series, every="week", last_on=FIRST + 2 * WEEK)
    after = scheduled(scene, series)
    assert [each.ref in {one.ref for one in first} for each in after] == [True, False, True]
    assert days(after) == [FIRST, FIRST + WEEK, FIRST + 2 * WEEK]
    assert [each.revision for each in after] == [0, 0, 0]


def test_a_later_end_adds_and_an_earlier_one_leaves_over(scene: Scene) -> None:
    series = series_in(scene)
    before = dates(scene, series)
    change(scene, series, last_on=FIRST + 6 * WEEK)
    after = scheduled(scene, series)
    assert [each.ref for each in after[:4]] == [each.ref for each in before]
    # The fifth week is a holiday: moved to the nearest day that suits.
    assert len(after) == 7
    change(scene, series, last_on=FIRST + WEEK)
    assert [each.ref for each in scheduled(scene, series)] == [each.ref for each in before[:2]]


def test_a_date_with_a_plan_of_its_own_keeps_it(scene: Scene) -> None:
    series = series_in(scene)
    one = dates(scene, series)[1]
    move_one(scene, one, date=FIRST + WEEK + timedelta(days=1), venue="Elsewhere")
    change(scene, series, at=time(9, 0), venue="Room 3", weekday=0)
    after = dates(scene, series)
    alone = next(each for each in after if each.pk == one.pk)
    assert (alone.detached, alone.venue, alone.revision) == (True, "Elsewhere", 1)
    assert in_london(alone.starts_at).time() == CLOCK
    assert london_day(alone.starts_at) == FIRST + WEEK + timedelta(days=1)
    # It stands for its week: nobody meets twice in it.
    monday = FIRST - timedelta(days=2)
    assert days(scheduled(scene, series)) == [
        monday,
        FIRST + WEEK + timedelta(days=1),
        *(monday + n * WEEK for n in (2, 3)),
    ]


def test_another_weekday_stays_in_the_same_fortnight(scene: Scene) -> None:
    series = series_in(scene)
    change(scene, series, every="fortnight")
    change(scene, series, weekday=0)
    monday = FIRST - timedelta(days=2)
    assert days(scheduled(scene, series)) == [monday, monday + 2 * WEEK]
    change(scene, series, last_on=FIRST + 4 * WEEK)
    assert days(scheduled(scene, series)) == [monday + n * WEEK for n in (0, 2, 4)]


def test_what_was_cancelled_by_itself_does_not_come_back(scene: Scene) -> None:
    series = series_in(scene)
    by, two = scene.cast.school_editor, dates(scene, series)[1]
    with acting(by.scope), transaction.atomic():
        cancel_touchpoint(by=by, touchpoint=two)
    change(scene, series, venue="Room 3")
    assert len(scheduled(scene, series)) == 3
    change(scene, series, on_clash="keep")
    assert len(scheduled(scene, series)) == 3
    change(scene, series, last_on=FIRST + 4 * WEEK)
    assert days(scheduled(scene, series)) == [FIRST + n * WEEK for n in (0, 2, 3, 4)]


def test_past_dates_never_change(scene: Scene, clock: time_machine.Traveller) -> None:
    series = series_in(scene)
    clock.move_to(at_wall_clock(FIRST + WEEK, time(16, 0)))
    change(scene, series, at=time(9, 0), weekday=4)
    after = dates(scene, series)
    assert [in_london(each.starts_at).time() for each in after] == [CLOCK, CLOCK, time(9), time(9)]
    assert days(after)[:2] == [FIRST, FIRST + WEEK]
    assert days(after)[2:] == [FIRST + n * WEEK + timedelta(days=2) for n in (2, 3)]


def test_nothing_changed_tells_nobody(scene: Scene) -> None:
    series = series_in(scene)
    before = len(deliveries(scene))
    change(scene, series)
    assert len(deliveries(scene)) == before
    assert fresh(scene, series).revision == 0


# ------------------------------------------------------------------ this and following


def test_this_and_the_following_leave_the_earlier_as_they_are(scene: Scene) -> None:
    series = series_in(scene)
    before = dates(scene, series)
    change(scene, series, since=before[2], at=time(9, 0), weekday=0)
    after = dates(scene, series)
    assert [each.ref for each in after] == [each.ref for each in before]
    assert [each.revision for each in after] == [0, 0, 1, 1]
    assert days(after) == [
        FIRST,
        FIRST + WEEK,
        FIRST + 2 * WEEK - timedelta(days=2),
        FIRST + 3 * WEEK - timedelta(days=2),
    ]
    # What is added later goes by the new plan.
    change(scene, series, last_on=FIRST + 6 * WEEK)
    last = scheduled(scene, series)[-1]
    assert (in_london(last.starts_at).time(), london_day(last.starts_at).weekday()) == (time(9), 0)


def test_a_date_of_another_series_is_no_beginning(scene: Scene) -> None:
    series, other = series_in(scene), series_in(scene, kind="review")
    start = dates(scene, other)[1]
    client = scene.cast.client("school_editor")
    url = address(scene, "change-touchpoint-series", series=series.ref)
    assert client.get(f"{url}?from={start.ref}").status_code == 404
    assert client.get(f"{url}?from={dates(scene, series)[1].ref}").status_code == 200


# ------------------------------------------------------------------ two at once


def test_the_second_to_save_is_told(scene: Scene) -> None:
    series = series_in(scene)
    change(scene, series, venue="Room 3")
    with pytest.raises(ValidationError) as refusal:
        change(scene, series, venue="Room 4", based_on=0)
    assert refusal.value.code == CHANGED_MEANWHILE


def test_what_was_agreed_to_is_what_is_saved(scene: Scene) -> None:
    series = series_in(scene)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        now = TouchpointSeries.objects.select_related("partnership").get()
        shown = work_out(by, now, replace(plan_of(now), weekday=3)).fingerprint
    quiet(scene, FIRST + timedelta(days=1))
    with pytest.raises(ValidationError) as refusal:
        change(scene, series, weekday=3, seen=shown)
    assert refusal.value.code == CHANGED_MEANWHILE
    assert days(dates(scene, series))[0] == FIRST


def test_a_change_that_leaves_nothing_is_refused(scene: Scene) -> None:
    series = series_in(scene)
    with pytest.raises(ValidationError, match="end the series instead"):
        change(scene, series, since=dates(scene, series)[2], last_on=FIRST + WEEK)


@pytest.mark.parametrize("part", ["school_viewer", "health_editor", "health_manager"])
def test_only_editors_of_its_organisation_change_it(scene: Scene, part: str) -> None:
    series = series_in(scene)
    with pytest.raises(PermissionDenied):
        change(scene, series, part=part, venue="Room 3")
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic(), pytest.raises(PermissionDenied):
        end_series(by=by, series=series)


# ------------------------------------------------------------------ the rule applied again


@pytest.mark.parametrize("on_clash", ["move", "skip"])
def test_applying_the_rule_moves_or_leaves_out_what_clashes_since(
    scene: Scene, on_clash: str
) -> None:
    series = series_in(scene, on_clash=on_clash)
    before = dates(scene, series)
    quiet(scene, FIRST + WEEK)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        settle_series(by=by, series=series, based_on=0)
    after = dates(scene, series)
    assert len(after) == 4
    others = [each.revision for each in after if each.pk != before[1].pk]
    assert others == [0, 0, 0]
    settled = next(each for each in after if each.pk == before[1].pk)
    if on_clash == "skip":
        assert settled.state == "cancelled"
    else:
        assert settled.state == "scheduled"
        assert london_day(settled.starts_at) == FIRST + WEEK + timedelta(days=1)
        assert settled.ideal_on == FIRST + WEEK
    with acting(by.scope), transaction.atomic(), pytest.raises(ValidationError, match="No date"):
        settle_series(by=by, series=series, based_on=1)


# ------------------------------------------------------------------ the end


def test_ending_it_cancels_all_to_come_and_tells_each_once(scene: Scene, superuser: Any) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        end_series(by=by, series=series, notes="The lead has left")
    assert {each.state for each in dates(scene, series)} == {"cancelled"}
    assert {each.outcome_notes for each in dates(scene, series)} == {"The lead has left"}
    assert fresh(scene, series).ended_at is not None
    assert {each.recipient for each in deliveries(scene, kind="series_cancelled")} == TOLD
    assert len(deliveries(scene, kind="series_cancelled")) == 3
    assert deliveries(scene, kind="touchpoint_cancelled") == []
    assert deliveries(scene, state="pending", kind="touchpoint_reminder") == []
    with acting(by.scope), transaction.atomic(), pytest.raises(ValidationError, match="already"):
        end_series(by=by, series=series)


def test_cancelling_from_one_on_cuts_it_short(scene: Scene, superuser: Any) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    by, since = scene.cast.school_editor, dates(scene, series)[2]
    with acting(by.scope), transaction.atomic():
        end_series(by=by, series=series, since=since)
    assert [each.state for each in dates(scene, series)] == ["scheduled"] * 2 + ["cancelled"] * 2
    now = fresh(scene, series)
    assert (now.ended_at, now.last_on) == (None, FIRST + 2 * WEEK - timedelta(days=1))
    assert len(deliveries(scene, kind="series_changed")) == 3


# ------------------------------------------------------------------ who is told


def test_one_email_for_all_and_an_update_only_for_invitations_that_went(
    scene: Scene, superuser: Any
) -> None:
    series = series_in(scene)
    first = dates(scene, series)[0]
    mark(superuser, "sent", kind="series_invitation")
    mark(superuser, "sent", kind="touchpoint_invitation", subject=first.ref)
    change(scene, series, at=time(9, 0))
    assert {each.recipient for each in deliveries(scene, kind="series_changed")} == TOLD
    moved = deliveries(scene, kind="touchpoint_moved")
    assert {(each.subject, each.recipient) for each in moved} == {(first.ref, to) for to in TOLD}
    waiting = deliveries(scene, kind="touchpoint_invitation", state="pending")
    assert {each.subject for each in waiting} == {
        each.ref for each in dates(scene, series) if each.pk != first.pk
    }
    assert {each.revision for each in waiting} == {1}


def test_who_has_not_heard_of_it_gets_its_dates(scene: Scene, superuser: Any) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation", recipient=SCHOOL)
    change(scene, series, venue="Room 3")
    assert {each.recipient for each in deliveries(scene, kind="series_changed")} == {SCHOOL}
    invited = deliveries(scene, kind="series_invitation", state="pending")
    assert {each.recipient for each in invited} == TOLD - {SCHOOL}
    assert HEALTH in {each.recipient for each in invited}


def test_other_reminders_alone_tell_nobody_and_are_asked_for(scene: Scene) -> None:
    series = series_in(scene)
    before = len(deliveries(scene))
    change(scene, series, reminder_minutes=[2880, 120])
    after = dates(scene, series)
    assert {tuple(each.reminder_minutes) for each in after} == {(2880, 120)}
    assert {each.revision for each in after} == {0}
    assert fresh(scene, series).revision == 0
    assert len(deliveries(scene)) == before + 3 * 2 * 4


# ------------------------------------------------------------------ hands that change


def test_one_that_was_left_behind_is_taken_over_with_its_dates(
    scene: Scene, superuser: Any
) -> None:
    series = series_in(scene)
    superuser.execute(
        "UPDATE organisations_organisation SET left_at = now() WHERE id = %s",
        [scene.cast.organisation("school").pk],
    )
    change(scene, series, part="health_editor", venue="Room 3")
    after = dates_of(scene.cast.health_editor, series)
    health = scene.cast.organisation("health").pk
    assert {each.author_organisation_id for each in after} == {health}
    assert {each.venue for each in after} == {"Room 3"}
    with acting(scene.cast.health_editor.scope), transaction.atomic():
        assert TouchpointSeries.objects.get(pk=series.pk).author_organisation_id == health


def test_a_successor_answers_for_the_series_too(scene: Scene) -> None:
    series = series_in(scene)
    leaver = scene.cast.school_editor
    by, to = scene.cast.school_manager, scene.cast.users["school_manager"]
    with acting(by.scope), transaction.atomic():
        author = TouchpointSeries.objects.get(pk=series.pk).author
        membership = Membership.objects.get(user=to, organisation=by.organisation_id)
        handover._move(by, author, membership)
    assert fresh(scene, series).author_id == to.pk != leaver.user_id


# ------------------------------------------------------------------ behind the services


@pytest.mark.parametrize(
    ("part", "sql"),
    [
        ("health_editor", "UPDATE touchpoints_touchpointseries SET venue = 'x'"),
        ("health_editor", "UPDATE touchpoints_touchpointseries SET ended_at = now()"),
        ("stranger", "UPDATE touchpoints_touchpointseries SET venue = 'x'"),
        ("council_editor", "UPDATE touchpoints_touchpointseries SET revision = 9"),
    ],
)
def test_no_other_organisation_writes_it(scene: Scene, part: str, sql: str) -> None:
    series_in(scene)
    scope = scene.cast.actors[part].scope
    with acting(scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 0


@pytest.mark.parametrize("part", ["stranger", "council_editor"])
def test_no_outsider_reads_it(scene: Scene, part: str) -> None:
    series_in(scene)
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        assert TouchpointSeries.objects.count() == 0


def test_a_member_puts_no_date_into_anothers_series(scene: Scene) -> None:
    series = series_in(scene)
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic(), pytest.raises(ProgrammingError):
        Touchpoint.objects.create(
            partnership_id=series.partnership_id,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="update",
            series_id=series.pk,
            ideal_on=FIRST,
            starts_at=at_wall_clock(FIRST, CLOCK),
        )


# ------------------------------------------------------------------ the pages


def test_a_change_is_shown_before_it_is_saved(scene: Scene) -> None:
    series = series_in(scene)
    url = address(scene, "change-touchpoint-series", series=series.ref)
    client = scene.cast.client("school_editor")
    opened = client.get(url)
    given = sent_with(opened) | {"weekday": "3", "minutes": "30", "venue": "Room 3", "agenda": ""}
    shown = client.post(url, given)
    said = words(shown)
    assert "Check the changed dates" in said
    assert "4 dates move" in said
    assert "Wednesday 24 February 2027, 3:30pm to 4pm" in said
    assert "Thursday 25 February 2027, 3:30pm to 4pm" in said
    assert days(dates(scene, series))[0] == FIRST
    quiet(scene, FIRST + timedelta(days=1))
    asked = client.post(url, sent_with(shown), follow=True)
    assert "have changed since you looked" in words(asked)
    assert days(dates(scene, series))[0] == FIRST
    done = client.post(url, sent_with(asked), follow=True)
    assert "Series changed" in words(done)
    assert days(dates(scene, series))[1] == FIRST + WEEK + timedelta(days=1)
    assert {each.venue for each in dates(scene, series)} == {"Room 3"}


def test_a_date_of_a_series_asks_which_are_meant(scene: Scene) -> None:
    series = series_in(scene)
    two = dates(scene, series)[1]
    client = scene.cast.client("school_editor")
    for name in ("touchpoint-move", "touchpoint-cancel"):
        url = address(scene, name, touchpoint=two.ref)
        page = client.get(url)
        assert "Only this one" in words(page)
        assert f"?from={two.ref}" in page.content.decode()
        assert "Only this one" not in words(client.get(f"{url}?only=1"))


def test_the_rule_is_applied_from_the_page_of_the_series(scene: Scene) -> None:
    series = series_in(scene)
    client = scene.cast.client("school_editor")
    page = address(scene, "one-touchpoint-series", series=series.ref)
    assert "Apply the rule" not in words(client.get(page))
    quiet(scene, FIRST + WEEK)
    said = words(client.get(page))
    assert "1 date to come falls on a day that does not suit everyone" in said
    url = address(scene, "settle-touchpoint-series", series=series.ref)
    shown = client.get(url)
    assert "1 date moves" in words(shown)
    done = client.post(url, sent_with(shown), follow=True)
    assert "The rule was applied" in words(done)
    assert "Instead of Wednesday 3 March 2027" in words(done)


def test_it_is_ended_with_a_word(scene: Scene) -> None:
    series = series_in(scene)
    client = scene.cast.client("school_editor")
    url = address(scene, "end-touchpoint-series", series=series.ref)
    opened = client.get(url)
    assert "4 dates are cancelled" in words(opened)
    done = client.post(url, sent_with(opened) | {"notes": "The lead has left"}, follow=True)
    assert "Series ended" in words(done)
    again = client.get(url, follow=True)
    assert "No date of this series is still to come" in words(again)
