"""For whom a feed reads, in committed transactions as the role that serves pages."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from organisations.joining import leaving as organisations_leaving
from organisations.joining.suspending import reinstate, suspend
from organisations.models import Membership, Role
from organisations.people.services import leave, remove_person
from organisations.permissions import Hidden
from organisations.tenancy.scope import Scope, acting
from partnerships.diary.feeds import selectors, services
from partnerships.diary.feeds.secrets import hash_of, new_secret, open_feed
from partnerships.diary.models import CalendarFeed
from partnerships.record.models import Member
from tests.cast import Cast, admit
from tests.feeds.arranging import entries, fed, of_partnership, read
from tests.photographs import Photographs
from tests.record.arranging import acting_as
from tests.tenancy.world import World, arrange
from tests.tenancy.world import leave as leaves

Super = psycopg.Connection[Any]


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> World:
    found = photographs.show(arrange, cast)
    with acting_as(cast.school_editor):
        found.partnership.refresh_from_db()
    return found


def status(secret: str) -> int:
    return read(secret).status_code


def uid(world: World) -> str:
    return f"touchpoint-{world.touchpoint.ref}@tandem"


def membership(cast: Cast, part: str) -> Membership:
    with acting_as(cast.actors[part]):
        return Membership.objects.select_related("user").get(
            user_id=cast.actors[part].user_id, ended_at=None
        )


def test_each_sees_their_organisations_side(world: World) -> None:
    for part in ("school_viewer", "health_editor"):
        assert uid(world) in entries(fed(world.cast, part))
    for part in ("council_editor", "stranger"):
        assert entries(fed(world.cast, part)) == {}


def test_no_conversation_and_no_note_is_in_a_feed(world: World) -> None:
    for part in ("school_manager", "health_manager"):
        content = read(fed(world.cast, part)).content.decode()
        for words in ("School side only", "Health side only", "Both sides", "community@"):
            assert words not in content


def test_one_that_was_ended_is_gone_for_good(world: World) -> None:
    secret = fed(world.cast)
    with acting_as(world.cast.school_editor) as by:
        (feed,) = selectors.own_feeds(by)
        services.end_feed(by=by, feed=feed)
        assert selectors.own_feeds(by) == []
    assert status(secret) == 404
    with acting_as(world.cast.school_editor) as by, pytest.raises(ValidationError, match="ended"):
        services.end_feed(by=by, feed=feed)


def test_a_new_address_ends_the_old_one_and_shows_the_same(world: World) -> None:
    old = of_partnership(world.cast, world.partnership)
    before = set(entries(old))
    with acting_as(world.cast.school_editor) as by:
        (feed,) = selectors.own_feeds(by)
        new = services.give_new_address(by=by, feed=feed)

    assert status(old) == 404
    assert set(entries(new)) == before


def test_a_manager_ends_a_colleagues_and_is_shown_no_address(world: World) -> None:
    secret = fed(world.cast, "school_viewer")
    with acting_as(world.cast.school_manager) as by:
        (feed,) = selectors.feeds_of_colleagues(by)
        with pytest.raises(PermissionDenied):
            services.give_new_address(by=by, feed=feed)
        services.end_feed(by=by, feed=feed)

    assert status(secret) == 404


@pytest.mark.parametrize("part", ["school_editor", "health_manager", "stranger"])
def test_nobody_else_sees_that_there_is_one(world: World, part: str) -> None:
    secret = fed(world.cast, "school_viewer")
    with acting_as(world.cast.school_viewer) as by:
        (feed,) = selectors.own_feeds(by)
    other = world.cast.actors[part]
    with acting_as(other):
        assert list(CalendarFeed.objects.values_list("pk")) == []
        with pytest.raises(Hidden):
            selectors.feed_of(other, feed.ref)
        with pytest.raises((PermissionDenied, ValidationError)):
            services.end_feed(by=other, feed=feed)
        assert CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=timezone.now()) == 0
    assert status(secret) == 200


def test_an_operator_sees_none(world: World) -> None:
    secret = fed(world.cast)
    with acting_as(world.cast.operator):
        assert list(CalendarFeed.objects.values_list("pk")) == []
        assert CalendarFeed.objects.update(revoked_at=timezone.now()) == 0
    assert status(secret) == 200


def test_a_leaver_reads_nothing_and_coming_back_opens_nothing(world: World) -> None:
    secret = fed(world.cast, "school_viewer")
    with acting_as(world.cast.school_viewer) as by:
        leave(by=by, successor=None)
    assert status(secret) == 404

    admit(world.cast, "school_viewer", "school", Role.VIEWER)
    assert status(secret) == 404
    with acting_as(world.cast.school_viewer) as by:
        assert selectors.own_feeds(by) == []
    assert status(fed(world.cast, "school_viewer")) == 200


def test_whoever_was_removed_reads_nothing(world: World) -> None:
    secret = fed(world.cast, "school_viewer")
    gone = membership(world.cast, "school_viewer")
    with acting_as(world.cast.school_manager) as by:
        remove_person(by=by, membership=gone, successor=None)
        assert selectors.feeds_of_colleagues(by) == []

    assert status(secret) == 404


def test_a_suspended_organisations_feeds_rest(world: World) -> None:
    secret, others = fed(world.cast), fed(world.cast, "health_editor")
    school = world.cast.organisation("school")
    with acting_as(world.cast.operator) as by:
        suspend(by=by, organisation=school, reason="Stolen")
    assert (status(secret), status(others)) == (404, 200)

    with acting_as(world.cast.operator) as by:
        reinstate(by=by, organisation=school, note="Settled")
    assert status(secret) == 200


def test_an_organisation_that_left_and_came_back_opens_nothing_old(
    world: World, superuser: Super
) -> None:
    secret = fed(world.cast, "health_editor")
    health = world.cast.organisation("health")
    with acting_as(world.cast.health_manager) as by:
        organisations_leaving.leave(by=by, name=health.name)
    assert status(secret) == 404

    superuser.execute(
        "UPDATE organisations_organisation SET joined_at = clock_timestamp(), left_at = NULL "
        "WHERE id = %s",
        [health.pk],
    )
    assert status(secret) == 404


@pytest.mark.parametrize("changed", ["is_active = false", "second_step_due = true"])
def test_a_closed_account_reads_nothing(world: World, superuser: Super, changed: str) -> None:
    secret = fed(world.cast)
    superuser.execute(
        f"UPDATE organisations_user SET {changed} WHERE id = %s".encode(),
        [world.cast.school_editor.user_id],
    )

    assert status(secret) == 404


def test_of_a_partnership_that_was_left_nothing_is_read(world: World) -> None:
    one = of_partnership(world.cast, world.partnership, "health_editor")
    everything = fed(world.cast, "health_editor")
    assert uid(world) in entries(one)
    with acting_as(world.cast.health_editor) as by:
        place = Member.objects.get(
            partnership_id=world.partnership.pk, organisation_id=by.organisation_id
        )
        leaves(place, by=by)

    assert status(one) == 404
    assert entries(everything) == {}
    with acting_as(world.cast.health_editor) as by:
        words = {each.words for each in selectors.own_feeds(by)}
    assert words == {"All our partnerships", "A partnership you no longer see"}


def test_nobody_makes_one_of_a_partnership_they_do_not_see(world: World) -> None:
    with acting_as(world.cast.stranger) as by, pytest.raises(PermissionDenied):
        services.make_feed(by=by, kind="partnership", partnership=world.partnership)
    with acting_as(world.cast.stranger) as by, pytest.raises(DatabaseError, match="row-level"):
        CalendarFeed.objects.create(
            organisation_id=by.organisation_id,
            person_id=by.user_id,
            kind="partnership",
            partnership_id=world.partnership.pk,
            secret_hash=hash_of(new_secret()),
        )


@pytest.mark.parametrize("whose", ["organisation", "person"])
def test_nobody_makes_one_for_another(world: World, whose: str) -> None:
    cast = world.cast
    given = {
        "organisation_id": cast.organisation("school").pk,
        "person_id": cast.school_editor.user_id,
    }
    other = cast.school_manager if whose == "person" else cast.health_editor
    with acting_as(other), pytest.raises(DatabaseError, match="row-level"):
        CalendarFeed.objects.create(kind="person", secret_hash=hash_of(new_secret()), **given)


def test_a_feeds_content_is_noted_by_its_person_alone(world: World) -> None:
    feed = None
    secret = fed(world.cast)
    with transaction.atomic():
        feed = open_feed(secret)
    assert feed is not None
    for scope in (Scope(), world.cast.school_manager.scope, world.cast.health_editor.scope):
        with acting(scope), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT tandem.feed_holds(%s, %s)", [feed.id, "x" * 64])
            assert cursor.fetchone() == (None,)


def test_twenty_are_enough(world: World) -> None:
    for _ in range(services.MOST_EACH):
        fed(world.cast)
    with acting_as(world.cast.school_editor) as by, pytest.raises(ValidationError, match="20"):
        services.make_feed(by=by, kind="person")
