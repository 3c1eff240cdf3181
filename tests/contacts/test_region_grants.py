"""Regional admins: who gives a region, what that opens, and that it ends at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.grants import MANAGE, manages, regions_managed_by
from contacts.models import Region, RegionGrant
from contacts.regions import mail
from contacts.regions.services import give_region, take_region
from organisations.actor import Actor
from organisations.models import AuditEvent, Delivery, User
from organisations.permissions import Permission, can
from organisations.tenancy.scope import Scope, acting
from tests.cast import Cast
from tests.record.arranging import once_in

Enter = Callable[[Actor], AbstractContextManager[Actor]]
Super = psycopg.Connection[Any]
Answers = tuple[bool, bool, list[str]]


def region(cast: Cast) -> Region:
    found: Region = cast.organisation("icb").region
    return found


def give(cast: Cast, part: str = "nobody", **more: Any) -> RegionGrant:
    with acting(cast.operator.scope), transaction.atomic():
        return give_region(
            by=cast.operator, region=region(cast), email=cast.users[part].email, **more
        )


def run_out(superuser: Super, grant: RegionGrant) -> None:
    superuser.execute(
        "UPDATE contacts_regiongrant "
        "SET ends = (now() AT TIME ZONE 'Europe/London')::date - 1 WHERE id = %s",
        [grant.pk],
    )


def in_sql(region_id: int | None) -> Any:
    """What the policies of directory tables ask, in the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.manages_region(%s)", [region_id])
        return cursor.fetchone()[0]


def answers(cast: Cast, actor: Actor) -> Answers:
    """The same question asked in SQL, of one object, and of all."""
    with acting(actor.scope), transaction.atomic():
        return (
            in_sql(region(cast).pk),
            can(actor, Permission.MANAGE_REGION, region(cast)),
            [each.slug for each in regions_managed_by(actor)],
        )


YES: Answers = (True, True, ["black-country"])
NO: Answers = (False, False, [])


def test_every_region_has_a_neat_address_of_its_own(db: None) -> None:
    slugs = set(Region.objects.values_list("slug", flat=True))

    assert len(slugs) == 36
    assert {"black-country", "bristol-north-somerset-and-south-gloucestershire"} <= slugs


def test_a_grant_makes_that_person_and_nobody_else_the_admin_of_that_region(cast: Cast) -> None:
    before = answers(cast, cast.nobody)
    give(cast)

    assert (before, answers(cast, cast.nobody)) == (NO, YES)
    for part in ("stranger", "operator", "school_manager"):
        assert answers(cast, Actor(cast.actors[part].user_id)) == NO
    with acting(cast.nobody.scope), transaction.atomic():
        other = Region.objects.get(slug="devon")
        assert not in_sql(other.pk)
        assert not manages(cast.nobody, other)
        assert in_sql(None) is False
        assert not can(cast.nobody, Permission.MANAGE_REGION)
    with acting(Scope()), transaction.atomic():
        assert in_sql(region(cast).pk) is False


def test_it_is_used_as_oneself_never_for_an_organisation(cast: Cast) -> None:
    give(cast, "school_manager")

    assert answers(cast, cast.school_manager) == NO
    assert answers(cast, Actor(cast.school_manager.user_id)) == YES


def test_taking_away_running_out_and_a_closed_account_end_it_at_once(
    cast: Cast, superuser: Super, as_actor: Enter
) -> None:
    run_out(superuser, give(cast, last_day=timezone.localdate()))
    ran_out = answers(cast, cast.nobody)
    again = give(cast, last_day=timezone.localdate())
    given_again = answers(cast, cast.nobody)
    superuser.execute(
        "UPDATE organisations_user SET is_active = false WHERE id = %s", [cast.nobody.user_id]
    )
    with acting(cast.nobody.scope), transaction.atomic():
        closed = in_sql(region(cast).pk)
    superuser.execute(
        "UPDATE organisations_user SET is_active = true WHERE id = %s", [cast.nobody.user_id]
    )
    with as_actor(cast.operator) as by:
        take_region(by=by, grant=again)
    taken = answers(cast, cast.nobody)

    assert (ran_out, given_again, closed, taken) == (NO, YES, False, NO)


def test_a_grant_is_kept_after_it_ended(cast: Cast, as_actor: Enter) -> None:
    grant = give(cast)
    with as_actor(cast.operator) as by:
        take_region(by=by, grant=grant)
        take_region(by=by, grant=grant)
        kept = RegionGrant.objects.get()

    assert (kept.user_id, kept.given_by_id, kept.ended_by_id) == (
        cast.nobody.user_id,
        cast.operator.user_id,
        cast.operator.user_id,
    )
    assert kept.ended_at is not None


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        ("", "No account has this address"),
        ("UPDATE account_emailaddress SET verified = false", "has not confirmed it"),
        ("UPDATE organisations_user SET is_active = false", "is closed"),
        ("UPDATE organisations_user SET is_operator = true", "An operator cannot manage"),
    ],
)
def test_an_operator_is_told_why_an_address_can_be_given_nothing(
    cast: Cast, superuser: Super, as_actor: Enter, arrange: str, said: str
) -> None:
    column = "user_id" if "account_" in arrange else "id"
    if arrange:
        superuser.execute(f"{arrange} WHERE {column} = %s", [cast.nobody.user_id])
    email = cast.users["nobody"].email if arrange else "unknown@tandem.example"
    with as_actor(cast.operator) as by, pytest.raises(ValidationError, match=said) as refusal:
        give_region(by=by, region=region(cast), email=email)

    assert set(refusal.value.message_dict) == {"email"}


def test_nobody_is_given_the_same_region_twice_or_one_that_is_over(
    cast: Cast, as_actor: Enter
) -> None:
    give(cast)
    email = cast.users["nobody"].email
    yesterday = timezone.localdate() - timedelta(days=1)
    with as_actor(cast.operator) as by:
        with pytest.raises(ValidationError, match="manages Black Country already"):
            give_region(by=by, region=region(cast), email=email.upper())
        with pytest.raises(ValidationError, match="today or later"):
            give_region(by=by, region=region(cast), email=email, last_day=yesterday)


@pytest.mark.parametrize("part", ["school_manager", "nobody", "stranger"])
def test_operators_alone_give_and_take_away(cast: Cast, as_actor: Enter, part: str) -> None:
    grant = give(cast)
    email = cast.users["stranger"].email
    with as_actor(cast.actors[part]) as by:
        with pytest.raises(PermissionDenied), transaction.atomic():
            give_region(by=by, region=region(cast), email=email)
        with pytest.raises(PermissionDenied), transaction.atomic():
            take_region(by=by, grant=grant)


GIVE = """
INSERT INTO contacts_regiongrant (content_object_id, user_id, permission_id, given_by_id)
SELECT %(region)s, %(user)s, p.id, %(by)s FROM auth_permission p WHERE codename = %(codename)s
"""


@pytest.mark.parametrize(
    ("actor", "user", "by", "codename"),
    [
        ("nobody", "nobody", "nobody", MANAGE),
        ("nobody", "nobody", "operator", MANAGE),
        ("school_manager", "school_manager", "school_manager", MANAGE),
        ("operator", "nobody", "stranger", MANAGE),
        ("operator", "operator", "operator", MANAGE),
        ("operator", "nobody", "operator", "delete_region"),
    ],
)
def test_sql_refuses_a_forged_grant(
    cast: Cast, as_actor: Enter, actor: str, user: str, by: str, codename: str
) -> None:
    facts = {
        "region": region(cast).pk,
        "user": cast.users[user].pk,
        "by": cast.users[by].pk,
        "codename": codename,
    }
    with (
        as_actor(cast.actors[actor]),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        cursor.execute(GIVE, facts)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM contacts_regiongrant",
        "UPDATE contacts_regiongrant SET user_id = given_by_id",
        "UPDATE contacts_regiongrant SET ends = NULL",
    ],
)
def test_sql_lets_not_even_operators_rewrite_a_grant(
    cast: Cast, as_actor: Enter, statement: str
) -> None:
    give(cast)
    with (
        as_actor(cast.operator),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_sql_lets_only_operators_end_a_grant_and_never_revive_it(
    cast: Cast, as_actor: Enter
) -> None:
    grant = give(cast)
    with as_actor(cast.nobody):
        ended = RegionGrant.objects.update(ended_at=timezone.now(), ended_by_id=cast.nobody.user_id)
    with as_actor(cast.operator) as by:
        take_region(by=by, grant=grant)
        revived = RegionGrant.objects.update(ended_at=None, ended_by_id=None)

    assert (ended, revived) == (0, 0)


def test_who_sees_which_grants(cast: Cast, as_actor: Enter, superuser: Super) -> None:
    mine = give(cast)
    fellows = give(cast, "stranger")
    with acting(cast.operator.scope), transaction.atomic():
        elsewhere = give_region(
            by=cast.operator,
            region=Region.objects.get(slug="devon"),
            email=cast.users["school_viewer"].email,
        )
    seen = {}
    for part in ("nobody", "school_manager", "operator"):
        with as_actor(cast.actors[part]):
            seen[part] = set(RegionGrant.objects.values_list("pk", flat=True))
    run_out(superuser, mine)
    with as_actor(cast.nobody):
        after = RegionGrant.objects.count()
    with acting(Scope()), transaction.atomic():
        nobody_at_all = RegionGrant.objects.count()

    assert seen == {
        "nobody": {mine.pk, fellows.pk},
        "school_manager": set(),
        "operator": {mine.pk, fellows.pk, elsewhere.pk},
    }
    assert (after, nobody_at_all) == (0, 0)


def test_all_of_somebodys_regions_take_one_query(cast: Cast, as_actor: Enter) -> None:
    give(cast)
    with acting(cast.operator.scope), transaction.atomic():
        for slug in ("devon", "dorset", "somerset"):
            give_region(
                by=cast.operator,
                region=Region.objects.get(slug=slug),
                email=cast.users["nobody"].email,
            )
    with as_actor(cast.nobody) as actor, CaptureQueriesContext(connection) as queries:
        names = [(each.slug, each.icb.name) for each in regions_managed_by(actor)]

    assert [slug for slug, _ in names] == ["black-country", "devon", "dorset", "somerset"]
    assert len(queries) == 1


def test_giving_and_taking_away_are_on_record_and_told(cast: Cast, superuser: Super) -> None:
    client = cast.client("operator")
    page = reverse("operator-region", args=["black-country"])
    give_page = reverse("give-region", args=["black-country"])
    once = once_in(client.get(give_page).text)
    given = client.post(give_page, {"once": once, "email": "Nobody@tandem.example"})
    grant_id = superuser.execute("SELECT id FROM contacts_regiongrant").fetchone()[0]  # type: ignore[index]
    take_page = reverse("take-region", args=["black-country", grant_id])
    once = once_in(client.get(take_page).text)
    taken = client.post(take_page, {"once": once})
    gone = client.get(take_page)
    with acting(cast.operator.scope), transaction.atomic():
        events = list(AuditEvent.objects.order_by("pk").values_list("action", "changes"))
    mails = superuser.execute(
        "SELECT kind, recipient FROM organisations_delivery ORDER BY id"
    ).fetchall()

    assert (given["Location"], taken["Location"], gone.status_code) == (page, page, 404)
    person = cast.nobody.user_id
    assert events == [
        (
            "region given",
            {"ends": [None, None], "user": [None, person], "region": [None, region(cast).pk]},
        ),
        ("region taken away", {"user": [person, None], "region": [region(cast).pk, None]}),
    ]
    assert mails == [
        ("region_given", "nobody@tandem.example"),
        ("region_taken", "nobody@tandem.example"),
    ]


def test_the_e_mails_say_which_region_and_where(cast: Cast, as_actor: Enter) -> None:
    facts = {"region": "Black Country", "slug": "black-country", "ends": "2027-07-21"}
    given = mail._given(Delivery(kind=mail.GIVEN, recipient="a@b.example", payload=facts))
    taken = mail._taken(Delivery(kind=mail.TAKEN, recipient="a@b.example", payload=facts))

    assert given.subject == "You manage the directory of Black Country"
    assert "/regions/black-country/" in str(given.body)
    assert "until 21 July 2027" in str(given.body)
    assert "no longer manage" in str(taken.body)


def test_a_regional_admin_is_led_to_their_region_and_sees_who_else_manages_it(cast: Cast) -> None:
    give(cast)
    give(cast, "stranger")
    client = cast.client("nobody")
    page = reverse("region", args=["black-country"])

    assert client.get("/")["Location"] == page
    text = client.get(page).text
    assert "NHS Black Country Integrated Care Board" in text
    assert "stranger@tandem.example" in text
    assert "Walsall" in text
    assert page in client.get(reverse("my-organisations")).text
    assert f'href="{reverse("my-regions")}"' in client.get(reverse("granted")).text


def test_who_manages_no_region_finds_no_page_of_one(cast: Cast) -> None:
    client = cast.client("stranger")

    assert client.get(reverse("region", args=["black-country"])).status_code == 404
    assert client.get(reverse("region", args=["nowhere"])).status_code == 404
    assert "You manage no region" in client.get(reverse("my-regions")).text
    assert reverse("my-regions") not in client.get(reverse("granted")).text


@pytest.mark.parametrize(
    ("required", "led_away"),
    [(["regional_admin"], True), (["all"], True), (["manager", "operator"], False)],
)
def test_a_second_step_is_asked_of_regional_admins(
    cast: Cast, settings: Any, required: list[str], led_away: bool
) -> None:
    give(cast)
    settings.REQUIRE_SECOND_STEP = required
    page = reverse("region", args=["black-country"])
    answer = cast.client("nobody").get(page)

    if led_away:
        assert answer["Location"].startswith(reverse("mfa_index"))
    else:
        assert answer.status_code == 200


def test_a_second_step_is_not_asked_of_who_manages_nothing_or_shares_a_demo_account(
    cast: Cast, settings: Any, superuser: Super
) -> None:
    settings.REQUIRE_SECOND_STEP = ["regional_admin"]
    nothing_there = cast.client("nobody").get(reverse("my-regions"))
    give(cast)
    superuser.execute(
        "UPDATE organisations_user SET is_demo = true WHERE id = %s", [cast.nobody.user_id]
    )
    cast.users["nobody"] = User.objects.get(pk=cast.nobody.user_id)
    demo = cast.client("nobody").get(reverse("my-regions"))

    assert (nothing_there.status_code, demo.status_code) == (200, 200)
