"""Planning, moving and cancelling sessions, and recording who came, as committed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from calendars.london import london_day, today
from initiatives.plans.models import Initiative
from initiatives.sessions import selectors, services
from initiatives.sessions.leaving import cancel_sessions, what_becomes_of_them
from initiatives.sessions.models import Session, State
from initiatives.sessions.presenters import others_see
from initiatives.sessions.publisher import term_of
from organisations.actor import Actor
from organisations.guard_rail import IdentifierRefused
from organisations.joining.registry import sections
from organisations.models import AuditEvent
from partnerships.record.models import Partnership
from tests.cast import Cast
from tests.initiative_sessions.arranging import PLAN, planned, recorded
from tests.plans.arranging import started
from tests.record.arranging import NHS_NUMBER, acting_as, shared

YESTERDAY, SOON = today() - timedelta(days=1), today() + timedelta(days=20)
# In a term before that of yesterday, within the last year.
TERM_BEFORE = today() - timedelta(days=200)


@pytest.fixture
def hub(cast: Cast) -> Partnership:
    return shared(cast)


@pytest.fixture
def dropin(cast: Cast, hub: Partnership) -> Initiative:
    return started(cast.school_editor, hub)


def refused(by: Actor, service: Any, **given: Any) -> dict[str, list[str]]:
    """The messages of a service that refuses, by field; "" for those of no field."""
    with acting_as(by), pytest.raises(ValidationError) as caught:
        service(by=by, **given)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def now_of(by: Actor, session: Session) -> Session:
    with acting_as(by):
        return Session.objects.select_related("initiative__organisation", "partnership").get(
            pk=session.pk
        )


def told(by: Actor, session: Session) -> list[tuple[str, str]]:
    with acting_as(by):
        return others_see(selectors.told_of(by, [session]).get(session.pk, {}))


def test_a_member_plans_its_own_and_who_plans_the_initiative_plans_for_others(
    cast: Cast, dropin: Initiative
) -> None:
    health = cast.organisation("health").pk
    own = planned(cast.health_editor, dropin, date=SOON)
    theirs = planned(cast.school_editor, dropin, date=SOON, time=time(12), organisation_id=health)
    assert (own.organisation_id, theirs.organisation_id) == (health, health)
    with acting_as(cast.school_viewer) as by:
        assert {each.ref for each in selectors.coming_of(by, dropin)} == {own.ref, theirs.ref}
    school = cast.organisation("school").pk
    problems = refused(
        cast.health_editor,
        services.plan_session,
        initiative=dropin,
        plan=replace(PLAN, date=SOON),
        organisation_id=school,
    )
    assert problems == {"organisation": ["Choose whose staff run it"]}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"kind": "party"}, "kind", "Choose what sort of session it is"),
        ({"minutes": 4}, "minutes", "It must take between 5 minutes and 12 hours"),
        ({"place": " "}, "place", "Enter where it takes place"),
        ({"place": "x" * 201}, "place", "The place must be 200 characters or fewer"),
        ({"title": "x" * 121}, "title", "The name must be 120 characters or fewer"),
        ({"school": 1}, "school", "Choose one of the initiative’s schools"),
        ({"planned": 0}, "planned", "It must be between 1 and 5,000"),
        ({"date": date(1926, 9, 8)}, "date", "The day must be within the last year"),
        ({"date": date(2066, 9, 8)}, "date", "The day must be within the next 3 years"),
        (
            {"date": date(2027, 3, 28), "time": time(1, 30)},
            "time",
            "1:30am on 28 March 2027 does not exist",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(
    cast: Cast, dropin: Initiative, given: dict[str, Any], field: str, words: str
) -> None:
    plan = replace(PLAN, **{"date": SOON, **given})
    problems = refused(cast.school_editor, services.plan_session, initiative=dropin, plan=plan)
    assert list(problems) == [field]
    assert problems[field][0].startswith(words)


def test_no_identifier_and_no_second_one_of_the_same_time(cast: Cast, dropin: Initiative) -> None:
    plan = replace(PLAN, date=SOON, title=f"About {NHS_NUMBER}")
    with acting_as(cast.school_editor) as by, pytest.raises(IdentifierRefused):
        services.plan_session(by=by, initiative=dropin, plan=plan)
    planned(cast.school_editor, dropin, date=SOON)
    problems = refused(
        cast.school_editor,
        services.plan_session,
        initiative=dropin,
        plan=replace(PLAN, date=SOON),
    )
    assert problems == {"time": ["This session is planned already"]}


def test_a_run_leaves_out_school_holidays(cast: Cast, dropin: Initiative) -> None:
    first = date(2027, 1, 12)
    with acting_as(cast.school_editor) as by:
        run = services.plan_run(
            by=by,
            initiative=dropin,
            plan=replace(PLAN, date=first),
            every="week",
            until=date(2027, 3, 9),
        )
    days = [london_day(each.starts_at) for each in run.sessions]
    assert [each.day for each in run.left_out] == [date(2027, 2, 16)]
    assert days[0] == first
    assert days[-1] == date(2027, 3, 9)
    assert len(days) == 8
    assert {each.weekday() for each in days} == {1}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"every": "day"}, "every", "Choose how often"),
        ({"until": SOON}, "until", "The last day must be after the first day"),
        ({"until": SOON + timedelta(days=900)}, "until", "That is more than 110 dates"),
        ({"until": SOON + timedelta(days=4000)}, "until", "Plan 60 sessions at most at once"),
    ],
)
def test_a_run_out_of_bounds_is_refused(
    cast: Cast, dropin: Initiative, given: dict[str, Any], field: str, words: str
) -> None:
    values = {"every": "week", "until": SOON + timedelta(days=70), **given}
    problems = refused(
        cast.school_editor,
        services.plan_run,
        initiative=dropin,
        plan=replace(PLAN, date=SOON),
        **values,
    )
    assert list(problems) == [field]
    assert problems[field][0].startswith(words)


def test_who_came_is_told_masked_and_rounded(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    recorded(cast.school_editor, session, pupils=6, parents=0, staff=13, note="Lively talk")
    expected = [
        ("Pupils", "between 1 and 7"),
        ("Parents and carers", "none"),
        ("Staff", "about 15"),
    ]
    for part in ("school_editor", "school_viewer", "school_manager"):
        assert told(cast.actors[part], session) == expected
    # No data sharing agreement is in force.
    assert told(cast.health_editor, session) == []


def test_a_term_is_added_up_once_it_is_over_and_complete(cast: Cast, dropin: Initiative) -> None:
    editor, term = cast.school_editor, term_of(TERM_BEFORE)
    first = planned(editor, dropin, date=TERM_BEFORE)
    second = planned(editor, dropin, date=TERM_BEFORE, time=time(12))
    recorded(editor, first, pupils=21)
    recorded(editor, planned(editor, dropin, date=YESTERDAY), pupils=40)
    with acting_as(editor) as by:
        assert selectors.totals_of(by, dropin) == []
        assert selectors.to_add_up(by, dropin) == {}
        services.cancel_session(by=by, session=now_of(by, second), reason="Nobody was in")
    with acting_as(editor) as by:
        totals = selectors.totals_of(by, dropin)
        assert [(each.term, each.group, each.shown) for each in totals] == [(term, "pupils", 20)]


def test_terms_are_added_up_on_demand(cast: Cast, dropin: Initiative) -> None:
    editor, term = cast.school_editor, term_of(TERM_BEFORE)
    session = planned(editor, dropin, date=TERM_BEFORE)
    with time_machine.travel(datetime.combine(TERM_BEFORE, time(18), tzinfo=UTC), tick=False):
        recorded(editor, session, pupils=21)
    with acting_as(editor) as by:
        assert list(selectors.to_add_up(by, dropin)) == [term]
        services.add_up_terms(by=by, session=now_of(by, session))
    with acting_as(editor) as by:
        assert selectors.to_add_up(by, dropin) == {}
        assert [each.term for each in selectors.totals_of(by, dropin)] == [term]


def test_a_correction_replaces_the_number_of_a_colleague_unseen(
    cast: Cast, dropin: Initiative
) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    recorded(cast.school_editor, session, pupils=40, staff=9)
    with acting_as(cast.school_manager) as by:
        assert selectors.counted_at(by, session) == {}
    recorded(cast.school_manager, session, pupils=12)
    with acting_as(cast.school_manager) as by:
        assert {
            group: each.number for group, each in selectors.counted_at(by, session).items()
        } == {"pupils": 12}
    with acting_as(cast.school_editor) as by:
        assert list(selectors.counted_at(by, session)) == ["staff"]


def test_numbers_that_cannot_be_are_refused(cast: Cast, dropin: Initiative) -> None:
    editor = cast.school_editor
    session = now_of(editor, planned(editor, dropin, date=YESTERDAY))

    def problems(numbers: dict[str, int], note: str = "", based_on: int = 1) -> Any:
        return refused(
            editor,
            services.record_attendance,
            session=session,
            numbers=numbers,
            note=note,
            based_on=based_on,
        )

    assert problems({}) == {"pupils": ["Enter how many came in at least one group, or 0"]}
    assert problems({"pupils": -1}) == {"pupils": ["Pupils must be between 0 and 5,000"]}
    assert problems({"staff": 5001}) == {"staff": ["Staff must be between 0 and 5,000"]}
    assert list(problems({"pupils": 4}, "x" * 201)) == ["note"]
    assert "Somebody has changed this session" in problems({"pupils": 4}, based_on=9)[""][0]
    coming = now_of(editor, planned(editor, dropin, date=SOON))
    said = refused(
        editor,
        services.record_attendance,
        session=coming,
        numbers={"pupils": 4},
        note="",
        based_on=1,
    )
    assert said[""][0].startswith("This session is still to come")


def test_only_the_staff_who_run_it_record_it(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.health_editor, dropin, date=YESTERDAY)
    for part in ("school_editor", "school_viewer"):
        with pytest.raises(PermissionDenied):
            recorded(cast.actors[part], session, pupils=20)
    assert recorded(cast.health_editor, session, pupils=20).state == State.HELD


def test_no_number_is_in_the_audit_trail(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    recorded(cast.school_editor, session, pupils=3467)
    with acting_as(cast.school_editor):
        rows = AuditEvent.objects.filter(object_table="initiative_sessions_session")
        said = [f"{each.action} {each.changes}" for each in rows]
        assert any("session recorded" in each for each in said)
        assert not any("346" in each for each in said)


def test_moving_and_cancelling(cast: Cast, dropin: Initiative) -> None:
    editor = cast.school_editor
    session = now_of(editor, planned(editor, dropin, date=SOON))
    later = replace(PLAN, date=SOON + timedelta(days=7))
    with acting_as(editor) as by:
        moved = services.change_session(by=by, session=session, plan=later, based_on=1)
        assert london_day(moved.starts_at) == later.date
        assert services.change_session(by=by, session=moved, plan=later, based_on=1).revision == 2
    again = replace(later, place="The hall")
    problems = refused(editor, services.change_session, session=moved, plan=again, based_on=1)
    assert "Somebody has changed this session" in problems[""][0]
    assert refused(editor, services.cancel_session, session=moved, reason=" ") == {
        "reason": ["Enter why it does not take place"]
    }
    with acting_as(editor) as by:
        gone = services.cancel_session(by=by, session=moved, reason="The nurse is ill")
        assert services.cancel_session(by=by, session=gone, reason="Again").revision == 3
    problems = refused(editor, services.change_session, session=gone, plan=again, based_on=3)
    assert problems == {"": ["This session has been cancelled."]}


def test_what_was_held_is_not_cancelled_or_moved(cast: Cast, dropin: Initiative) -> None:
    editor = cast.school_editor
    session = planned(editor, dropin, date=YESTERDAY)
    recorded(editor, session, pupils=9)
    now = now_of(editor, session)
    assert refused(editor, services.cancel_session, session=now, reason="No")[""]
    plan = replace(PLAN, date=SOON)
    problems = refused(editor, services.change_session, session=now, plan=plan, based_on=2)
    assert problems == {"date": ["This session was held, so it stays on its day"]}


def test_a_manager_opens_the_numbers_of_colleagues_for_a_reason(
    cast: Cast, dropin: Initiative
) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    recorded(cast.school_editor, session, pupils=6)
    now = now_of(cast.school_manager, session)
    assert refused(cast.school_manager, services.open_attendance, session=now, reason=" ") == {
        "reason": ["Enter why you need the numbers"]
    }
    with acting_as(cast.school_manager) as by:
        services.open_attendance(by=by, session=now, reason="The report for the governors")
    with acting_as(cast.school_manager) as by:
        assert selectors.counted_at(by, session)["pupils"].number == 6
    with acting_as(cast.school_viewer) as by:
        reasons = [each.reason for each in selectors.openings_of(by, session)]
        assert reasons == ["The report for the governors"]
    with acting_as(cast.health_manager) as by:
        assert selectors.openings_of(by, session) == []
    with acting_as(cast.school_editor) as by, pytest.raises(PermissionDenied):
        services.open_attendance(by=by, session=now_of(by, session), reason="Me too")


def test_what_waits_for_its_numbers_and_the_summary(cast: Cast, dropin: Initiative) -> None:
    editor = cast.school_editor
    waiting = planned(editor, dropin, date=YESTERDAY)
    planned(cast.health_editor, dropin, date=YESTERDAY)
    coming = planned(editor, dropin, date=SOON)
    held = planned(editor, dropin, date=YESTERDAY, time=time(13))
    recorded(editor, held, pupils=9)
    with acting_as(editor) as by:
        assert [each.pk for each in selectors.lacking_numbers(by, 5)] == [waiting.pk]
        found = selectors.summary_of(by, dropin)
        assert (found.coming, found.held, found.waiting) == (1, 1, 2)
        assert found.next == coming
        assert selectors.taken_days(by, dropin.partnership, YESTERDAY, SOON) == {YESTERDAY, SOON}


def test_leaving_cancels_what_its_staff_were_to_run(cast: Cast, dropin: Initiative) -> None:
    coming = planned(cast.health_editor, dropin, date=SOON)
    planned(cast.school_editor, dropin, date=SOON)
    with acting_as(cast.health_manager) as by:
        said = ["1 session that its staff were to run is cancelled"]
        assert what_becomes_of_them(by, dropin.partnership) == said
        assert cancel_sessions(by, dropin.partnership) == {"sessions_cancelled": 1}
    assert now_of(cast.school_editor, coming).state == State.CANCELLED


def test_the_export_holds_what_everybody_may_see(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    recorded(cast.school_editor, session, pupils=6)
    with acting_as(cast.school_manager) as by:
        rows = {each.name: list(each.rows(by)) for each in sections()}
    assert [row[0] for row in rows["sessions"]] == [session.ref]
    numbers = [row[5] for row in rows["session_attendance"]]
    assert set(numbers) == {"between 1 and 7"}


def test_the_term_of_a_day_in_the_holidays_is_the_one_before() -> None:
    assert term_of(date(2026, 8, 30)) == term_of(date(2026, 7, 1)) == "Summer 2025/26"
    assert term_of(date(2026, 12, 28)) == term_of(date(2026, 9, 10))
