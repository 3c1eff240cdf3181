"""What is done for nobody: somebody signed in who works out a partner's references gets nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from organisations.models import Delivery
from organisations.outbox import engine
from organisations.outbox.identity import reference_of
from organisations.tenancy.scope import NOBODY, Scope, acting
from tests.cast import Cast
from tests.outbox.conftest import Ask, Looker, Notes
from tests.outbox.post_office import PostOffice

READER = "contact@health.example"


def call(scope: Scope, statement: str, values: Sequence[Any] = ()) -> Any:
    with acting(scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM tandem.{statement}", values)
        return cursor.fetchone()


@pytest.fixture
def reference(ask: Ask, notes: Notes, ledger_rows: Looker, post_office: PostOffice) -> str:
    """Of an e-mail that came to somebody; whoever had it sent knows all that it is made of."""
    ask(READER)
    engine.drain()
    return reference_of(Delivery(**ledger_rows.row()))


def test_by_the_reference_of_an_e_mail_nobody_signed_in_learns_or_changes_what_its_reader_wants(
    cast: Cast, reference: str, superuser: psycopg.Connection[Any]
) -> None:
    call(NOBODY, "set_reminders(%s, %s)", [reference, [60]])
    scopes = [each.scope for each in cast.actors.values()]
    for scope in [*scopes, Scope(organisation_id=cast.school_editor.organisation_id)]:
        assert call(scope, "mail_wishes(%s)", [reference]) is None
        assert call(scope, "choose_mail(%s, %s)", [reference, '{"news": "never"}']) == (None,)
        assert call(scope, "set_reminders(%s, %s)", [reference, [5]]) == (None,)
        assert call(scope, "set_quiet_hours(%s, '1:00', '2:00', true)", [reference]) == (None,)
        assert call(scope, "reminders_of(%s)", [[READER]]) is None

    assert superuser.execute(
        "SELECT reminder_minutes, quiet_from FROM organisations_mailtimes"
    ).fetchall() == [([60], None)]
    assert superuser.execute("SELECT count(*) FROM organisations_mailpreference").fetchone() == (0,)


def test_nobody_signed_in_asks_what_the_reader_of_an_e_mail_being_sent_wants(
    cast: Cast, reference: str, superuser: psycopg.Connection[Any]
) -> None:
    call(NOBODY, "set_quiet_hours(%s, '1:00', '2:00', true)", [reference])
    row = superuser.execute(
        "UPDATE organisations_delivery SET state = 'taken', phase = 1, claimed_by = 'w', "
        "lease_until = now() RETURNING id, organisation_id"
    ).fetchone()
    assert row is not None
    by = next(each for each in cast.actors.values() if each.organisation_id == row[1])

    wanted = call(Scope(organisation_id=row[1]), "wishes_for(%s, 'partnership_news')", [row[0]])
    assert wanted[3] is True
    assert call(by.scope, "wishes_for(%s, 'partnership_news')", [row[0]]) == (None,) * 4


@pytest.mark.parametrize("part", ["school_editor", "stranger", "nobody", "operator"])
@pytest.mark.parametrize(
    "statement",
    [
        "ask_digests('weekly', 'again', now(), now())",
        "claim_inbox('mine', 1000000)",
        "release_inbox('mine', '')",
        "switch_off_inbox()",
        "note_returned('abc', 'Gone')",
        "note_receipt('abc', 'r', false, 'Gone')",
    ],
)
def test_nobody_signed_in_does_the_workers_work(cast: Cast, part: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="for nobody who is signed in"):
        call(cast.actors[part].scope, statement)
