"""In SQL, as the role that serves pages: an import is its region's admins' alone."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from contacts.models import ImportRow, ImportRun, Region
from organisations.actor import Actor
from organisations.tenancy.scope import Scope, acting
from tests.cast import Cast
from tests.contacts.sheets.arranging import WALSALL, checked, csv_of, make_admin, region

TABLES = ("contacts_importrun", "contacts_importrow")


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return make_admin(cast)


@pytest.fixture
def run(cast: Cast, admin: Actor) -> ImportRun:
    return checked(cast, admin, csv_of([WALSALL]))


def strangers(cast: Cast) -> list[Scope]:
    devon = make_admin(cast, "stranger", "devon")
    make_admin(cast, "school_manager", "devon")
    parts = ("health_manager", "school_manager", "operator", "council_editor")
    return [
        Scope(),
        devon.scope,
        *(cast.actors[part].scope for part in parts),
        Scope(user_id=cast.health_manager.user_id),
        # The admin, acting for an organisation or read for in a support session.
        Scope(organisation_id=cast.organisation("icb").pk, user_id=cast.nobody.user_id),
        Scope(user_id=cast.nobody.user_id, organisation_id=cast.organisation("health").pk),
    ]


def test_nobody_else_reads_or_changes_it(cast: Cast, admin: Actor, run: ImportRun) -> None:
    for scope in strangers(cast):
        with acting(scope), transaction.atomic():
            assert not ImportRun.objects.exists()
            assert not ImportRow.objects.exists()
            assert ImportRun.objects.update(state="applying") == 0
            assert ImportRow.objects.update(outcome="new", cells=[]) == 0
    with acting(admin.scope), transaction.atomic():
        assert ImportRun.objects.get().state == "checked"
        assert ImportRow.objects.get().cells == list(WALSALL)


def test_a_fellow_admin_of_the_region_does(cast: Cast, run: ImportRun) -> None:
    fellow = make_admin(cast, "stranger")
    with acting(fellow.scope), transaction.atomic():
        assert ImportRun.objects.get() == run
        assert ImportRow.objects.count() == 1


def test_nobody_else_brings_rows_in(cast: Cast, admin: Actor, run: ImportRun) -> None:
    for scope in strangers(cast):
        with (
            acting(scope),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            ImportRun.objects.create(
                region=region(cast), asked_by_id=cast.nobody.user_id, file_name="x"
            )
        with (
            acting(scope),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            ImportRow.objects.create(run=run, region=region(cast), number=9)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "applied"},
        {"asked_by_id": "operator"},
        {"work_for_id": "operator"},
        {"attempts": 2},
    ],
)
def test_sql_refuses_an_import_in_anothers_name_or_already_on_its_way(
    cast: Cast, admin: Actor, change: dict[str, object]
) -> None:
    made = {
        "region": region(cast),
        "asked_by_id": admin.user_id,
        **{k: cast.users[str(v)].pk if k.endswith("_id") else v for k, v in change.items()},
    }
    with (
        acting(admin.scope),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        ImportRun.objects.create(**made)


def test_sql_refuses_work_in_anothers_scope(cast: Cast, admin: Actor, run: ImportRun) -> None:
    with (
        acting(admin.scope),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        ImportRun.objects.update(state="applying", work_for_id=cast.users["stranger"].pk)


def test_a_row_cannot_be_of_another_region_than_its_run(
    cast: Cast, admin: Actor, run: ImportRun
) -> None:
    make_admin(cast, "nobody", "devon")
    devon = Region.objects.get(slug="devon")
    with (
        acting(admin.scope),
        pytest.raises(DatabaseError, match="import_row_of_its_run"),
        transaction.atomic(),
    ):
        ImportRow.objects.create(run=run, region=devon, number=9)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET region_id = region_id"])
def test_sql_lets_nobody_remove_or_move_one(
    cast: Cast, admin: Actor, run: ImportRun, table: str, verb: str
) -> None:
    with (
        acting(admin.scope),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(verb.format(table))


@pytest.mark.parametrize(
    "call", ["next_import('{}')", "put_import_back(1)", "remove_import_rows()"]
)
def test_what_the_worker_asks_is_for_the_worker(cast: Cast, admin: Actor, call: str) -> None:
    with (
        acting(admin.scope),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(f"SELECT tandem.{call}")
