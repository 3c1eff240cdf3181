"""What partners notice when an organisation leaves or joins: e-mails, touchpoints, notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from organisations.actor import Actor
from organisations.joining import leaving
from organisations.outbox import engine
from organisations.tenancy.scope import acting
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import cancel_touchpoint, move_touchpoint
from tests.cast import Cast
from tests.organisations.onlooker import mailed_to, on_record
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    HEALTH,
    NOW,
    SCHOOL,
    Scene,
    arrange,
    deliveries,
    plan,
    schedule,
)
from tests.touchpoints.series_scene import dates_of, plan_series

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def scene(cast: Cast) -> Iterator[Scene]:
    with time_machine.travel(NOW, tick=True):
        yield arrange(cast)


def leave(cast: Cast, part: str) -> None:
    by = cast.actors[f"{part}_manager"]
    with acting(by.scope), transaction.atomic():
        leaving.leave(by=by, name=cast.organisation(part).name)


def without_the_council(superuser: Any, cast: Cast) -> None:
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE record_member SET state = 'declined' WHERE organisation_id = %s",
        [cast.organisation("council").pk],
    )
    superuser.execute("SET session_replication_role = origin")


def page(cast: Cast, part: str, scene: Scene, name: str = "partnership", **more: str) -> str:
    slug = cast.organisation(part.split("_", maxsplit=1)[0]).slug
    return (
        cast.client(part)
        .get(reverse(name, args=[slug, scene.partnership.ref, *more.values()]))
        .text
    )


def state(superuser: Any, touchpoint: Touchpoint) -> str:
    row = superuser.execute(
        "SELECT state FROM touchpoints_touchpoint WHERE id = %s", [touchpoint.pk]
    ).fetchone()
    return str(row[0])


def test_partners_are_told_by_email_and_on_the_page(cast: Cast, scene: Scene) -> None:
    name = cast.organisation("school").name

    leave(cast, "school")

    (message,) = mailed_to("health-manager@tandem.example")
    assert message.subject == f"{name} has left Tandem"
    assert f"/r/p-{scene.partnership.ref}/" in str(message.body)
    assert f"opened by {name}" in str(message.body)
    shown = page(cast, "health_editor", scene)
    assert f"{name} left Tandem on" in shown
    assert "It opened this partnership" in shown


def test_the_owner_is_told_when_a_member_leaves(cast: Cast, scene: Scene) -> None:
    leave(cast, "health")

    (message,) = mailed_to("school-manager@tandem.example")
    assert message.subject == f"{cast.organisation('health').name} has left Tandem"
    assert "It sees nothing here any more" in page(cast, "school_editor", scene)


def test_touchpoints_of_the_owner_that_leaves_are_cancelled(
    cast: Cast, scene: Scene, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    engine.drain()
    mail.outbox.clear()

    leave(cast, "school")
    engine.drain()

    assert state(superuser, touchpoint) == "cancelled"
    cancelled = {m.to[0]: m for m in mail.outbox if m.subject.startswith("Cancelled")}
    assert set(cancelled) == {SCHOOL, HEALTH, COUNCIL_DEPUTY}
    assert "METHOD:CANCEL" in str(cancelled[HEALTH].message())
    assert not [d for d in deliveries(scene) if d.state == "pending"]


def test_of_a_series_of_the_owner_that_leaves_people_hear_once(
    cast: Cast, scene: Scene, superuser: Any
) -> None:
    series = plan_series(cast.school_editor, scene.partnership)
    dates = dates_of(cast.school_editor, series)
    engine.drain()
    mail.outbox.clear()

    leave(cast, "school")
    engine.drain()

    assert {state(superuser, each) for each in dates} == {"cancelled"}
    told = [m.to[0] for m in mail.outbox if m.subject.startswith("Series ended")]
    assert sorted(told) == sorted({SCHOOL, HEALTH, COUNCIL_DEPUTY})


def test_one_of_a_partner_that_leaves_is_cancelled_when_nobody_is_left_to_meet(
    cast: Cast, scene: Scene, superuser: Any
) -> None:
    touchpoint = schedule(scene, "health_editor")
    engine.drain()
    mail.outbox.clear()
    without_the_council(superuser, cast)

    leave(cast, "health")
    engine.drain()

    assert state(superuser, touchpoint) == "cancelled"
    assert [m.to[0] for m in mail.outbox if m.subject.startswith("Cancelled")] == [SCHOOL]


def test_one_that_others_still_hold_stays_and_is_taken_over(
    cast: Cast, scene: Scene, superuser: Any, as_actor: Enter
) -> None:
    touchpoint = schedule(scene, "health_editor")
    engine.drain()
    mail.outbox.clear()

    leave(cast, "health")

    assert state(superuser, touchpoint) == "scheduled"
    shown = page(cast, "school_editor", scene, "touchpoint", touchpoint=touchpoint.ref)
    assert "Take it over" in shown
    engine.drain()
    assert not [m for m in mail.outbox if "touchpoint" in m.subject.lower() or m.to == [HEALTH]]
    with as_actor(cast.school_editor) as by:
        seen = Touchpoint.objects.get(pk=touchpoint.pk)
        moved = move_touchpoint(by=by, touchpoint=seen, **plan())
    assert moved.author_organisation_id == cast.organisation("school").pk
    engine.drain()
    assert {m.to[0] for m in mail.outbox if m.subject.startswith("New details")} == {
        SCHOOL,
        COUNCIL_DEPUTY,
    }
    assert {
        d.recipient
        for d in deliveries(scene)
        if d.kind == "touchpoint_reminder" and d.state == "pending"
    } == {SCHOOL, COUNCIL_DEPUTY}
    assert "touchpoint taken over" in on_record(superuser, user_id=cast.school_editor.user_id)


def test_a_member_may_cancel_what_one_that_left_had_scheduled(
    cast: Cast, scene: Scene, superuser: Any, as_actor: Enter
) -> None:
    touchpoint = schedule(scene, "health_editor")
    leave(cast, "health")

    with as_actor(cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=Touchpoint.objects.get(pk=touchpoint.pk))

    assert state(superuser, touchpoint) == "cancelled"


def test_nothing_is_taken_over_from_one_that_is_there(
    cast: Cast, scene: Scene, as_actor: Enter
) -> None:
    """Neither by the service nor by SQL; nor in another's name from one that has left."""
    touchpoint = schedule(scene, "health_editor")
    school = cast.school_editor
    with as_actor(school) as by, pytest.raises(PermissionDenied):
        move_touchpoint(by=by, touchpoint=Touchpoint.objects.get(pk=touchpoint.pk), **plan())
    takes = {"author_organisation_id": school.organisation_id, "author_id": school.user_id}
    with pytest.raises(DatabaseError, match="taken over"), as_actor(school):
        Touchpoint.objects.filter(pk=touchpoint.pk).update(**takes)
    leave(cast, "health")
    others = takes | {"author_id": cast.school_manager.user_id}
    with pytest.raises(DatabaseError, match="taken over"), as_actor(school):
        Touchpoint.objects.filter(pk=touchpoint.pk).update(**others)


def test_reminders_of_partners_touchpoints_to_its_people_are_taken_back(
    cast: Cast, scene: Scene
) -> None:
    schedule(scene, "health_editor")
    engine.drain()

    leave(cast, "school")

    reminders = {d.recipient: d.state for d in deliveries(scene, kind="touchpoint_reminder")}
    assert reminders == {SCHOOL: "cancelled", HEALTH: "pending", COUNCIL_DEPUTY: "pending"}


def test_the_page_that_asks_says_how_many(cast: Cast, scene: Scene) -> None:
    schedule(scene, "health_editor")
    schedule(scene)
    client = cast.client("school_manager")

    asked = client.get(reverse("leave-tandem", args=[cast.organisation("school").slug])).text

    assert "1 touchpoint that it scheduled is cancelled" in asked
    assert "the managers of 1 partner organisation are told by email" in asked
    health = cast.client("health_manager")
    asked = health.get(reverse("leave-tandem", args=[cast.organisation("health").slug])).text
    assert "1 touchpoint that it scheduled stays" in asked


def test_a_partner_that_has_just_come_is_news(cast: Cast, scene: Scene, superuser: Any) -> None:
    health, council = cast.organisation("health"), cast.organisation("council")
    superuser.execute(
        "UPDATE organisations_organisation SET joined_at = %s WHERE id = %s", [NOW, council.pk]
    )
    shown = page(cast, "school_editor", scene)

    assert f"{health.name} has joined, and sees what you shared here." in shown
    assert f"{council.name} has joined Tandem. It sees nothing here until" in shown
    with time_machine.travel(NOW.replace(month=3), tick=True):
        assert "has joined" not in page(cast, "school_editor", scene)
