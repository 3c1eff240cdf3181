"""Sessions, measures and reviews of an initiative: on its page, in its review, and on home."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.measures.models import PublishedReading
from initiatives.plans.models import Initiative
from initiatives.plans.services import move_to_stage
from initiatives.reflections.services import reflect
from initiatives.sessions.models import PublishedAttendance
from tests.agreements.arranging import papered
from tests.agreements.arranging import started as agreement_started
from tests.initiative_review.arranging import answered, asked, now, oneself, person_asked
from tests.initiative_sessions.arranging import planned, recorded
from tests.measures.arranging import measured, reading
from tests.plans.arranging import started
from tests.record.arranging import acting_as, statements
from tests.touchpoints.conftest import clock, scene
from tests.touchpoints.scene import NOW, Scene

__all__ = ["clock", "scene"]

READ, CAME = "about 45", "about 35"
FEBRUARY = datetime(2027, 2, 2, 9, tzinfo=UTC)


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
    address = reverse(page, args=address_of(scene, initiative))
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
    assert "Nobody has been asked to review it yet." in page
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


def at_home(scene: Scene, part: str, own: str) -> str:
    """Home, as somebody sees it in an organisation."""
    text: str = (
        scene.cast.client(part).get(reverse("home", args=[scene.cast.organisation(own).slug])).text
    )
    return text


def run(by: Any, initiative: Initiative) -> None:
    """It runs from now on."""
    with acting_as(by):
        move_to_stage(by=by, initiative=now(by, initiative), stage="running")


def test_home_says_what_initiatives_ask_of_whom(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    by = scene.cast.school_editor
    made = started(by, scene.partnership, name="Drop-in")
    run(by, made)
    session = planned(by, now(by, made))
    measure = measured(by, made)
    asked(scene, made)
    theirs = at_home(scene, "health_editor", "health")
    ours = at_home(scene, "school_editor", "school")
    assert "Review: Drop-in" in theirs
    assert "Review: Drop-in" not in ours
    assert "Record who came" in ours
    assert f"/{session.ref}/record/" in ours
    assert "Record who came" not in theirs
    assert "Enter a reading" not in ours  # no month is over since it was added
    clock.move_to(FEBRUARY)
    ours = at_home(scene, "school_editor", "school")
    assert "Enter a reading: Pupils reached" in ours
    assert "January 2027" in ours
    for part, own in (("school_manager", "school"), ("health_editor", "health")):
        assert "Enter a reading" not in at_home(scene, part, own)
    reading(by, measure, 43)
    assert "Enter a reading" not in at_home(scene, "school_editor", "school")


def test_many_of_them_take_home_no_more_statements(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    by = scene.cast.school_editor
    where = reverse("home", args=[scene.cast.organisation("school").slug])
    counts = []
    for number in range(3):
        made = started(by, scene.partnership, name=f"Drop-in {number}")
        run(by, made)
        planned(by, now(by, made))
        measured(by, made)
        clock.move_to(FEBRUARY)
        client = scene.cast.client("school_editor")
        client.get(where)  # the first page of a session does more
        with CaptureQueriesContext(connection) as captured:
            assert f"Drop-in {number}" in client.get(where).text
        counts.append(len(statements(captured)))
        clock.move_to(NOW)
    assert len(set(counts)) == 1, counts


def test_the_report_has_the_figures_of_the_page_and_nothing_more(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    with acting_as(by):
        reflect(
            by=by,
            initiative=now(by, drop_in),
            occasion="term",
            went_well="Pupils came back.",
            change="Start later.",
            missing="Boys of year 9.",
        )
    before = seen(scene, drop_in, "initiative-report")
    for words in (
        "Report so far",
        "Pupils came back.",
        "1 session held",
        "No data sharing agreement",
    ):
        assert words in before
    assert READ not in before.lower()
    share(scene)
    report, page = (seen(scene, drop_in, name) for name in ("initiative-report", "initiative"))
    for each in (report, page):
        assert READ in each.lower()
    assert "43" not in report
    assert "Closing report" not in report
    with acting_as(by):
        move_to_stage(by=by, initiative=now(by, drop_in), stage="finished")
    assert "Closing report" in seen(scene, drop_in, "initiative-report")
    assert reverse("initiative-report", args=address_of(scene, drop_in)) in seen(
        scene, drop_in, "initiative"
    )


def address_of(scene: Scene, initiative: Initiative) -> list[str]:
    """What names an initiative in addresses of the NHS trust."""
    return [scene.cast.organisation("health").slug, scene.partnership.ref, initiative.ref]
