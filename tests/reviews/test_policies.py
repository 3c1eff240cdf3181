"""What the database itself refuses about reviews, in SQL as the role that serves pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from organisations.tenancy.scope import acting
from partnerships.reviews.models import Review
from tests.reviews.arranging import answered, answers, closed, opened
from tests.touchpoints.scene import Scene


def run(scene: Scene, part: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement in a transaction of somebody's own."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def refused(scene: Scene, part: str, statement: str, *values: Any) -> bool:
    """Whether the database refuses it or finds nothing to do it to."""
    try:
        return run(scene, part, statement, *values) == []
    except DatabaseError:
        return True


def test_answers_are_their_authors_alone(scene: Scene) -> None:
    review = opened(scene)
    answered(scene, review, "school_viewer")
    everything = "SELECT user_id FROM reviews_answerset"
    seen = {
        part: len(run(scene, part, everything))
        for part in (
            "school_viewer",
            "school_editor",
            "school_manager",
            "health_editor",
            "stranger",
        )
    }

    assert seen.pop("school_viewer") == 1
    assert set(seen.values()) == {0}


def test_a_closed_review_opens_nobodys_answers(scene: Scene) -> None:
    review = opened(scene)
    for part in ("school_editor", "health_editor"):
        answered(scene, review, part)
    closed(scene, review)

    assert len(run(scene, "school_editor", "SELECT 1 FROM reviews_answerset")) == 1


def test_a_review_is_its_members(scene: Scene) -> None:
    review = opened(scene)
    answered(scene, review, "school_editor")
    for part in ("council_editor", "stranger", "nobody", "operator"):
        assert run(scene, part, "SELECT 1 FROM reviews_review") == [], part
        assert (
            run(scene, part, "SELECT * FROM tandem.review_turnout(%s::bigint[])", [review.pk]) == []
        ), part
        assert (
            run(scene, part, "SELECT * FROM tandem.review_results(%s::bigint[])", [review.pk]) == []
        ), part


INSERT = (
    "INSERT INTO reviews_answerset (review_id, partnership_id, organisation_id, side, user_id, "
    "answers, answered_at) VALUES (%s, %s, %s, %s, %s, %s, now()) RETURNING id"
)


def row(scene: Scene, review: Review, part: str, **more: Any) -> list[Any]:
    by = scene.cast.actors[part]
    values = {
        "review": review.pk,
        "partnership": review.partnership_id,
        "organisation": by.organisation_id,
        "side": "school" if part.startswith("school") else "health",
        "user": by.user_id,
        "answers": json.dumps(answers()),
        **more,
    }
    return list(values.values())


def test_nobody_answers_for_another_or_on_the_other_side(scene: Scene) -> None:
    review = opened(scene)
    cast = scene.cast
    wrong: list[dict[str, Any]] = [
        {"user": cast.users["school_manager"].pk},
        {"organisation": cast.organisation("health").pk},
        {"side": "health"},
    ]
    for more in wrong:
        assert refused(scene, "school_editor", INSERT, *row(scene, review, "school_editor", **more))
    for part in ("council_editor", "stranger"):
        assert refused(scene, part, INSERT, *row(scene, review, part)), part
    assert not refused(scene, "school_editor", INSERT, *row(scene, review, "school_editor"))


def test_a_closed_review_takes_no_answer_and_stays_closed(scene: Scene) -> None:
    review = opened(scene)
    for part in ("school_editor", "health_editor"):
        answered(scene, review, part)
    closed(scene, review)
    by = "school_editor"

    assert refused(scene, by, INSERT, *row(scene, review, "school_manager"))
    assert refused(scene, "school_manager", INSERT, *row(scene, review, "school_manager"))
    assert refused(scene, by, "UPDATE reviews_answerset SET answers = '{}' RETURNING id")
    assert refused(
        scene, by, "UPDATE reviews_review SET closed_at = NULL, closed_by_id = NULL RETURNING id"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_review SET closed_at = now(), closed_by_id = author_id RETURNING id",
        "UPDATE reviews_review SET closes_on = '2026-01-01' RETURNING id",
        "DELETE FROM reviews_review RETURNING id",
        "DELETE FROM reviews_answerset RETURNING id",
        "UPDATE reviews_answerset SET user_id = 1 RETURNING id",
    ],
)
def test_what_nobody_may_do_while_one_side_has_answered(scene: Scene, statement: str) -> None:
    review = opened(scene)
    answered(scene, review, "school_editor")

    assert refused(scene, "school_editor", statement)
