"""Opening, answering and closing a review, and what is shown then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from calendars.london import today
from organisations.tenancy.scope import acting
from partnerships.reviews.models import AnswerSet
from tests.agreements.arranging import three_members
from tests.reviews.arranging import HEALTH, SCHOOLS, answered, answers, closed, opened, results
from tests.touchpoints.scene import Scene


def test_there_is_one_pulse_a_term(scene: Scene) -> None:
    review = opened(scene)
    opened(scene, kind="full")

    assert review.title == "Pulse, spring term, 2026/27"
    with pytest.raises(ValidationError, match="There is one for this already"):
        opened(scene, "health_editor")


@pytest.mark.parametrize("days", [4, 61])
def test_people_get_enough_time_and_not_too_much(scene: Scene, days: int) -> None:
    with pytest.raises(ValidationError, match="at least 5 days"):
        opened(scene, closes_on=today() + timedelta(days=days))


def test_who_only_reads_answers_but_opens_and_closes_none(scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        opened(scene, "school_viewer")
    review = opened(scene)
    answered(scene, review, "school_viewer")
    answered(scene, review, "health_editor")
    with pytest.raises(PermissionDenied):
        closed(scene, review, "school_viewer")


def test_every_question_is_answered_with_what_is_offered(scene: Scene) -> None:
    review = opened(scene)
    with pytest.raises(ValidationError) as refused:
        answered(scene, review, "school_editor", answers(N1="5", C1=""))

    assert set(refused.value.message_dict) == {"N1", "C1"}


def test_answers_change_until_it_is_closed_and_are_one_set(scene: Scene) -> None:
    review = opened(scene)
    first = answered(scene, review, "school_editor")
    second = answered(scene, review, "school_editor", answers("2"))
    answered(scene, review, "health_editor")
    closed(scene, review)

    assert (first.pk, second.answers["N1"]) == (second.pk, "2")
    with pytest.raises(ValidationError, match="closed"):
        answered(scene, review, "school_editor", answers("4"))
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        assert AnswerSet.objects.get().answers == answers("2")


def test_it_closes_by_itself_after_its_last_day(scene: Scene, clock: Any) -> None:
    review = opened(scene)
    clock.shift(timedelta(days=22))

    with pytest.raises(ValidationError, match="closed"):
        answered(scene, review, "school_editor")


def test_it_is_closed_early_only_once_both_sides_have_answered(scene: Scene) -> None:
    review = opened(scene)
    answered(scene, review, "school_editor")
    with pytest.raises(ValidationError, match="One side has not answered"):
        closed(scene, review)
    answered(scene, review, "health_editor")
    assert closed(scene, review).closed_at is not None
    assert closed(scene, review, "school_editor").closed_by_id == scene.cast.health_editor.user_id


def test_nothing_is_shown_while_it_can_be_answered(scene: Scene) -> None:
    three_members(scene)
    review = opened(scene)
    for part in (*SCHOOLS, *HEALTH):
        answered(scene, review, part)

    assert results(scene, review) == {}


def test_the_sides_are_shown_apart_from_three_on_each(scene: Scene) -> None:
    three_members(scene)
    review = opened(scene)
    for part in SCHOOLS:
        answered(scene, review, part, answers("4", C1="na"))
    for part in HEALTH:
        answered(scene, review, part, answers("3", N1="2"))
    closed(scene, review)
    found = results(scene, review)

    assert (found["N1"].schools, found["N1"].health, found["N1"].together) == (4.0, 2.0, 3.0)
    assert found["N1"].apart
    assert found["P1"].apart, "the sides' averages are 1 apart"
    # Nobody of the schools could say, so that what all answered is what one side answered.
    assert (found["C1"].schools, found["C1"].health, found["C1"].together) == (None, None, 3.0)
    assert not found["C1"].apart
    assert found == results(scene, review, "council_editor")


def test_with_two_on_a_side_neither_side_is_shown(scene: Scene) -> None:
    review = opened(scene)
    for part in SCHOOLS:
        answered(scene, review, part, answers("4"))
    for part in ("health_manager", "health_editor"):
        answered(scene, review, part, answers("1"))
    closed(scene, review)
    found = results(scene, review)

    assert {(each.schools, each.health) for each in found.values()} == {(None, None)}
    assert found["N1"].together == 2.8
    assert found["N1"].apart


def test_of_two_answers_nothing_is_shown(scene: Scene) -> None:
    review = opened(scene)
    for part in ("school_editor", "health_editor"):
        answered(scene, review, part)
    closed(scene, review)

    assert results(scene, review) == {}


def test_one_side_alone_is_not_shown(scene: Scene, superuser: Any) -> None:
    review = opened(scene)
    for part in SCHOOLS:
        answered(scene, review, part)
    superuser.execute("UPDATE reviews_review SET closes_on = '2026-09-01'")

    assert results(scene, review) == {}
