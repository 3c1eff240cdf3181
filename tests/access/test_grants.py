"""Personal grants: who gives them, what they open, and that they end at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calendars.london import today
from contacts.models import Posting
from organisations.actor import Actor
from organisations.joining import leaving
from organisations.models import AuditEvent, Delivery
from organisations.outbox import engine
from organisations.permissions import Permission, can
from organisations.tenancy.scope import acting
from partnerships.conversations.models import Conversation
from partnerships.record import access_mail
from partnerships.record.models import Member, Partnership, PartnershipGrant
from partnerships.record.services import (
    change_partnership,
    end_access,
    give_access,
    open_partnership,
)
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.organisations.onlooker import mailed_to
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange

Enter = Callable[[Actor], AbstractContextManager[Actor]]
SEE, CHANGE = "view_partnership", "change_partnership"


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> World:
    return photographs.show(arrange, cast)


def give(world: World, part: str = "nobody", allows: str = SEE, **more: object) -> PartnershipGrant:
    """The owner's manager gives someone of the cast access."""
    with acting(world.cast.school_manager.scope), transaction.atomic():
        return give_access(
            by=world.cast.school_manager,
            partnership=world.partnership,
            email=world.cast.users[part].email,
            allows=allows,
            reason="Advises both sides.",
            **more,  # type: ignore[arg-type]
        )


def run_out(superuser: object, grant: PartnershipGrant) -> None:
    superuser.execute(  # type: ignore[attr-defined]
        "UPDATE record_partnershipgrant SET ends_at = now() - interval '1 second' WHERE id = %s",
        [grant.pk],
    )


def seen() -> dict[str, int]:
    """How many rows of each table the open transaction sees, in plain SQL."""
    counts = {}
    with connection.cursor() as cursor:
        for model in (Partnership, Member, Conversation, Touchpoint, Posting, PartnershipGrant):
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            counts[model.__name__] = cursor.fetchone()[0]
    return counts


ONE_OF_EACH = {
    "Partnership": 1,
    "Member": 2,
    "Conversation": 1,
    "Touchpoint": 1,
    "Posting": 1,
    "PartnershipGrant": 1,
}
NOTHING = dict.fromkeys(ONE_OF_EACH, 0)


def test_a_grant_opens_that_partnership_and_nothing_beside_it(
    world: World, as_actor: Enter
) -> None:
    with as_actor(world.cast.school_editor) as by:
        open_partnership(by=by, name="Beside", purpose="", partner=world.cast.organisation("icb"))
    give(world)
    with as_actor(world.cast.nobody):
        opened = seen()
        summaries = list(Conversation.objects.values_list("summary", flat=True))
    with as_actor(world.cast.stranger):
        others = seen()

    assert (opened, summaries, others) == (ONE_OF_EACH, ["Both sides"], NOTHING)


def test_ending_and_running_out_close_it_at_once(
    world: World, as_actor: Enter, superuser: object
) -> None:
    run_out(superuser, give(world))
    with as_actor(world.cast.nobody) as themselves:
        after_it_ran_out = seen()
        may = can(themselves, Permission.SEE_PARTNERSHIP, world.partnership)
    again = give(world)
    with as_actor(world.cast.nobody):
        given_again = seen()
    with as_actor(world.cast.school_editor) as by:
        end_access(by=by, grant=again)
    with as_actor(world.cast.nobody):
        ended = seen()

    assert (after_it_ran_out, may, given_again, ended) == (NOTHING, False, ONE_OF_EACH, NOTHING)


def test_suspending_the_owner_closes_what_it_gave(
    world: World, as_actor: Enter, superuser: object
) -> None:
    give(world)
    superuser.execute(  # type: ignore[attr-defined]
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [world.cast.organisation("school").pk],
    )
    with as_actor(world.cast.nobody):
        assert seen() == NOTHING | {"PartnershipGrant": 1}


@pytest.mark.parametrize(("allows", "changed"), [(SEE, 0), (CHANGE, 1)])
def test_only_a_grant_to_edit_changes_name_and_purpose(
    world: World, as_actor: Enter, allows: str, changed: int
) -> None:
    give(world, allows=allows)
    with as_actor(world.cast.nobody):
        assert Partnership.objects.filter(pk=world.partnership.pk).update(name="New") == changed
    with as_actor(world.cast.nobody), pytest.raises(DatabaseError), transaction.atomic():
        Conversation.objects.create(
            partnership=world.partnership,
            author_organisation=world.cast.organisation("school"),
            author_id=world.cast.nobody.user_id,
            kind="call",
            held_on=today(),
            summary="Forged",
        )


def test_a_grant_to_edit_never_closes_the_partnership(world: World, as_actor: Enter) -> None:
    give(world, allows=CHANGE)
    with (
        as_actor(world.cast.nobody),
        pytest.raises(DatabaseError, match="a personal grant changes the name"),
        transaction.atomic(),
    ):
        Partnership.objects.filter(pk=world.partnership.pk).update(closed_at=timezone.now())


def test_the_service_asks_the_grant_and_leaves_a_trace(world: World, as_actor: Enter) -> None:
    grant = give(world)
    with as_actor(world.cast.nobody) as by, pytest.raises(PermissionDenied):
        change_partnership(by=by, partnership=world.partnership, name="New", purpose="")
    with as_actor(world.cast.school_editor) as by:
        end_access(by=by, grant=grant)
    give(world, allows=CHANGE)
    with as_actor(world.cast.nobody) as by:
        change_partnership(by=by, partnership=world.partnership, name="New", purpose="")
    with as_actor(world.cast.health_editor):
        name = Partnership.objects.get().name
        actions = set(AuditEvent.objects.values_list("action", flat=True))

    assert name == "New"
    assert {"access given", "access ended", "partnership changed"} <= actions


@pytest.mark.parametrize("part", ["school_editor", "school_viewer", "health_manager", "nobody"])
def test_only_the_owners_manager_gives(world: World, as_actor: Enter, part: str) -> None:
    with as_actor(world.cast.actors[part]) as by, pytest.raises(PermissionDenied):
        give_access(
            by=by,
            partnership=world.partnership,
            email=world.cast.users["stranger"].email,
            allows=SEE,
            reason="Mine",
        )


@pytest.mark.parametrize(
    ("part", "words"),
    [("operator", "operator"), ("school_viewer", "belongs to your organisation")],
)
def test_whom_no_grant_is_for(world: World, part: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        give(world, part)


def test_what_cannot_be_given(world: World) -> None:
    with pytest.raises(ValidationError, match="today or later"):
        give(world, last_day=today() - timedelta(days=1))
    with pytest.raises(ValueError, match="delete_partnership"):
        give(world, allows="delete_partnership")
    give(world)
    with pytest.raises(ValidationError, match="have access already"):
        give(world, allows=CHANGE)
    with (
        acting(world.cast.school_manager.scope),
        transaction.atomic(),
        pytest.raises(ValidationError, match="Nobody has confirmed this address"),
    ):
        give_access(
            by=world.cast.school_manager,
            partnership=world.partnership,
            email="nobody-here@school.example",
            allows=SEE,
            reason="Advice",
        )


def test_the_database_says_who_gave_it(world: World, as_actor: Enter) -> None:
    grant = give(world, last_day=today())
    with as_actor(world.cast.health_editor):
        seen_by_a_member = PartnershipGrant.objects.get()
        deleted = PartnershipGrant.objects.filter(pk=grant.pk).delete()[0]
    with as_actor(world.cast.stranger):
        assert PartnershipGrant.objects.count() == 0

    assert seen_by_a_member.given_by_id == world.cast.school_manager.user_id
    assert deleted == 0


def test_the_person_is_told(world: World, as_actor: Enter) -> None:
    grant = give(world, allows=CHANGE, last_day=today())
    with as_actor(world.cast.school_editor) as by:
        told = access_mail.compose_given(Delivery.objects.get(kind=access_mail.GIVEN))
        end_access(by=by, grant=grant)
        too_late = access_mail.compose_given(Delivery.objects.get(kind=access_mail.GIVEN))
        ended = access_mail.compose_ended(Delivery.objects.get(kind=access_mail.ENDED))

    assert f"/r/p-{world.partnership.ref}/" in told.body
    assert "change its name and purpose" in told.body
    assert too_late.reason == "The access was ended."
    assert "no longer see it in your own name" in ended.body


def test_the_pages_show_what_was_given_and_nothing_internal(world: World, cast: Cast) -> None:
    grant = give(world, "council_editor", allows=CHANGE)
    person, member = cast.client("council_editor"), cast.client("health_editor")
    page = reverse("granted-partnership", args=[world.partnership.ref])
    listed = person.get(reverse("granted")).content.decode()
    shown = person.get(page).content.decode()
    access = member.get(_access(world, "health")).content.decode()

    assert page in listed
    assert "Both sides" in shown
    assert "side only" not in shown
    assert "The first drop-in was full" in shown
    assert "A school nurse within a half term" in shown
    assert "/o/" not in shown
    for words in (str(cast.users["council_editor"]), "Edit this partnership", "Advises both"):
        assert words in access
    assert f"/access/{grant.pk}/end/" not in access
    assert f"/access/{grant.pk}/end/" in (
        cast.client("school_editor").get(_access(world, "school")).content.decode()
    )


def test_giving_and_ending_through_the_pages(world: World, cast: Cast) -> None:
    manager, person = cast.client("school_manager"), cast.client("nobody")
    page = reverse("granted-partnership", args=[world.partnership.ref])
    _post(
        manager,
        f"{_access(world, 'school')}give/",
        email=cast.users["nobody"].email,
        allows=CHANGE,
        reason="Advises both sides",
    )
    assert person.get(page).status_code == 200
    _post(person, f"{page}change/", name="Renamed hub", purpose="For both")
    assert "Renamed hub" in person.get(page).content.decode()
    with acting(cast.school_manager.scope), transaction.atomic():
        grant = PartnershipGrant.objects.get()
    _post(manager, f"{_access(world, 'school')}{grant.pk}/end/")
    assert person.get(page).status_code == 404
    assert person.get(f"{_access(world, 'school')}{grant.pk}/end/").status_code == 404


def test_a_grant_of_another_partnership_is_not_ended_here(
    world: World, cast: Cast, as_actor: Enter
) -> None:
    grant = give(world)
    with as_actor(cast.school_editor) as by:
        other = open_partnership(by=by, name="Other", purpose="", partner=cast.organisation("icb"))
    address = _access(world, "school").replace(world.partnership.ref, other.ref)

    assert cast.client("school_manager").get(f"{address}{grant.pk}/end/").status_code == 404


def test_the_list_takes_as_many_statements_for_three_as_for_one(
    world: World, cast: Cast, as_actor: Enter, django_assert_num_queries: Callable[..., object]
) -> None:
    from partnerships.record.selectors import grants_of

    give(world)
    for name in ("Second", "Third"):
        with as_actor(cast.school_editor) as by:
            world.partnership = open_partnership(
                by=by, name=name, purpose="", partner=cast.organisation("icb")
            )
        give(world)
    with as_actor(cast.nobody) as by, django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert [held.grant.content_object.owner.name for held in grants_of(by)] == (
            [cast.organisation("school").name] * 3
        )


def _access(world: World, part: str) -> str:
    slug = world.cast.organisation(part).slug
    return reverse("partnership-access", args=[slug, world.partnership.ref])


def _post(client: Client, url: str, **data: str) -> None:
    """Fill the form at an address in and send it."""
    page = client.get(url).content.decode()
    hidden = dict(re.findall(r'name="(once|based_on)" value="([^"]+)"', page))
    response = client.post(url, {**hidden, **data})
    assert response.status_code == 302, response.content.decode()


def test_leaving_ends_what_was_given(world: World) -> None:
    """Nobody could end it afterwards: only managers of the organisation that gave it may."""
    give(world)
    by = world.cast.school_manager
    with acting(by.scope), transaction.atomic():
        foretold = leaving.what_would_end(by)
        leaving.leave(by=by, name=world.cast.organisation("school").name)

    assert "1 person loses their personal access to what it opened" in foretold
    with acting(world.cast.health_manager.scope), transaction.atomic():
        assert not PartnershipGrant.objects.exists()
        assert AuditEvent.objects.filter(action="access ended").count() == 1
    engine.drain()
    (told,) = mailed_to(world.cast.users["nobody"].email)
    assert "no longer shares a partnership with you" in told.subject
    assert world.cast.client("nobody").get(page_of_grant(world)).status_code == 404


def page_of_grant(world: World) -> str:
    return reverse("granted-partnership", args=[world.partnership.ref])
