"""A worker that is killed while it applies: nothing half-written, and it can be done again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.db import transaction

from contacts.models import RunState
from contacts.sheets import services, working
from ops.leash import wait_until
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.sheets.arranging import (
    WALSALL,
    applied,
    checked,
    contacts,
    csv_of,
    fresh,
    make_admin,
)
from tests.organisations.onlooker import Superuser, count, on_record

MANY = [(f"Person {n}", "Nurse", "RBK", f"person{n}@health.example") for n in range(3_000)]
WORKER = """
import django
django.setup()
from contacts.sheets import working
working.do_all()
"""
# The last thing that applying or undoing writes waits for a lock that the test holds.
HOLD = "SELECT pg_advisory_lock(4242)"
BARRIER = """
CREATE FUNCTION public.wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.action IN ('sheet applied', 'sheet undone', 'sheet checked') THEN
        PERFORM pg_advisory_xact_lock(4242);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER aa_wait BEFORE INSERT ON organisations_auditevent
    FOR EACH ROW EXECUTE FUNCTION public.wait_here();
"""
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242 AND NOT granted"


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return make_admin(cast)


def killed_at_the_end(superuser: Superuser) -> None:
    """Start a worker and kill it -9 when it has written everything and is about to commit."""
    superuser.execute(BARRIER)
    superuser.execute(HOLD)
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=dict(os.environ))
    try:
        assert wait_until(lambda: superuser.execute(WAITS).fetchone() == (1,), seconds=60)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        superuser.execute("SELECT pg_advisory_unlock(4242)")
        superuser.execute("DROP FUNCTION public.wait_here() CASCADE")
    assert wait_until(lambda: not still_there(superuser), seconds=60)


def still_there(superuser: Superuser) -> bool:
    """Whether the database still works for a worker that is dead."""
    row = superuser.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'tandem_web' "
        "AND state <> 'idle' AND datname = current_database()"
    ).fetchone()
    return row != (0,)


def tables(superuser: Superuser) -> tuple[int, ...]:
    names = ("contacts_person", "contacts_posting", "contacts_workdetails")
    return tuple(count(superuser, name) for name in names)


def test_killed_while_applying_leaves_nothing_and_is_applied_once_by_the_next(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    run = checked(cast, admin, csv_of(MANY))
    with acting(admin.scope), transaction.atomic():
        services.ask_to_apply(by=admin, run=run)
    killed_at_the_end(superuser)
    after_the_kill = tables(superuser), fresh(admin, run).state
    listed = on_record(superuser).count("contact listed")
    done = working.do_all()

    assert after_the_kill == ((0, 0, 0), RunState.APPLYING)
    assert listed == 0
    assert done == 1
    assert tables(superuser) == (3_000, 3_000, 3_000)
    assert fresh(admin, run).state == RunState.APPLIED
    assert on_record(superuser).count("contact listed") == 3_000
    assert working.do_all() == 0


def test_killed_while_undoing_leaves_all_of_it(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    run = applied(cast, admin, csv_of([WALSALL]))
    with acting(admin.scope), transaction.atomic():
        services.ask_to_undo(by=admin, run=run)
    killed_at_the_end(superuser)
    still = [each.person.name for each in contacts(admin)]
    working.do_all()

    assert still == ["Head of service"]
    assert contacts(admin) == []
    assert fresh(admin, run).state == RunState.UNDONE


def test_what_fails_three_times_goes_back_to_where_it_stood(
    cast: Cast, admin: Actor, superuser: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**given: object) -> bool:
        raise RuntimeError("broken")

    run = checked(cast, admin, csv_of([WALSALL]))
    with acting(admin.scope), transaction.atomic():
        services.ask_to_apply(by=admin, run=run)
    monkeypatch.setitem(working.WORK, RunState.APPLYING, breaks)
    done = [working.do_all() for _ in range(4)]
    monkeypatch.undo()
    back = fresh(admin, run)

    assert done == [0, 0, 0, 0]
    assert (back.state, "Try again" in back.failure) == (RunState.CHECKED, True)
    with acting(admin.scope), transaction.atomic():
        services.ask_to_apply(by=admin, run=run)
    assert working.do_all() == 1
    assert len(contacts(admin)) == 1


def test_while_one_is_worked_on_no_other_worker_begins(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    run = checked(cast, admin, csv_of([WALSALL]))
    with acting(admin.scope), transaction.atomic():
        services.ask_to_apply(by=admin, run=run)
    superuser.execute("BEGIN")
    superuser.execute("SELECT 1 FROM contacts_importrun FOR UPDATE")
    try:
        meanwhile = working.do_all()
    finally:
        superuser.execute("ROLLBACK")

    assert (meanwhile, working.do_all()) == (0, 1)
