"""Nothing goes to someone who may no longer see it: each kind of e-mail, in each situation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import transaction

from organisations.models import Delivery
from organisations.outbox import Later, NotNeeded
from organisations.outbox.composing import compose
from organisations.outbox.kinds import all_kinds, kind_named
from organisations.outbox.preferences.groups import group_named
from organisations.tenancy.scope import acting
from partnerships.record.models import Member
from tests.outbox.just_before_sending import DIRECTORY, OTHERS, Case, Row, Stage
from tests.outbox.just_before_sending import ROWS as PLANS
from tests.outbox.offices import OFFICES
from tests.photographs import Photographs
from tests.tenancy.world import leave
from tests.touchpoints.conftest import clock, scene
from tests.touchpoints.scene import Scene

__all__ = ["clock", "scene"]
Super = psycopg.Connection[Any]
ROWS: dict[str, Row] = {**PLANS, **OFFICES}


@pytest.fixture
def stage(scene: Scene, clock: time_machine.Traveller, superuser: Super) -> Stage:
    return Stage(scene, clock, superuser)


def test_every_kind_has_a_row() -> None:
    kinds = {kind.name for kind in all_kinds()}
    by_the_directory = {name for name in kinds if name.startswith("directory_")}

    assert DIRECTORY
    assert kinds == set(ROWS) | set(OTHERS) | by_the_directory
    assert not set(ROWS) & set(OTHERS)


@pytest.mark.parametrize("name", ROWS)
def test_every_situation_is_tried_or_has_a_reason(name: str) -> None:
    row = ROWS[name]
    assert all(len(reason) > 9 for reason in row.reasons.values())
    for case, how in (
        (Case.CHANGED, row.changed),
        (Case.OVER, row.over),
        (Case.NO_OFFICE, row.no_office),
    ):
        assert bool(how) != (case in row.reasons), case


@pytest.mark.parametrize("name", ROWS)
def test_it_goes_and_then_no_longer(name: str, stage: Stage, photographs: Photographs) -> None:
    row = ROWS[name]
    delivery = row.ask(stage)
    may_be_silenced = group_named(kind_named(name).group).may_be_silenced
    still_sent: list[str] = []

    with photographs.kept() as put_back:
        assert isinstance(compose(delivery), EmailMessage), compose(delivery)
        for case in Case:
            if case in row.reasons or (case is Case.SWITCHED_OFF and not may_be_silenced):
                continue
            with afterwards(stage.superuser, put_back):
                happens(case, row, stage, delivery)
                if not isinstance(compose(delivery), NotNeeded | Later):
                    still_sent.append(case.value)
        assert isinstance(compose(delivery), EmailMessage)

    assert still_sent == []


@contextmanager
def afterwards(superuser: Super, put_back: Any) -> Iterator[None]:
    """All as it was again, organisations and wishes too."""
    yield
    put_back()
    superuser.execute("DELETE FROM organisations_mailpreference")


SUSPENDED = "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s"
LEFT_TANDEM = (
    "UPDATE organisations_organisation SET left_at = now(), joined_at = NULL WHERE id = %s"
)


def happens(case: Case, row: Row, stage: Stage, delivery: Delivery) -> None:
    """One situation, behind everyone's back, as if in the moment before it is sent."""
    run = stage.superuser.execute
    reader, sender = stage.of(row.side).pk, delivery.organisation_id
    match case:
        case Case.CHANGED | Case.OVER | Case.NO_OFFICE:
            statements = {
                Case.CHANGED: row.changed,
                Case.OVER: row.over,
                Case.NO_OFFICE: row.no_office,
            }
            _unguarded(stage.superuser, statements[case])
        case Case.READER_SUSPENDED:
            run(SUSPENDED, [reader])
        case Case.READER_LEFT:
            run(LEFT_TANDEM, [reader])
        case Case.SENDER_SUSPENDED:
            run(SUSPENDED, [sender])
        case Case.SENDER_LEFT:
            run(LEFT_TANDEM, [sender])
        case Case.SWITCHED_OFF:
            run(
                "INSERT INTO organisations_mailpreference (address, mail_group, choice) "
                "VALUES (lower(%s), %s, 'never')",
                [delivery.recipient, kind_named(delivery.kind).group],
            )
            # What somebody wants is told of a delivery that a worker has taken, alone.
            run(
                "UPDATE organisations_delivery SET state = 'taken', claimed_by = 'a worker', "
                "lease_until = now() + interval '1 hour' WHERE id = %s",
                [delivery.pk],
            )
        case Case.LEFT_PARTNERSHIP:
            _leaves_partnership(row, stage)
        case _ if row.account:
            _to_the_account(case, row, stage)
        case _:
            _to_the_posting(case, stage, delivery)


def _leaves_partnership(row: Row, stage: Stage) -> None:
    by = stage.by(f"{row.side}_editor")
    with acting(by.scope), transaction.atomic():
        for member in Member.objects.filter(
            organisation_id=stage.of(row.side).pk, state="accepted"
        ):
            leave(member, by=by)


def _to_the_account(case: Case, row: Row, stage: Stage) -> None:
    user = stage.scene.cast.users[row.account].pk
    statement = {
        Case.LEFT_POST: "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        Case.NEW_ADDRESS: "UPDATE organisations_user SET email = 'new@x.example' WHERE id = %s",
    }[case]
    _unguarded(stage.superuser, statement, user)


def _to_the_posting(case: Case, stage: Stage, delivery: Delivery) -> None:
    statements = {
        Case.NOT_NAMED: (
            "UPDATE record_namedcontact SET ended_at = now() WHERE posting_id = %s",
            "UPDATE touchpoints_attendee SET removed_at = now() WHERE posting_id = %s",
        ),
        Case.LEFT_POST: ("UPDATE contacts_posting SET ended_on = '2027-01-01' WHERE id = %s",),
        Case.NEW_ADDRESS: (
            "UPDATE contacts_workdetails SET email = 'new@x.example' WHERE posting_id = %s",
        ),
        Case.BOUNCED: ("UPDATE contacts_posting SET bounced_at = now() WHERE id = %s",),
    }[case]
    assert delivery.posting_id is not None
    for statement in statements:
        _unguarded(stage.superuser, statement, delivery.posting_id)


def _unguarded(superuser: Super, statement: str, *values: Any) -> None:
    """Without the triggers that ask who does it, or that keep the last manager."""
    superuser.execute("SET session_replication_role = replica")
    changed = superuser.execute(statement.encode(), values)
    superuser.execute("SET session_replication_role = origin")
    assert changed.rowcount > 0 or "attendee" in statement, statement
