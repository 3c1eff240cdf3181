"""What the database itself allows: a reviewer of one initiative sees that and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from initiatives.plans.models import Initiative
from initiatives.review.models import ReviewComment, ReviewRequest, SeenVersion, Verdict
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.conversations.services import log_conversation
from tests.initiative_review.arranging import (
    answered,
    asked,
    commented,
    oneself,
    person_asked,
    planned,
    soon,
)
from tests.record.arranging import acting_as
from tests.touchpoints.scene import Scene, schedule

# What a reviewer sees of the initiative and below it, in the tables that carry an `acl`.
BELOW = {
    "plans_initiative",
    "plans_lead",
    "plans_planline",
    "initiative_review_reviewrequest",
    "initiative_review_reviewcomment",
    "initiative_review_verdict",
}
# Their own deeds on record.
OWN = {"organisations_auditevent"}


def visible(by: Actor) -> dict[str, int]:
    """How many rows of each table that carries an `acl` somebody sees, by the web role alone."""
    with acting(by.scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
            "AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'acl' "
            "AND NOT a.attisdropped ORDER BY 1"
        )
        counts = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return {name: count for name, count in counts.items() if count}


def arranged(scene: Scene) -> tuple[Initiative, Initiative]:
    """Two initiatives with a plan each and everything beside them; a person asked about one."""
    school = scene.cast.school_editor
    one, other = (planned(scene, name=name, template="mhst_dropin") for name in ("One", "Other"))
    for initiative in (one, other):
        asked(scene, initiative)
        commented(scene.cast.health_editor, initiative)
    schedule(scene)
    with acting_as(school):
        log_conversation(
            by=school,
            partnership=scene.partnership,
            kind="meeting",
            held_on=soon(0),
            summary="About rooms",
            internal=False,
        )
    person_asked(scene, one)
    return one, other


def test_a_reviewer_sees_one_initiative_and_what_is_below_it(scene: Scene) -> None:
    one, other = arranged(scene)
    nobody = oneself(scene)

    seen = visible(nobody)
    assert set(seen) - OWN <= BELOW, seen
    assert seen["plans_initiative"] == 1
    assert seen["plans_planline"] == 2
    assert seen["initiative_review_reviewrequest"] == 2
    with acting_as(nobody):
        for model in (ReviewRequest, ReviewComment):
            assert {each.initiative_id for each in model.objects.all()} == {one.pk}
    members = visible(scene.cast.school_editor)
    assert members["plans_initiative"] == 2
    assert {"record_partnership", "conversations_conversation", "touchpoints_touchpoint"} <= set(
        members
    )
    assert visible(oneself(scene, "stranger")) == {}
    assert other.pk


def test_after_the_last_day_nothing_is_seen_any_more(
    scene: Scene, clock: time_machine.Traveller, superuser: Any
) -> None:
    one, _ = arranged(scene)
    nobody = oneself(scene)
    commented(nobody, one)
    superuser.execute("UPDATE plans_initiativegrant SET ends_at = now() - interval '1 minute'")
    assert set(visible(nobody)) <= OWN
    with pytest.raises(DatabaseError):
        _insert_comment(nobody, one)


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE organisations_user SET is_operator = true WHERE name = 'Nobody'",
        "UPDATE plans_initiative SET withdrawn_at = now(), withdrawn_by_id = author_id",
        "UPDATE organisations_organisation SET suspended_at = now() WHERE code = '5361'",
    ],
)
def test_neither_an_operator_nor_a_withdrawn_one_nor_a_suspended_owner_is_open(
    scene: Scene, superuser: Any, what: str
) -> None:
    arranged(scene)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(what)
    superuser.execute("SET session_replication_role = origin")
    assert set(visible(oneself(scene))) <= OWN


def _insert_comment(by: Actor, initiative: Initiative, **more: Any) -> None:
    values = {
        "initiative": initiative,
        "partnership_id": initiative.partnership_id,
        "organisation_id": by.organisation_id,
        "author_id": by.user_id,
        "section": "aim",
        "text": "Past the service",
        "revision": 1,
        "acl": [],
        **more,
    }
    with acting_as(by):
        ReviewComment.objects.bulk_create([ReviewComment(**values)])


def _insert_verdict(by: Actor, request: ReviewRequest, **more: Any) -> None:
    values = {
        "request": request,
        "initiative_id": request.initiative_id,
        "partnership_id": request.partnership_id,
        "organisation_id": by.organisation_id,
        "author_id": by.user_id,
        "kind": "endorsed",
        "revision": 1,
        "acl": [],
        **more,
    }
    with acting_as(by):
        Verdict.objects.bulk_create([Verdict(**values)])


def _refused(what: Callable[..., None], *given: Any, **more: Any) -> None:
    with pytest.raises(DatabaseError):
        what(*given, **more)


def test_comments_and_verdicts_are_written_in_ones_own_name_alone(scene: Scene) -> None:
    one, other = arranged(scene)
    cast, nobody = scene.cast, oneself(scene)
    with acting_as(cast.school_editor):
        to_health = ReviewRequest.objects.get(initiative=one, to_user=None)
        to_nobody = ReviewRequest.objects.get(initiative=one, to_organisation=None)
        elsewhere = ReviewRequest.objects.get(initiative=other)

    _refused(_insert_comment, nobody, other)
    _refused(_insert_comment, nobody, one, organisation_id=cast.organisation("health").pk)
    _refused(_insert_comment, nobody, one, author_id=cast.users["health_editor"].pk)
    _refused(_insert_comment, nobody, one, revision=2)
    _refused(_insert_comment, cast.health_editor, one, organisation_id=None)
    _refused(_insert_comment, cast.stranger, one)
    _refused(_insert_comment, oneself(scene, "stranger"), one)
    _refused(_insert_verdict, nobody, to_health)
    _refused(_insert_verdict, nobody, elsewhere)
    _refused(_insert_verdict, cast.school_editor, to_health)
    _refused(_insert_verdict, cast.health_editor, to_nobody)
    _refused(_insert_verdict, cast.health_editor, to_health, revision=2)
    _refused(_insert_verdict, cast.health_editor, to_health, initiative_id=other.pk)
    _insert_comment(nobody, one)
    _insert_verdict(nobody, to_nobody)
    _insert_verdict(cast.health_editor, to_health)


def test_a_person_is_asked_only_with_a_grant_and_by_who_looks_after_it(scene: Scene) -> None:
    one, other = arranged(scene)
    cast = scene.cast

    def insert(by: Actor, initiative: Initiative, **more: Any) -> None:
        values = {
            "initiative": initiative,
            "partnership_id": initiative.partnership_id,
            "author_organisation_id": by.organisation_id,
            "author_id": by.user_id,
            "due_on": soon(),
            "acl": [],
            **more,
        }
        with acting_as(by):
            ReviewRequest.objects.bulk_create([ReviewRequest(**values)])

    _refused(insert, cast.school_editor, other, to_user=cast.users["nobody"])
    _refused(insert, cast.health_editor, one, to_organisation=cast.organisation("school"))
    _refused(insert, cast.school_editor, one, to_organisation=cast.organisation("council"))
    _refused(insert, cast.school_editor, one, to_organisation=cast.organisation("school"))
    _refused(
        insert,
        cast.school_editor,
        planned(scene, name="Third"),
        to_organisation=cast.organisation("health"),
        state="answered",
    )


UPDATES: list[tuple[str, dict[str, Any]]] = [
    ("school_editor", {"state": "answered"}),
    ("health_editor", {"state": "answered"}),
    ("school_editor", {"acknowledged_by": "school_editor"}),
    ("health_editor", {"acknowledged_by": "stranger"}),
    ("health_editor", {"due_on": "2030-01-01"}),
    ("health_editor", {"message": "Something else"}),
]


@pytest.mark.parametrize(("part", "values"), UPDATES)
def test_a_request_goes_its_steps_and_its_words_stay(
    scene: Scene, part: str, values: dict[str, Any]
) -> None:
    request = asked(scene, planned(scene))
    given = dict(values)
    if "acknowledged_by" in given:
        who = scene.cast.users[given["acknowledged_by"]]
        given = {"acknowledged_by": who, "acknowledged_at": timezone.now()}
    with pytest.raises(DatabaseError), acting_as(scene.cast.actors[part]):
        ReviewRequest.objects.filter(pk=request.pk).update(**given)


def test_what_is_over_stays_so_and_nothing_said_is_changed_or_removed(scene: Scene) -> None:
    initiative = planned(scene)
    request = asked(scene, initiative)
    commented(scene.cast.health_editor, initiative)
    answered(scene.cast.health_editor, request)
    by = scene.cast.health_editor
    for model in (ReviewComment, Verdict):
        with pytest.raises(DatabaseError), acting_as(by):
            model.objects.update(revision=1)  # type: ignore[attr-defined]
        with pytest.raises(DatabaseError), acting_as(by):
            model.objects.all().delete()  # type: ignore[attr-defined]
    with pytest.raises(DatabaseError), acting_as(by):
        ReviewRequest.objects.filter(pk=request.pk).update(state="open")


def test_what_one_saw_is_ones_own(scene: Scene) -> None:
    initiative = planned(scene)
    url = f"/o/{scene.cast.organisation('health').slug}/partnerships/{scene.partnership.ref}"
    scene.cast.client("health_editor").get(f"{url}/initiatives/{initiative.ref}/review/")
    for part, number in (("health_editor", 1), ("health_manager", 0), ("school_editor", 0)):
        with acting_as(scene.cast.actors[part]):
            assert SeenVersion.objects.count() == number
    row = SeenVersion(
        user_id=scene.cast.users["school_editor"].pk,
        initiative=initiative,
        revision=1,
        snapshot={"facts": [], "lines": {}},
    )
    with pytest.raises(DatabaseError), acting_as(scene.cast.health_editor):
        SeenVersion.objects.bulk_create([row])
