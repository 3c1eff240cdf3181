"""Who sees which rows, as the role that serves pages, in committed transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from contacts.models import Person, Posting
from organisations import audit
from organisations.actor import Actor
from organisations.models import AuditEvent, Delivery
from organisations.tenancy.scope import Scope, acting
from partnerships.conversations.models import Conversation
from partnerships.record.models import Invitation, Member, NamedContact, Partnership
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange, grant, leave

Enter = Callable[[Actor], AbstractContextManager[Actor]]

TENANT_MODELS: list[type[models.Model]] = [
    model
    for model in apps.get_models()
    if any(f.name == "acl" and isinstance(f, ArrayField) for f in model._meta.get_fields())
]


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> Iterator[World]:
    return photographs.show(arrange, cast)


def test_every_table_below_a_partnership_is_known_here() -> None:
    names = {model.__name__ for model in TENANT_MODELS}

    assert names >= {"Partnership", "Member", "NamedContact", "Invitation", "Posting"}
    assert names >= {"Conversation", "Touchpoint", "AuditEvent"}


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m.__name__)
@pytest.mark.parametrize("part", ["stranger", "nobody", "operator", "council_editor"])
def test_someone_with_no_part_in_it_sees_no_row(
    world: World, as_actor: Enter, model: type[models.Model], part: str
) -> None:
    with as_actor(world.cast.actors[part]):
        seen = list(model._default_manager.all())

    assert seen == []


@pytest.mark.parametrize("model", [*TENANT_MODELS, Delivery, Person], ids=lambda m: m.__name__)
def test_a_connection_that_acts_for_nobody_sees_no_row(
    world: World, model: type[models.Model]
) -> None:
    assert list(model._default_manager.all()) == []


def test_members_see_what_is_shared_and_their_own_notes_only(world: World, as_actor: Enter) -> None:
    with as_actor(world.cast.school_viewer):
        school_sees = set(Conversation.objects.values_list("summary", flat=True))
    with as_actor(world.cast.health_manager):
        health_sees = set(Conversation.objects.values_list("summary", flat=True))
        partners = Partnership.objects.count(), NamedContact.objects.count()
        contact = Posting.objects.get().person.name

    assert school_sees == {"School side only", "Both sides"}
    assert health_sees == {"Health side only", "Both sides"}
    assert partners == (1, 1)
    assert contact == "Community manager"


def test_an_invited_organisation_sees_its_invitation_and_nothing_else(
    world: World, as_actor: Enter
) -> None:
    with as_actor(world.cast.school_editor) as by:
        second = Member.objects.create(
            partnership=world.partnership,
            organisation=world.cast.organisation("council"),
            side="health",
        )
        Member.objects.filter(pk=second.pk).update(state="invited")
        assert by.organisation_id is not None
    with as_actor(world.cast.council_editor):
        members = list(Member.objects.values_list("organisation_id", flat=True))
        rest = (
            Partnership.objects.count(),
            Conversation.objects.count(),
            Touchpoint.objects.count(),
            Invitation.objects.count(),
        )

    assert members == [world.cast.organisation("council").pk]
    assert rest == (0, 0, 0, 0)


def test_a_member_that_leaves_sees_nothing_at_once_but_keeps_its_own_notes(
    world: World, as_actor: Enter
) -> None:
    with as_actor(world.cast.health_editor) as by:
        leave(world.health_member, by=by)
    with as_actor(world.cast.health_editor):
        summaries = set(Conversation.objects.values_list("summary", flat=True))
        rest = Partnership.objects.count() + Touchpoint.objects.count() + Posting.objects.count()

    assert summaries == {"Health side only"}
    assert rest == 0


def test_a_personal_grant_survives_a_change_of_membership(world: World, as_actor: Enter) -> None:
    grant(world, "nobody")
    with as_actor(world.cast.nobody):
        before = set(Conversation.objects.values_list("summary", flat=True))
    with as_actor(world.cast.health_editor) as by:
        leave(world.health_member, by=by)
    with as_actor(world.cast.nobody):
        after = set(Conversation.objects.values_list("summary", flat=True))
        partnerships = Partnership.objects.count()

    assert before == after == {"Both sides"}
    assert partnerships == 1


def test_a_personal_grant_does_not_come_along_when_acting_for_an_organisation(
    world: World, as_actor: Enter
) -> None:
    grant(world, "stranger")
    with as_actor(world.cast.stranger):
        as_organisation = Partnership.objects.count()
    with as_actor(Actor(world.cast.stranger.user_id)):
        as_themselves = Partnership.objects.count()

    assert (as_organisation, as_themselves) == (0, 1)


def test_a_grant_that_ends_is_gone_at_once(world: World, as_actor: Enter) -> None:
    grant(world, "nobody")
    with as_actor(world.cast.school_editor):
        world.partnership.partnershipgrant_set.all().delete()
    with as_actor(world.cast.nobody):
        assert Partnership.objects.count() == 0


def test_the_connection_forgets_the_former_tenant(world: World) -> None:
    """One connection, used in turn by both sides and then by nobody."""
    counts = []
    for scope in (
        world.cast.school_editor.scope,
        world.cast.stranger.scope,
        world.cast.health_editor.scope,
        Scope(),
    ):
        with acting(scope), transaction.atomic():
            backend = connection.connection.info.backend_pid
            counts.append((backend, Conversation.objects.count()))

    assert len({backend for backend, _ in counts}) == 1
    assert [count for _, count in counts] == [2, 0, 2, 0]


def test_a_scope_entered_late_is_left_again(world: World) -> None:
    with acting(world.cast.stranger.scope), transaction.atomic():
        before = Conversation.objects.count()
        with acting(world.cast.school_editor.scope):
            inside = Conversation.objects.count()
        after = Conversation.objects.count()

    assert (before, inside, after) == (0, 2, 0)


def test_a_rolled_back_late_scope_leaves_the_former_one(world: World) -> None:
    with acting(world.cast.school_editor.scope), transaction.atomic():
        with (
            suppress(ZeroDivisionError),
            transaction.atomic(),
            acting(world.cast.stranger.scope),
        ):
            inside = Conversation.objects.count()
            raise ZeroDivisionError
        after = Conversation.objects.count()

    assert (inside, after) == (0, 2)


def test_audit_events_are_seen_by_those_who_see_their_object(world: World, as_actor: Enter) -> None:
    with as_actor(world.cast.health_editor) as by:
        audit.record("conversation logged", by=by, obj=world.health_note)
        audit.record("touchpoint seen", by=by, obj=world.touchpoint)
    seen = {}
    for part in ("health_editor", "school_editor", "stranger"):
        with as_actor(world.cast.actors[part]):
            seen[part] = set(AuditEvent.objects.values_list("action", flat=True))

    assert seen == {
        "health_editor": {"conversation logged", "touchpoint seen"},
        "school_editor": {"touchpoint seen"},
        "stranger": set(),
    }


def test_members_see_the_deliveries_of_what_they_share(world: World, as_actor: Enter) -> None:
    with as_actor(world.cast.health_editor):
        member = set(Delivery.objects.values_list("kind", flat=True))
    with as_actor(world.cast.stranger):
        stranger = set(Delivery.objects.values_list("kind", flat=True))

    assert member == {"touchpoint_invitation", "action_given"}
    assert stranger == set()
