"""The queue of an organisation with many initiatives to review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Place, Region
from initiatives.plans.models import Initiative
from initiatives.review import queue
from initiatives.review.models import ReviewRequest
from organisations.models import Delivery, Organisation
from tests.initiative_review.arranging import answered, asked, planned, soon
from tests.record.arranging import acting_as, sent, statements
from tests.touchpoints.scene import Scene

QUEUE_STATEMENTS = 9


def address(scene: Scene, part: str = "health") -> str:
    slug = scene.cast.organisation(part).slug
    return reverse("initiatives-to-review", kwargs={"organisation_slug": slug})


def many(scene: Scene, number: int, schools: tuple[int, ...] = ()) -> list[Initiative]:
    """So many initiatives, each asked of the NHS trust, one day after the other."""
    by = scene.cast.school_editor
    strands = ("prevention", "workforce")
    with acting_as(by):
        made = Initiative.objects.bulk_create(
            Initiative(
                partnership=scene.partnership,
                organisation_id=by.organisation_id,
                author_id=by.user_id,
                name=f"Initiative {count}",
                strand=strands[count % 2],
                aim="To try it",
                stage="running" if count % 2 else "idea",
                schools=list(schools),
                acl=[],
            )
            for count in range(number)
        )
        start = timezone.now() - timedelta(days=number)
        ReviewRequest.objects.bulk_create(
            ReviewRequest(
                initiative=each,
                partnership=scene.partnership,
                author_organisation_id=by.organisation_id,
                author_id=by.user_id,
                to_organisation=scene.cast.organisation("health"),
                due_on=soon(),
                asked_at=start + timedelta(days=count),
                acl=[],
            )
            for count, each in enumerate(made)
        )
    return made


@pytest.mark.parametrize("number", [10, 500])
def test_it_asks_the_database_as_often_for_five_hundred(scene: Scene, number: int) -> None:
    many(scene, number)
    client = scene.cast.client("health_editor")
    client.get(address(scene))
    with CaptureQueriesContext(connection) as captured:
        text = client.get(
            address(scene), {"words": "Initiative", "strand": "prevention", "place": "walsall"}
        ).text
    said = statements(captured)
    assert len(said) == QUEUE_STATEMENTS, "\n".join(said)
    assert f"{number // 2} initiatives" in client.get(address(scene), {"strand": "workforce"}).text
    assert "Initiative" in text
    plain = client.get(address(scene)).text
    assert plain.count('name="requests"') == min(number, 25)
    assert plain.index("Initiative 0<") < plain.index("Initiative 1<")


def found(scene: Scene, **filters: str) -> list[str]:
    with acting_as(scene.cast.health_editor) as by:
        page = queue.page_of_requests(by, queue.Filters(**filters))
        return [each.initiative.name for each in page]


def test_it_is_narrowed_by_strand_stage_waiting_time_and_words(scene: Scene) -> None:
    many(scene, 40)
    assert len(found(scene, strand="workforce")) == 20
    assert len(found(scene, stage="idea")) == 20
    assert len(found(scene, waits="4")) == 12
    assert len(found(scene, waits="2")) == 25
    assert found(scene, words="Initiative 39") == ["Initiative 39"]
    assert found(scene, words="Unheard") == []


def test_it_is_narrowed_by_region_and_place_of_its_schools(scene: Scene) -> None:
    place = Place.objects.select_related("council").get(council=scene.cast.organisation("council"))
    school = Organisation.objects.filter(school__council=place.council).first()
    assert school is not None
    region = place.regions.first()
    elsewhere = Region.objects.exclude(places=place).order_by("pk").first()
    assert region is not None
    other = Place.objects.exclude(pk=place.pk).order_by("pk").first()
    assert elsewhere is not None
    assert other is not None
    many(scene, 2, schools=(school.pk,))
    assert len(found(scene, region=region.slug)) == 2
    assert found(scene, region=elsewhere.slug) == []
    assert len(found(scene, place=place.council.slug)) == 2
    assert found(scene, place=other.council.slug) == []
    assert len(found(scene, words=school.name.split()[0])) == 2


def test_several_are_acknowledged_at_once_and_whoever_asked_gets_one_e_mail(scene: Scene) -> None:
    many(scene, 3)
    client = scene.cast.client("health_editor")
    assert "Select at least one initiative" in sent(client, address(scene)).text
    with acting_as(scene.cast.health_editor):
        refs = list(ReviewRequest.objects.values_list("ref", flat=True))
    assert "that are on this page" in sent(client, address(scene), requests="unknown").text

    sent(client, address(scene), requests=refs[:2])  # type: ignore[arg-type]
    text = client.get(address(scene)).text

    assert "2 initiatives acknowledged. Whoever asked is told" in text
    assert "3 initiatives, 1 not acknowledged" in text
    assert len(found(scene, arrived="no")) == 1
    with acting_as(scene.cast.school_editor):
        told = list(Delivery.objects.filter(kind="initiative_review_arrived"))
    assert [len(each.payload["requests"]) for each in told] == [2]


def test_what_was_answered_or_is_not_ours_does_not_wait(scene: Scene) -> None:
    initiative = planned(scene)
    request = asked(scene, initiative)
    text = scene.cast.client("health_editor").get(address(scene)).text
    assert "Weekly drop-in" in text
    empty: Any = scene.cast.client("school_editor").get(address(scene, "school")).text
    assert "No initiatives to review" in empty
    assert (
        "No initiative matches"
        in scene.cast.client("health_editor").get(address(scene), {"words": "Nothing"}).text
    )
    answered(scene.cast.health_editor, request)
    assert found(scene) == []
    with acting_as(scene.cast.health_editor) as by:
        assert queue.waiting_for_me(by, 5) == []
    assert scene.cast.client("stranger").get(address(scene)).status_code == 404
