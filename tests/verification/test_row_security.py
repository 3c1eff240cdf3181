"""As the roles that serve: who reads checks and history, and what functions refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from contacts.models import Check, PostingChange
from contacts.verification import clock as beat
from contacts.verification import services
from organisations.actor import Actor
from organisations.tenancy.scope import NOBODY, Scope, acting
from tests.cast import Cast
from tests.verification.arranging import Directory

REFUSED = "permission denied"


def in_sql(scope: Scope, sql: str, *values: Any, using: str = "default") -> Any:
    with (
        acting(scope, using=using),
        transaction.atomic(using=using),
        connections[using].cursor() as cursor,
    ):
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_checks_and_history_are_read_by_the_regions_admin_alone(
    directory: Directory, cast: Cast
) -> None:
    posting = directory.lists()
    directory.lists()
    beat.run()
    services.answer_changed(
        letter=directory.letter(posting), name="A", job_title="B", email="lead-1@health.example"
    )
    actors = [cast.actors[part] for part in cast.actors if part != "nobody"]
    actors += [Actor(cast.health_manager.user_id), Actor(cast.stranger.user_id)]
    for actor in actors:
        with acting(actor.scope), transaction.atomic():
            assert not Check.objects.exists()
            assert not PostingChange.objects.exists()
    with acting(directory.admin.scope), transaction.atomic():
        assert Check.objects.count() == 2
        assert PostingChange.objects.count() == 1


@pytest.mark.parametrize("table", ["contacts_letter", "contacts_objection"])
@pytest.mark.parametrize("using", ["default", "worker"])
def test_nobody_reads_letters_or_objections(directory: Directory, table: str, using: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        in_sql(directory.admin.scope, f"SELECT * FROM {table}", using=using)


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO contacts_check (posting_id, opened_at, step, stepped_at, outcome) "
            "SELECT id, now(), 1, now(), '' FROM contacts_posting"
        ),
        "UPDATE contacts_check SET step = 1",
        "DELETE FROM contacts_check",
        (
            "INSERT INTO contacts_postingchange "
            "(posting_id, region_id, kind, by, at, changes, note) "
            "SELECT id, region_id, 'left', 'person', now(), '{}', '' FROM contacts_posting"
        ),
        "UPDATE contacts_postingchange SET changes = '{}'",
        "DELETE FROM contacts_postingchange",
        "SELECT tandem.step_checks(now(), 1)",
        "SELECT * FROM tandem.letters_to_hand_on(1)",
        "SELECT tandem.anonymise_postings(now(), 1)",
        "SELECT tandem.write_letter('check', 1, NULL, NULL, 'a@b.example', now())",
        "SELECT tandem.note_checked(1, 'person', now(), 'right')",
        "SELECT tandem.held_by_letter('x', now())",
        "SELECT tandem.forget_name(1, 'x', now())",
        "SELECT tandem.admins_of(1)",
    ],
)
def test_the_web_role_may_not(directory: Directory, statement: str) -> None:
    directory.lists()
    beat.run()
    with pytest.raises(DatabaseError, match=REFUSED):
        in_sql(directory.admin.scope, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT tandem.answer_right('x', now())",
        "SELECT * FROM tandem.find_letter('x')",
        "SELECT * FROM contacts_posting",
        "SELECT * FROM contacts_check",
    ],
)
def test_the_worker_may_not(directory: Directory, statement: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        in_sql(NOBODY, statement, using="worker")


def test_functions_do_nothing_for_a_reference_that_is_none(directory: Directory) -> None:
    posting = directory.lists()
    beat.run()
    at = timezone.now()
    for ref in ("", "bcdfghjkmnpq", posting.ref, None):
        assert in_sql(NOBODY, "SELECT * FROM tandem.find_letter(%s)", ref) == []
        assert in_sql(NOBODY, "SELECT tandem.answer_right(%s, %s)", ref, at) == [(False,)]
        assert in_sql(
            NOBODY, "SELECT tandem.answer_changed(%s, %s, 'a', 'b', 'c@d.example', '', '')", ref, at
        ) == [("gone",)]
        assert in_sql(NOBODY, "SELECT tandem.answer_left(%s, %s, '2027-09-01', '')", ref, at) == [
            ("gone",)
        ]
        assert in_sql(NOBODY, "SELECT tandem.confirm_address(%s, %s)", ref, at) == [(False,)]
        assert in_sql(NOBODY, "SELECT tandem.letter_bounced(%s, %s, '')", ref, at) == [(None,)]
        assert in_sql(NOBODY, "SELECT * FROM tandem.details_held(%s, %s)", ref, at) == []
        assert in_sql(NOBODY, "SELECT tandem.remove_held(%s, %s, %s)", ref, posting.ref, at) == [
            (None,)
        ]
        assert in_sql(NOBODY, "SELECT * FROM tandem.summary_of(%s)", ref) == []
    assert directory.again(posting).checked_at is None


def test_a_wrong_clock_opens_nothing_that_has_run_out(directory: Directory, superuser: Any) -> None:
    posting = directory.lists()
    beat.run()
    superuser.execute("UPDATE contacts_letter SET expires_at = now() - interval '1 second'")
    long_ago = timezone.now() - timedelta(days=4000)
    ref = directory.letters(posting)[0]["ref"]
    assert in_sql(NOBODY, "SELECT tandem.answer_right(%s, %s)", ref, long_ago) == [(False,)]
    assert in_sql(NOBODY, "SELECT * FROM tandem.details_held(%s, %s)", ref, long_ago) == []


def test_asking_leaves_out_what_one_does_not_manage(directory: Directory, cast: Cast) -> None:
    posting = directory.lists()
    sql = "SELECT * FROM tandem.ask_for_checks(%s, %s)"
    for actor in (cast.health_manager, Actor(cast.stranger.user_id), cast.operator):
        assert in_sql(actor.scope, sql, [posting.pk], timezone.now()) == []
    assert in_sql(directory.admin.scope, sql, [posting.pk], timezone.now()) == [(posting.pk,)]


def test_who_objected_is_told_to_nobody_outside(directory: Directory, cast: Cast) -> None:
    posting = directory.lists()
    beat.run()
    services.remove_held(letter=directory.letter(posting), posting_ref=posting.ref)
    sql = "SELECT tandem.objected('LEAD-1@health.example')"
    assert in_sql(NOBODY, sql) == [(False,)]
    assert in_sql(Actor(cast.stranger.user_id).scope, sql) == [(False,)]
    assert in_sql(directory.admin.scope, sql) == [(True,)]
    assert in_sql(cast.school_editor.scope, sql) == [(True,)]


def test_the_worker_is_the_worker(directory: Directory) -> None:
    with connection.cursor() as web, connections["worker"].cursor() as worker:
        web.execute("SELECT current_user")
        worker.execute("SELECT current_user")
        assert (web.fetchone(), worker.fetchone()) == (("tandem_web",), ("tandem_worker",))
