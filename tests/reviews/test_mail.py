"""What is told of a review: asked, reminded, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from calendars.london import at_wall_clock, today
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from partnerships.reviews.announcements import CLOCK
from partnerships.reviews.models import Review
from tests.reviews.arranging import SCHOOLS, answered, answers, closed, opened
from tests.touchpoints.scene import HEALTH, Scene, deliveries

ANSWERERS = (*SCHOOLS, "health_editor")


def told(scene: Scene, kind: str) -> list[Delivery]:
    """What waits for the health contact, of one kind."""
    rows = deliveries(scene, "health_editor", kind=kind, recipient=HEALTH)
    return [row for row in rows if row.state == "pending"]


def apart(scene: Scene) -> Review:
    """Four people have answered; of two questions very differently."""
    review = opened(scene)
    for part in SCHOOLS:
        answered(scene, review, part, answers("3", N1="4", P1="4"))
    answered(scene, review, "health_editor", answers("3", N1="1", P1="2"))
    return review


def last_day_is_over(superuser: Any) -> None:
    """For the database's clock, which no test moves."""
    superuser.execute("UPDATE reviews_review SET closes_on = '2026-09-01'")


def text(message: EmailMessage | Any) -> str:
    assert isinstance(message, EmailMessage)
    return str(message.body)


def test_closing_it_tells_at_once_what_is_seen_differently(scene: Scene) -> None:
    review = apart(scene)
    closed(scene, review)
    (delivery,) = told(scene, "review_results")
    letter = text(compose(delivery))

    assert "We can each say what we could not achieve without the other." in letter
    assert "There is one agreed aim that staff on both sides would recognise." in letter
    assert letter.count("\n- ") == 2
    assert f"/r/rv-{review.ref}/" in letter
    assert not told(scene, "review_to_answer")
    assert not told(scene, "review_reminder")


def test_without_closing_it_is_told_the_morning_after_its_last_day(
    scene: Scene, superuser: Any
) -> None:
    apart(scene)
    (delivery,) = told(scene, "review_results")
    morning = at_wall_clock(today() + timedelta(days=22), CLOCK)

    assert delivery.due_at == morning
    assert compose(delivery) == NotNeeded("The review is still open.")
    last_day_is_over(superuser)
    assert "You see these differently" in text(compose(delivery))


def test_nothing_is_told_where_too_few_answered(scene: Scene, superuser: Any) -> None:
    review = opened(scene)
    for part in ("school_editor", "health_editor"):
        answered(scene, review, part)
    (delivery,) = told(scene, "review_results")
    last_day_is_over(superuser)

    assert compose(delivery) == NotNeeded("Too few people answered for anything to be shown.")


@pytest.mark.parametrize("step", ["1", "4"])
def test_where_all_agree_it_says_so_and_never_what_anybody_answered(
    scene: Scene, step: str
) -> None:
    review = opened(scene)
    for part in ANSWERERS:
        answered(scene, review, part, answers(step))
    closed(scene, review)
    (delivery,) = told(scene, "review_results")
    letter = text(compose(delivery))

    assert "Nothing stands out" in letter
    assert f" {step}" not in letter.split("You get this email")[0]
