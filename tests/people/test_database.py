"""Who belongs to an organisation, driven straight at the database as each of its roles.

A check forgotten in a service, or SQL that somebody slipped in, changes nothing that is not
theirs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from organisations.actor import Actor
from organisations.models import AuditEvent, Membership, PersonInvitation
from partnerships.record.models import Invitation
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.people.arranging import accepted, invited, joined, membership, newcomer, role_of
from tests.record.arranging import acting_as, opened
from tests.record.arranging import invited as partner_invited
from tests.tenancy.world import arrange

Superuser = psycopg.Connection[Any]
EVERYONE = ["school_manager", "school_editor", "school_viewer", "health_manager", "stranger"]


def changes(by: Actor, write: Callable[[Actor], int]) -> bool:
    """Whether a write, tried in its own transaction, changed anything."""
    try:
        with acting_as(by):
            return write(by) > 0
    except DatabaseError:
        return False


def who_can(cast: Cast, write: Callable[[Actor], int], parts: list[str]) -> list[str]:
    """Those of the cast for whom a write changes something; what it changed is kept."""
    return [part for part in parts if changes(cast.actors[part], write)]


# ------------------------------------------------------------------ memberships


def test_a_role_is_changed_by_a_manager_of_that_organisation_alone(cast: Cast) -> None:
    target = membership(cast, "school_viewer")

    def promote(by: Actor) -> int:
        return Membership.objects.filter(pk=target.pk).update(role="editor")

    assert who_can(cast, promote, [*EVERYONE, "nobody", "operator"]) == ["school_manager"]


def test_nobody_promotes_themselves(cast: Cast) -> None:

    def promote(by: Actor) -> int:
        return Membership.objects.filter(user_id=by.user_id).update(role="manager")

    def promote_and_end(by: Actor) -> int:
        mine = Membership.objects.filter(user_id=by.user_id)
        return mine.update(role="manager", ended_at=timezone.now())

    for part in ("school_viewer", "school_editor"):
        assert not changes(cast.actors[part], promote)
        assert not changes(cast.actors[part], promote_and_end)
        assert role_of(cast, part) == part.removeprefix("school_")


def test_a_membership_is_ended_by_a_manager_or_by_oneself(cast: Cast) -> None:
    target = membership(cast, "school_viewer")

    def end(by: Actor) -> int:
        return Membership.objects.filter(pk=target.pk).update(ended_at=timezone.now())

    others = ["school_editor", "health_manager", "stranger", "nobody", "operator"]
    assert who_can(cast, end, others) == []
    assert who_can(cast, end, ["school_viewer"]) == ["school_viewer"]


def test_what_has_ended_stays_as_it_was(cast: Cast) -> None:
    target = membership(cast, "school_viewer")
    with acting_as(cast.school_viewer):
        Membership.objects.filter(pk=target.pk).update(ended_at=timezone.now())

    for change in ({"ended_at": None}, {"role": "manager"}, {"ended_at": timezone.now()}):
        for part in ("school_viewer", "school_manager"):
            assert not changes(
                cast.actors[part],
                lambda _, change=change: Membership.objects.filter(pk=target.pk).update(**change),
            )


@pytest.mark.parametrize(
    "change", ["organisation_id = 1", "user_id = 1", "began_at = now()", "ref = 'x'"]
)
def test_nothing_else_of_a_membership_can_be_changed(cast: Cast, change: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(cast.school_manager):
        _sql(f"UPDATE organisations_membership SET {change}")


def test_a_membership_is_never_removed(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(cast.school_manager):
        _sql("DELETE FROM organisations_membership")


@pytest.mark.parametrize("part", [*EVERYONE, "nobody"])
def test_nobody_makes_a_member_without_an_invitation(cast: Cast, part: str) -> None:
    def admit(by: Actor) -> int:
        Membership.objects.create(
            organisation=cast.organisation("school"),
            user_id=cast.users["nobody"].pk,
            role="manager",
        )
        return 1

    assert not changes(cast.actors[part], admit)


@pytest.mark.parametrize("write", ["role = 'editor'", "role = 'viewer'", "ended_at = now()"])
def test_the_last_manager_stays_whoever_asks(cast: Cast, superuser: Superuser, write: str) -> None:
    sql = f"UPDATE organisations_membership SET {write} WHERE user_id = %s"
    manager = cast.users["school_manager"].pk

    with (
        pytest.raises(DatabaseError, match="the last manager stays"),
        acting_as(cast.school_manager),
    ):
        _sql(sql, [manager])
    with pytest.raises(psycopg.errors.CheckViolation, match="the last manager stays"):
        superuser.execute(sql, [manager])


def test_not_all_managers_go_in_one_statement(cast: Cast) -> None:
    joined(cast, "manager")

    for write in ("role = 'viewer'", "ended_at = now()"):
        with pytest.raises(DatabaseError, match="manager"), acting_as(cast.school_manager):
            _sql(f"UPDATE organisations_membership SET {write} WHERE role = 'manager'")


def test_an_organisation_that_is_suspended_need_not_keep_one(
    cast: Cast, superuser: Superuser
) -> None:
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [cast.organisation("school").pk],
    )

    superuser.execute(
        "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        [cast.users["school_manager"].pk],
    )

    assert role_of(cast, "school_manager") is None


@pytest.mark.parametrize("write", ["role = 'viewer'", "ended_at = now()"])
def test_two_managers_writing_about_each_other_at_once_leave_one(cast: Cast, write: str) -> None:
    joined(cast, "manager")
    together = Barrier(2)

    def strike(pair: tuple[str, str]) -> bool:
        by, whom = pair
        try:
            with acting_as(cast.actors[by]):
                together.wait(timeout=10)
                # Whoever comes second is refused, or is no manager any more and changes nothing.
                changed = _sql(
                    f"UPDATE organisations_membership SET {write} WHERE user_id = %s",
                    [cast.users[whom].pk],
                )
        except DatabaseError:
            return False
        finally:
            connections.close_all()
        return changed == 1

    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(strike, [("school_manager", "newcomer"), ("newcomer", "school_manager")])
        )

    assert sorted(done) == [False, True]
    roles = [role_of(cast, "school_manager"), role_of(cast, "newcomer")]
    assert roles.count("manager") == 1


def test_access_ends_with_the_membership(cast: Cast) -> None:
    arrange(cast)
    with acting_as(cast.school_manager):
        _sql(
            "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
            [cast.users["school_editor"].pk],
        )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM tandem.acting_for(%s, %s)",
            [cast.users["school_editor"].pk, cast.organisation("school").slug],
        )
        assert cursor.fetchall() == []


# ------------------------------------------------------------------ invitations


def test_invitations_are_seen_by_the_managers_who_send_them(cast: Cast) -> None:
    invited(cast)

    seen = {}
    for part in [*EVERYONE, "nobody", "operator"]:
        with acting_as(cast.actors[part]):
            seen[part] = PersonInvitation.objects.count()

    assert {part for part, number in seen.items() if number} == {"school_manager"}


def test_the_worker_and_the_owner_see_none(cast: Cast) -> None:
    invited(cast)

    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        assert owner.execute("SELECT count(*) FROM organisations_personinvitation").fetchone() == (
            0,
        )
    with (
        psycopg.connect(os.environ["WORKER_DATABASE_URL"]) as worker,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        worker.execute("SELECT count(*) FROM organisations_personinvitation")


@pytest.mark.parametrize("part", ["school_editor", "school_viewer", "health_manager", "nobody"])
def test_only_a_manager_of_the_organisation_invites_into_it(cast: Cast, part: str) -> None:
    def invite(by: Actor) -> int:
        now = timezone.now()
        PersonInvitation.objects.create(
            organisation=cast.organisation("school"),
            email="friend@elsewhere.example",
            role="manager",
            invited_by_id=cast.users[part].pk,
            sent_at=now,
            expires_at=now + timedelta(days=1),
        )
        return 1

    assert not changes(cast.actors[part], invite)


@pytest.mark.parametrize(
    "change",
    ["email = 'friend@elsewhere.example'", "role = 'manager'", "used_at = now()", "ref = 'x'"],
)
def test_nobody_changes_whom_an_invitation_is_for_or_marks_it_used(cast: Cast, change: str) -> None:
    invited(cast)

    with pytest.raises(DatabaseError, match="permission denied"), acting_as(cast.school_manager):
        _sql(f"UPDATE organisations_personinvitation SET {change}")


def test_no_invitation_lasts_for_long(cast: Cast) -> None:
    invited(cast)

    with pytest.raises(DatabaseError, match="expires_soon"), acting_as(cast.school_manager):
        _sql("UPDATE organisations_personinvitation SET expires_at = now() + interval '1 year'")


@pytest.mark.parametrize("part", [*EVERYONE, "nobody", "operator"])
def test_the_function_admits_nobody_but_whom_it_is_for(cast: Cast, part: str) -> None:
    invitation = invited(cast)

    assert _accept(cast.actors[part], invitation.ref, 1) is None
    assert _accept(Actor(cast.users[part].pk), invitation.ref, 1) is None


def test_the_function_wants_the_latest_sending_a_true_reference_and_a_person(cast: Cast) -> None:
    invitation = invited(cast)
    themselves = newcomer(cast)

    assert _accept(themselves, invitation.ref, 2) is None
    assert _accept(themselves, "guessed", 1) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.accept_person_invitation(%s, 1)", [invitation.ref])
        assert cursor.fetchone() == (None,)
    assert _accept(themselves, invitation.ref, 1) is not None
    assert _accept(themselves, invitation.ref, 1) is None


def test_the_functions_are_for_the_role_that_serves_pages(superuser: Superuser) -> None:
    for signature in (
        "tandem.accept_person_invitation(text, integer)",
        "tandem.find_person_invitation(text, integer)",
        "tandem.is_manager_of(bigint)",
    ):
        rights = {
            role: superuser.execute(
                "SELECT has_function_privilege(%s, %s, 'EXECUTE')", [role, signature]
            ).fetchall()
            for role in ("tandem_web", "tandem_worker", "tandem_owner")
        }
        assert rights == {
            "tandem_web": [(True,)],
            "tandem_worker": [(False,)],
            "tandem_owner": [(False,)],
        }


def test_a_reference_of_the_databases_own_looks_like_any_other(cast: Cast) -> None:
    invitation = invited(cast)
    newcomer(cast)

    made = accepted(cast, invitation)

    assert len(made.ref) == 12
    assert set(made.ref) <= set("23456789bcdfghjkmnpqrstvwxyz")


def test_what_managers_do_is_read_by_their_organisation_alone(cast: Cast) -> None:
    invited(cast)

    for part, seen in (("school_manager", True), ("health_manager", False), ("nobody", False)):
        with acting_as(cast.actors[part]):
            assert AuditEvent.objects.filter(action="person invited").exists() is seen


# ------------------------------------------------------------------ handing over


def test_a_touchpoint_to_come_passes_within_its_organisation(cast: Cast) -> None:
    world = arrange(cast)
    heir, stranger = cast.users["school_manager"].pk, cast.users["stranger"].pk

    def pass_on(to: int) -> Callable[[Actor], int]:
        return lambda by: Touchpoint.objects.filter(pk=world.touchpoint.pk).update(author_id=to)

    assert who_can(cast, pass_on(stranger), EVERYONE) == []
    assert who_can(cast, pass_on(heir), ["school_viewer", "health_manager"]) == []
    # Whoever scheduled it, and a manager.
    assert who_can(cast, pass_on(heir), ["school_editor"]) == ["school_editor"]
    back = pass_on(cast.users["school_editor"].pk)
    assert who_can(cast, back, ["school_manager"]) == ["school_manager"]


def test_a_touchpoint_that_has_been_stays_with_whoever_scheduled_it(
    cast: Cast, superuser: Superuser
) -> None:
    world = arrange(cast)
    superuser.execute("UPDATE touchpoints_touchpoint SET starts_at = now() - interval '1 hour'")

    assert not changes(
        cast.school_manager,
        lambda _: Touchpoint.objects.filter(pk=world.touchpoint.pk).update(
            author_id=cast.users["school_manager"].pk
        ),
    )


def test_an_invitation_to_a_partner_passes_within_the_organisation_that_sent_it(
    cast: Cast,
) -> None:
    invitation = partner_invited(cast, opened(cast))

    def pass_on(to: str) -> Callable[[Actor], int]:
        return lambda by: Invitation.objects.filter(pk=invitation.pk).update(
            invited_by_id=cast.users[to].pk
        )

    assert who_can(cast, pass_on("stranger"), EVERYONE) == []
    # The invited organisation sees it, and answers it; it cannot say who is told.
    assert who_can(cast, pass_on("health_manager"), ["health_manager", "health_editor"]) == []
    assert who_can(cast, pass_on("school_viewer"), ["school_manager"]) == ["school_manager"]


def _accept(by: Actor, ref: str, sending: int) -> Any:
    with acting_as(by), connection.cursor() as cursor:
        cursor.execute("SELECT tandem.accept_person_invitation(%s, %s)", [ref, sending])
        row: Any = cursor.fetchone()
        return row[0]


def _sql(statement: str, values: list[Any] | None = None) -> int:
    """How many rows it changed: none of what row security keeps away."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
