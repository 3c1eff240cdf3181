"""Asking for a review, acknowledging, commenting and answering, as committed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from calendars.london import today
from initiatives.plans import services as plans
from initiatives.plans.models import Initiative
from initiatives.review import access, presenters, selectors, services
from initiatives.review.models import ReviewComment, ReviewRequest
from organisations.guard_rail import IdentifierRefused
from tests.initiative_review.arranging import (
    WORDS,
    answered,
    asked,
    commented,
    now,
    oneself,
    person_asked,
    planned,
    soon,
    standing,
)
from tests.record.arranging import NHS_NUMBER, acting_as
from tests.touchpoints.scene import Scene


def test_a_member_is_asked_acknowledges_and_endorses_one_version(scene: Scene) -> None:
    school, health = scene.cast.school_editor, scene.cast.health_editor
    initiative = planned(scene)
    request = asked(scene, initiative)

    with acting_as(health):
        rows = ReviewRequest.objects.filter(pk=request.pk).select_related("initiative")
        first = services.acknowledge_requests(by=health, requests=list(rows))
        again = services.acknowledge_requests(by=health, requests=list(rows))
    verdict = answered(health, request, words="Well planned")

    assert (first, again, verdict.revision) == (1, 0, initiative.revision)
    state = standing(school, initiative)
    assert [str(each) for each in state.endorsed] == [
        f"Endorsed by Health editor, {scene.cast.organisation('health')}"
    ]
    assert (state.waiting, state.endorsed[0].revision) == ([], state.revision)

    with acting_as(school):
        plans.add_line(by=school, initiative=now(school, initiative), kind="risk", words="Rooms")
    later = standing(school, initiative)
    assert later.endorsed[0].revision < later.revision


def test_requested_changes_stand_until_the_plan_changes_and_it_is_asked_again(scene: Scene) -> None:
    school, health = scene.cast.school_editor, scene.cast.health_editor
    initiative = planned(scene)
    answered(health, asked(scene, initiative), "changes", WORDS)
    assert [each.words for each in standing(school, initiative).changes_requested] == [WORDS]

    with acting_as(school):
        plans.add_line(by=school, initiative=now(school, initiative), kind="need", words="A lead")
    assert standing(school, initiative).changes_requested == []
    answered(health, asked(scene, now(school, initiative)))

    assert len(standing(school, initiative).verdicts) == 2


def test_an_answer_to_a_version_that_has_changed_is_not_taken(scene: Scene) -> None:
    school, health = scene.cast.school_editor, scene.cast.health_editor
    initiative = planned(scene)
    request = asked(scene, initiative)
    with acting_as(school):
        plans.add_line(by=school, initiative=now(school, initiative), kind="risk", words="Rooms")

    with pytest.raises(ValidationError) as refused:
        answered(health, request, revision=initiative.revision)
    assert refused.value.code == services.CHANGED_MEANWHILE
    assert standing(school, initiative).verdicts == []


def test_a_person_asked_sees_one_initiative_and_speaks_in_their_own_name(scene: Scene) -> None:
    initiative = planned(scene)
    other = planned(scene, name="Another one")
    request = person_asked(scene, initiative)
    nobody = oneself(scene)

    commented(nobody, initiative)
    verdict = answered(nobody, request, "changes", WORDS)

    assert (verdict.organisation_id, verdict.given_by) == (None, "Nobody")
    with acting_as(nobody):
        assert [each.content_object.name for each in selectors.grants_of(nobody)] == [
            initiative.name
        ]
        assert list(Initiative.objects.values_list("pk", flat=True)) == [initiative.pk]
        assert ReviewComment.objects.get().said_by == "Nobody"
    assert other.pk != initiative.pk


def test_access_that_is_ended_ends_what_was_asked(scene: Scene) -> None:
    initiative = planned(scene)
    person_asked(scene, initiative)
    manager = scene.cast.school_manager
    with acting_as(manager):
        grant = selectors.grants_on(initiative)[0]
        grant.content_object = now(manager, initiative)
        access.end_access(by=manager, grant=grant)

    with acting_as(oneself(scene)):
        assert not Initiative.objects.exists()
    assert standing(manager, initiative).requests == []


def test_a_request_is_taken_back_and_a_person_loses_their_access_with_it(scene: Scene) -> None:
    initiative = planned(scene)
    manager = scene.cast.school_manager
    for request in (asked(scene, initiative), person_asked(scene, initiative)):
        with acting_as(manager):
            found = ReviewRequest.objects.select_related("initiative__partnership").get(
                pk=request.pk
            )
            services.withdraw_request(by=manager, request=found)
    assert standing(manager, initiative).requests == []
    with acting_as(manager):
        assert selectors.grants_on(initiative) == []
    with pytest.raises(ValidationError, match="withdrawn already"), acting_as(manager):
        services.withdraw_request(by=manager, request=found)


Bad = tuple[str, dict[str, Any], str, str]
BAD: list[Bad] = [
    ("organisation", {"due_on": today() - timedelta(days=400)}, "due_on", "today or later"),
    ("organisation", {"due_on": today() + timedelta(days=4000)}, "due_on", "within a year"),
    ("organisation", {"message": "x" * 501}, "message", "500 characters or fewer"),
    ("organisation", {"organisation": "council"}, "organisation", "another member"),
    ("organisation", {"organisation": "school"}, "organisation", "another member"),
    ("person", {"email": "unknown@x.example"}, "email", "Nobody has confirmed this address"),
    ("person", {"email": "operator@tandem.example"}, "email", "An operator of Tandem cannot"),
    ("person", {"email": "school-viewer@tandem.example"}, "email", "belongs to your organisation"),
    ("person", {"last_day": today() - timedelta(days=400)}, "last_day", "until the answer is due"),
    ("person", {"last_day": today() + timedelta(days=4000)}, "last_day", "a year at most"),
]


@pytest.mark.parametrize(("whom", "given", "field", "says"), BAD)
def test_what_is_asked_badly_is_refused_by_field(
    scene: Scene, whom: str, given: dict[str, Any], field: str, says: str
) -> None:
    initiative = planned(scene)
    ask: Callable[..., Any] = asked if whom == "organisation" else person_asked
    with pytest.raises(ValidationError) as refused:
        ask(scene, initiative, **given)
    assert says in refused.value.message_dict[field][0]
    assert standing(scene.cast.school_editor, initiative).requests == []


def test_nobody_is_asked_twice_at_once(scene: Scene) -> None:
    initiative = planned(scene)
    asked(scene, initiative)
    person_asked(scene, initiative)
    with pytest.raises(ValidationError, match="asked already"):
        asked(scene, initiative)
    with pytest.raises(ValidationError, match="asked already"):
        person_asked(scene, initiative)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"section": "weather"}, "section"),
        ({"text": " \u200b "}, "text"),
        ({"text": "x" * 1001}, "text"),
    ],
)
def test_a_bad_comment_is_refused_by_field(scene: Scene, given: dict[str, Any], field: str) -> None:
    initiative = planned(scene)
    with pytest.raises(ValidationError) as refused:
        commented(scene.cast.health_editor, initiative, **given)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [("perhaps", "", "kind"), ("changes", " ", "words"), ("endorsed", "x" * 1001, "words")],
)
def test_a_bad_answer_is_refused_by_field(scene: Scene, kind: str, words: str, field: str) -> None:
    request = asked(scene, planned(scene))
    with pytest.raises(ValidationError) as refused:
        answered(scene.cast.health_editor, request, kind, words)
    assert list(refused.value.message_dict) == [field]


def test_numbers_of_patients_are_refused_everywhere(scene: Scene) -> None:
    initiative = planned(scene)
    with pytest.raises(IdentifierRefused):
        asked(scene, initiative, message=f"Ask about {NHS_NUMBER}")
    with pytest.raises(IdentifierRefused):
        commented(scene.cast.health_editor, initiative, text=f"Patient {NHS_NUMBER}")
    request = asked(scene, initiative)
    with pytest.raises(IdentifierRefused):
        answered(scene.cast.health_editor, request, "changes", f"Patient {NHS_NUMBER}")


def test_only_those_who_may_ask_and_answer(scene: Scene) -> None:
    initiative = planned(scene)
    with pytest.raises(PermissionDenied):
        asked(scene, initiative, part="health_editor")
    with pytest.raises(PermissionDenied):
        asked(scene, initiative, part="school_viewer")
    request = asked(scene, initiative)
    with pytest.raises(PermissionDenied):
        answered(scene.cast.school_manager, request)
    with acting_as(scene.cast.school_editor) as by, pytest.raises(PermissionDenied):
        services.ask_person(
            by=by,
            initiative=now(by, initiative),
            email=scene.cast.users["nobody"].email,
            due_on=soon(),
            last_day=soon(40),
            message="",
        )


def test_where_the_reviews_stand_is_said_in_words(scene: Scene) -> None:
    school, health = scene.cast.school_editor, scene.cast.health_editor
    initiative = planned(scene)
    request = asked(scene, initiative)
    trust = scene.cast.organisation("health")
    assert presenters.state_words(standing(school, initiative)) == [
        f"Waiting for {trust}, asked for an answer by 25 January 2027"
    ]
    answered(health, request)
    endorsed = f"Endorsed at version 1 by Health editor, {trust}"
    assert presenters.state_words(standing(school, initiative)) == [endorsed]
    with acting_as(school):
        plans.add_line(by=school, initiative=now(school, initiative), kind="risk", words="Rooms")
    answered(health, asked(scene, now(school, initiative)), "changes", WORDS)
    assert presenters.state_words(standing(school, initiative)) == [
        f"{endorsed}, and changed since",
        f"Changes requested by Health editor, {trust}",
    ]
