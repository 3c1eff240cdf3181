"""What each database role is and may touch."""

from __future__ import annotations

import os
from typing import Any

import psycopg
import pytest

from organisations.tenancy.checks import problems_of

READABLE_BY_WORKER = {"organisations_delivery"}


@pytest.fixture
def worker(db: None) -> Any:
    with psycopg.connect(os.environ["WORKER_DATABASE_URL"], autocommit=True) as connection:
        yield connection


def tables(superuser: psycopg.Connection[Any]) -> list[tuple[str, bool, bool]]:
    """Every table with whether row security is on and forced."""
    return superuser.execute(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    ).fetchall()


def test_row_security_is_on_and_forced_on_every_tenant_table(
    superuser: psycopg.Connection[Any],
) -> None:
    ours = (
        "organisations_",
        "record_",
        "conversations_",
        "touchpoints_",
        "agenda_",
        "actions_",
        "agreements_",
        "reviews_",
        "aims_",
        "wins_",
        "plans_",
        "measures_",
        "small_numbers_",
        "reflections_",
        "initiative_sessions_",
        "initiative_review_",
        "history_import_",
        "contacts_p",
        "contacts_official",
        "contacts_claim",
    )
    reference = {
        "organisations_school",
        "organisations_user",
        "organisations_user_groups",
        "organisations_user_user_permissions",
        "contacts_place",
        "contacts_placeregion",
    }
    without = [
        name
        for name, on, forced in tables(superuser)
        if name.startswith(ours) and name not in reference and not (on and forced)
    ]

    assert without == []


def test_no_application_role_is_superuser_or_bypasses_row_security(
    superuser: psycopg.Connection[Any],
) -> None:
    rows = superuser.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'tandem%' "
        "AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
    ).fetchall()

    assert rows == []


def test_the_worker_reads_the_outbox_and_nothing_else(
    worker: Any, superuser: psycopg.Connection[Any]
) -> None:
    readable = set()
    for name, _, _ in tables(superuser):
        try:
            worker.execute(f'SELECT 1 FROM "{name}" LIMIT 1')
        except psycopg.errors.InsufficientPrivilege:
            continue
        readable.add(name)

    assert readable == READABLE_BY_WORKER


def test_definer_functions_are_not_for_everybody(superuser: psycopg.Connection[Any]) -> None:
    rows = superuser.execute(
        "SELECT p.proname, p.proconfig FROM pg_proc p "
        "JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.prosecdef AND n.nspname IN ('tandem', 'public')"
    ).fetchall()
    open_to_all = superuser.execute(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.prosecdef AND n.nspname IN ('tandem', 'public') "
        "AND has_function_privilege('public', p.oid, 'EXECUTE')"
    ).fetchall()

    assert rows, "there are definer functions to look at"
    assert [name for name, config in rows if not config or "search_path" not in config[0]] == []
    assert open_to_all == []


def test_the_owner_sees_no_tenants_rows(db: None, superuser: psycopg.Connection[Any]) -> None:
    superuser.execute(
        "INSERT INTO organisations_submission (key, user_id, result_url, received_at) "
        "SELECT gen_random_uuid(), id, '', now() FROM organisations_user"
    )
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        counts = {
            table: owner.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in (
                "record_partnership",
                "conversations_conversation",
                "touchpoints_touchpoint",
                "agenda_agendaitem",
                "actions_action",
                "agreements_agreement",
                "agreements_agreementfile",
                "agreements_datapaper",
                "agreements_agreementversion",
                "agreements_signatory",
                "agreements_signature",
                "reviews_answerset",
                "reviews_review",
                "aims_aimagreed",
                "aims_aimcomment",
                "aims_aimversion",
                "wins_win",
                "plans_initiative",
                "plans_lead",
                "plans_planline",
                "small_numbers_chosenrule",
                "measures_measure",
                "measures_publishedreading",
                "measures_reading",
                "measures_readingopening",
                "measures_readingpublication",
                "reflections_reflection",
                "initiative_sessions_attendance",
                "initiative_sessions_attendanceopening",
                "initiative_sessions_attendancepublication",
                "initiative_sessions_publishedattendance",
                "initiative_sessions_session",
                "initiative_review_reviewcomment",
                "initiative_review_reviewrequest",
                "initiative_review_verdict",
                "initiative_review_seenversion",
                "history_import_historyrow",
                "history_import_historyrun",
                "contacts_posting",
                "contacts_workdetails",
            )
        }

    assert set(counts.values()) == {(0,)}


def test_a_harmless_connection_passes_the_check_and_an_owner_does_not(db: None) -> None:
    assert problems_of("default") == []
    assert problems_of("worker") == []
    assert [problem.id for problem in problems_of("owner")] == ["tandem.E001"]
