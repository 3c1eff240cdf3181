"""Sessions, measures and reviews of an initiative: on its page, and on the page of its review."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from initiatives.measures.models import PublishedReading
from initiatives.plans.models import Initiative
from initiatives.sessions.models import PublishedAttendance
from tests.agreements.arranging import papered
from tests.agreements.arranging import started as agreement_started
from tests.initiative_review.arranging import answered, asked, now, oneself, person_asked
from tests.initiative_sessions.arranging import planned, recorded
from tests.measures.arranging import measured, reading
from tests.plans.arranging import started
from tests.record.arranging import acting_as
from tests.touchpoints.conftest import clock, scene
from tests.touchpoints.scene import Scene

__all__ = ["clock", "scene"]

READ, CAME = "about 45", "about 35"


@pytest.fixture
def drop_in(scene: Scene) -> Initiative:
    """With a session that 36 pupils came to, one to come, and a measure read once: 43."""
    by = scene.cast.school_editor
    made = started(by, scene.partnership)
    recorded(by, planned(by, now(by, made)), pupils=36)
    planned(by, now(by, made), date=date(2027, 1, 12))
    reading(by, measured(by, made), 43)
    return made


def share(scene: Scene) -> None:
    """A data sharing agreement that is kept elsewhere is in force."""
    papered(
        scene,
        agreement_started(scene),
        kind="dsa",
        reference="Sharing agreement 7",
        dated=date(2026, 10, 1),
    )


def seen(scene: Scene, initiative: Initiative, page: str = "initiative-review") -> Any:
    """The page as the NHS trust sees it."""
    slug = scene.cast.organisation("health").slug
    address = reverse(page, args=[slug, scene.partnership.ref, initiative.ref])
    return scene.cast.client("health_editor").get(address).text


def test_a_reviewer_sees_when_and_what_and_figures_once_they_are_shared(
    scene: Scene, drop_in: Initiative
) -> None:
    asked(scene, drop_in)
    before = seen(scene, drop_in)
    assert "1 session held, 1 to come." in before
    assert "Tuesday 12 January 2027" in before
    assert "Pupils reached" in before
    assert "you see only the figures that you measured" in before
    assert READ not in before.lower()
    share(scene)
    after = seen(scene, drop_in)
    assert "you see only the figures" not in after
    assert READ in after.lower()


def test_somebody_asked_by_name_sees_no_figure_even_where_members_do(
    scene: Scene, drop_in: Initiative
) -> None:
    share(scene)
    person_asked(scene, drop_in)
    page = scene.cast.client("nobody").get(reverse("granted-initiative", args=[drop_in.ref])).text
    for words in ("1 session held, 1 to come.", "Pupils reached", "Pupils who came at least once"):
        assert words in page
    assert READ not in page.lower()
    assert CAME not in page.lower()
    with acting_as(oneself(scene)):
        assert not PublishedReading.objects.exists()
        assert not PublishedAttendance.objects.exists()
    with acting_as(scene.cast.health_editor):
        assert PublishedReading.objects.exists()
        assert PublishedAttendance.objects.exists()


def test_its_page_says_where_its_reviews_stand(scene: Scene, drop_in: Initiative) -> None:
    page = seen(scene, drop_in, "initiative")
    assert "Nobody was asked to review it yet." in page
    assert "Ask for a review" not in page  # the trust that planned it asks
    request = asked(scene, drop_in)
    health = scene.cast.organisation("health").name
    assert f"Waiting for {health}" in seen(scene, drop_in, "initiative")
    answered(scene.cast.health_editor, request, kind="endorsed")
    assert "Endorsed at version" in seen(scene, drop_in, "initiative")


def test_the_queue_is_found_from_the_partnerships(scene: Scene) -> None:
    slug = scene.cast.organisation("health").slug
    page = scene.cast.client("health_editor").get(reverse("partnerships", args=[slug])).text
    assert reverse("initiatives-to-review", args=[slug]) in page
