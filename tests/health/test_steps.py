"""The five steps, each from its evidence."""

from __future__ import annotations

import pytest

from organisations.models import Sector
from overview.health.facts import (
    Aim,
    Contact,
    Facts,
    InWriting,
    Measured,
    Meeting,
    Partner,
    Talks,
    Together,
)
from overview.health.steps import Step, Task, next_of, steps_of
from partnerships.record.models import ContactFunction
from tests.health.examples import (
    COUNCIL,
    HOSPITAL,
    TRUST,
    WELL,
    ago,
    but,
    held,
    planned,
)


def step(facts: Facts, number: int) -> Step:
    return steps_of(facts)[number - 1]


def test_every_step_is_done_and_nothing_is_left_to_do() -> None:
    steps = steps_of(WELL)

    assert [each.number for each in steps] == [1, 2, 3, 4, 5]
    assert [each.done for each in steps] == [True, True, True, True, True]
    assert next_of(steps) is None


def test_something_is_to_be_done_together() -> None:
    (start,) = step(but(initiatives=()), 5).todo
    assert start.task is Task.START_INITIATIVE


@pytest.mark.parametrize(
    ("periods", "reflected", "task", "lacks"),
    [
        (0, False, Task.MEASURE, "a baseline, a later reading and a reflection"),
        (1, True, Task.MEASURE, "a later reading"),
        (2, False, Task.LOOK_BACK, "a reflection"),
    ],
)
def test_what_is_done_together_is_measured_twice_and_looked_back_on(
    periods: int, reflected: bool, task: Task, lacks: str
) -> None:
    measure = Measured("Pupils reached", periods, None, ago(9), 31)
    found = step(but(initiatives=(Together("abc", "Drop-in", reflected, True, (measure,)),)), 5)

    assert found.evidence == f"1 initiative. “Drop-in” still lacks {lacks}"
    assert [each.task for each in found.todo] == [task]


def test_a_baseline_of_one_and_a_later_reading_of_another_measure_do_not_do() -> None:
    once = (Measured("Reach", 1, None, ago(9), 31), Measured("Absence", 1, None, ago(9), 31))
    found = step(but(initiatives=(Together("abc", "Drop-in", True, True, once),)), 5)
    assert found.evidence.endswith("still lacks a later reading")


@pytest.mark.parametrize("side", [TRUST, HOSPITAL])
@pytest.mark.parametrize("function", list(ContactFunction))
def test_each_side_needs_a_contact_and_a_deputy(side: int, function: ContactFunction) -> None:
    contacts = tuple(
        each for each in WELL.contacts if (each.organisation_id, each.function) != (side, function)
    )

    found = step(but(contacts=contacts), 1)

    assert not found.done
    assert f"{function.label.lower()} missing" in found.evidence
    (todo,) = found.todo
    assert (todo.task, todo.organisation_id, todo.function) == (Task.NAME_CONTACT, side, function)


def test_a_contact_in_doubt_is_to_be_checked() -> None:
    doubted = tuple(
        Contact(each.organisation_id, each.function, "Due for a check")
        if each.organisation_id == HOSPITAL
        else each
        for each in WELL.contacts
    )

    found = step(but(contacts=doubted), 1)

    assert found.evidence == (
        "Schools: named contact and deputy checked. "
        "Health and council: named contact and deputy due for a check"
    )
    assert [each.words for each in found.todo] == [
        "Check the named contact of Hospital",
        "Check the deputy of Hospital",
    ]


def test_one_organisation_of_a_side_is_enough() -> None:
    partners = (*WELL.partners, Partner(COUNCIL, "Council", "council", Sector.HEALTH, False))

    assert step(but(partners=partners), 1).done


def test_a_side_without_an_organisation_is_to_be_filled() -> None:
    found = step(but(partners=WELL.partners[:1]), 1)

    assert not found.done
    assert found.todo[0].words == "Add an organisation of the health and council side"


def test_dialogue_begins_with_a_meeting_and_a_priority() -> None:
    silent = but(meetings=(planned(20),), talks=(Talks(TRUST, 3, ago(5), None),))
    aimless = but(aim=None)
    no_priority = but(aim=Aim(0, frozenset({TRUST, HOSPITAL})))

    assert step(silent, 2).todo[0].task is Task.LOG_MEETING
    assert step(aimless, 2).todo[0].task is Task.WRITE_AIM
    assert step(no_priority, 2).todo[0].task is Task.WRITE_AIM
    assert step(but(talks=()), 2).done, "a touchpoint that was held is a meeting"
    assert step(WELL, 2).evidence == "First met on 10 September 2026. 2 shared priorities"


def moved(days: int, by: int) -> Meeting:
    return Meeting(ago(days), "moved", over=True, moved_to=ago(days - by))


def cancelled(days: int, on: int) -> Meeting:
    return Meeting(ago(days), "cancelled", over=True, called_off_on=ago(on))


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        ((held(80), held(45), held(10)), True),
        ((held(45), held(10)), False),
        ((held(80), held(45), Meeting(ago(10), "missed", over=True)), False),
        # Made up for within a fortnight: the new day counts, and the old one does not.
        ((held(80), held(45), moved(20, by=14), held(6)), True),
        ((held(80), held(45), moved(20, by=15), held(5)), False),
        # Called off before its day, nobody waited; called off on its day, somebody did.
        (
            (
                held(80),
                held(45),
                held(40),
                Meeting(ago(10), "cancelled", True, called_off_on=ago(11)),
            ),
            True,
        ),
        (
            (
                held(80),
                held(45),
                held(40),
                Meeting(ago(10), "cancelled", True, called_off_on=ago(10)),
            ),
            False,
        ),
        # What nobody has said anything of is not held yet.
        ((held(80), held(45), Meeting(ago(1), "scheduled", over=True)), False),
        # One that failed is forgotten after three that were held.
        ((Meeting(ago(90), "missed", over=True), held(80), held(45), held(10)), True),
    ],
)
def test_channels_are_clear_when_the_last_three_were_held(
    last: tuple[Meeting, ...], kept: bool
) -> None:
    assert step(but(meetings=(*last, planned(20))), 3).done is kept


def test_what_to_do_for_clear_channels() -> None:
    waiting = Meeting(ago(1), "scheduled", over=True, ref="waits")

    def todo(facts: Facts) -> tuple[Task, str]:
        found = step(facts, 3).todo[0]
        return found.task, found.ref

    assert todo(but(series_running=False)) == (Task.PLAN_SERIES, "")
    assert todo(but(meetings=(held(80), waiting, planned(9)))) == (Task.SAY_OUTCOME, "waits")
    assert todo(but(meetings=(held(80), planned(9)))) == (Task.MEET, "coming")
    assert todo(but(meetings=(held(80),))) == (Task.PLAN_SERIES, "")


def test_culture_is_shared_once_every_member_agreed_and_one_agreement_is_in_date() -> None:
    halfway = step(but(aim=Aim(2, frozenset({TRUST}))), 4)
    expired = step(but(agreements=(InWriting("abc", "Ours", True, None, ago(1)),)), 4)
    unsigned = step(but(agreements=(InWriting("abc", "Ours"),)), 4)

    assert halfway.todo[0].words == "Agree the shared aim: Hospital has not yet"
    assert halfway.evidence.startswith("Shared aim: 1 of 2 members agreed it")
    assert expired.todo[0].words == "Renew “Ours”"
    assert unsigned.todo[0].words == "Get “Ours” signed"
    assert step(but(agreements=()), 4).todo[0].task is Task.START_AGREEMENT
    assert step(but(agreements=(InWriting("abc", "Ours", True, None, ago(0)),)), 4).done
    assert step(but(agreements=(InWriting("abc", "Ours", True, ago(5), None),)), 4).done


def test_an_aim_takes_two_members_to_agree() -> None:
    alone = but(
        partners=(
            WELL.partners[0],
            Partner(HOSPITAL, "Hospital", "hospital", Sector.HEALTH, joined=False),
        ),
        aim=Aim(2, frozenset({TRUST})),
    )

    found = step(alone, 4)

    assert not found.done
    assert found.todo[0].words == "Invite Hospital"


def test_a_partner_that_joins_later_is_asked_too() -> None:
    third = Partner(COUNCIL, "Council", "council", Sector.HEALTH)

    assert not step(but(partners=(*WELL.partners, third)), 4).done
