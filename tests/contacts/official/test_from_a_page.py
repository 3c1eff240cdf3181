"""Official files by way of a page: uploaded, looked at, brought in by the worker, and back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connections, transaction
from django.test import Client
from django.utils import timezone

from contacts.imports.official.undoing import undo
from contacts.models import (
    Decision,
    OfficialChange,
    OfficialConflict,
    OfficialFilePart,
    OfficialImport,
    OfficialState,
)
from contacts.official import services, working
from contacts.official.waiting import PIECE, plain_name
from ops.leash import wait_until
from organisations.models import Kind, Organisation, School, Succession
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.official import downloads as of
from tests.contacts.official.test_round_trip import facts, rows_written
from tests.contacts.official.uploading import (
    NEW,
    RENAMED,
    ask,
    fresh,
    listed,
    post_files,
    put_back,
    ref_in,
    schools,
    uploaded,
)
from tests.organisations.onlooker import Superuser, count, on_record
from tests.record.arranging import sent

pytestmark = pytest.mark.usefixtures("england")
UPLOAD = "/operator/official/new/"


@pytest.fixture
def england(db: None) -> Iterator[None]:
    """England as it was, again at the end."""
    before = facts()
    yield
    put_back()
    School.objects.using("owner").filter(trust_basis="reported").update(trust=None, trust_basis="")
    assert facts() == before


def test_a_journey_through_the_pages(cast: Cast, client: Client, superuser: Superuser) -> None:
    client.force_login(cast.users["operator"])
    before = facts()

    answer = post_files(client, UPLOAD, schools(RENAMED, NEW))
    page = answer.url
    waits = client.get(page).text
    assert working.do_all() == 1
    looked_at = client.get(page).text
    unchanged = facts()

    assert "The files are being compared" in waits
    assert "What these files would change" in looked_at
    assert "Was The Aldgate School" in looked_at
    assert "A New School" in looked_at
    assert unchanged == before
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"

    assert sent(client, f"{page}apply/").status_code == 302
    assert "are being brought in" in client.get(page).text
    assert working.do_all() == 1
    school = Organisation.objects.using("owner").get(kind=Kind.SCHOOL, code="900001")
    assert school.name == "A New School"
    assert "Undo this import" in client.get(page).text
    assert count(superuser, "contacts_officialfilepart") == 0

    assert sent(client, f"{page}undo/").status_code == 302
    assert working.do_all() == 1
    assert facts() == before
    assert "It was undone on" in client.get(page).text
    record = on_record(superuser)
    for what in (
        "official files uploaded", "official files compared", "official files approved",
        "official files brought in", "undoing of official files asked for",
        "official files taken back",
    ):  # fmt: skip
        assert record.count(what) == 1
    made = OfficialImport.objects.using("owner").get(ref=ref_in(page))
    operator = cast.users["operator"].pk
    assert (made.made_by_id, made.applied_by_id, made.undone_by_id) == (operator,) * 3


def test_what_is_thrown_away_leaves_nothing(
    cast: Cast, client: Client, superuser: Superuser
) -> None:
    client.force_login(cast.users["operator"])
    made = uploaded(cast.operator, schools(RENAMED))
    working.do_all()
    page = f"/operator/official/{made.ref}/"

    assert listed(made)
    sent(client, f"{page}discard/")

    assert fresh(made).state == OfficialState.DISCARDED
    assert listed(made) == {}
    assert count(superuser, "contacts_officialfilepart") == 0
    assert "Nothing of them was brought in" in client.get(page).text
    assert client.get(f"{page}apply/").status_code == 302


def test_files_that_change_nothing_say_so(cast: Cast, client: Client, superuser: Superuser) -> None:
    content = of.table(of.COLUMNS, of.shipped_schools(), encoding="utf-8")
    before = rows_written()
    made = uploaded(cast.operator, {"edubasealldata20261120.csv": content})
    assert count(superuser, "contacts_officialfilepart") == -(-len(content) // PIECE) > 1

    working.do_all()

    assert fresh(made).state == OfficialState.NO_CHANGE
    assert rows_written() == before
    client.force_login(cast.users["operator"])
    assert "These files change nothing" in client.get(f"/operator/official/{made.ref}/").text


def test_nothing_else_is_brought_in_than_was_looked_at(cast: Cast) -> None:
    first = uploaded(cast.operator, schools(RENAMED, NEW))
    second = uploaded(cast.operator, schools(RENAMED))
    assert working.do_all() == 2
    ask(services.apply_files, cast.operator, second)
    ask(services.apply_files, cast.operator, first)

    assert working.do_all() == 2

    # The one asked for first in the list was done as it was looked at, the other is shown anew.
    done, other = fresh(first), fresh(second)
    assert done.state == OfficialState.APPLIED
    assert other.state == OfficialState.NO_CHANGE
    third = uploaded(cast.operator, schools(of.school("100000", "Third", council="201"), NEW))
    working.do_all()
    assert sorted(listed(third)) == ["100000"]
    undo(done.ref)
    ask(services.apply_files, cast.operator, third)
    working.do_all()
    shown = fresh(third)
    assert shown.state == OfficialState.CHECKED
    assert "Organisations have changed since" in shown.failure
    assert sorted(listed(third)) == ["100000", "900001"]
    ask(services.apply_files, cast.operator, third)
    working.do_all()
    assert fresh(third).state == OfficialState.APPLIED


def test_what_an_operator_ended_stays_ended_while_the_register_is_behind(cast: Cast) -> None:
    schools_ = Organisation.objects.using("owner").filter(kind=Kind.SCHOOL)
    ended, later = schools_.get(code="100000"), schools_.get(code="100001")
    schools_.filter(pk=ended.pk).update(closed_on="2026-09-01")
    recorded = Succession.objects.using("owner").create(
        predecessor=ended,
        successor=later,
        happened_on="2026-09-01",
        nature="merger",
        recorded_by_id=cast.operator.user_id,
        recorded_at=timezone.now(),
    )
    made = uploaded(cast.operator, schools(RENAMED))
    working.do_all()
    ask(services.apply_files, cast.operator, made)
    working.do_all()

    ended.refresh_from_db(using="owner")
    assert (ended.name, str(ended.closed_on)) == ("The Aldgate School Renamed", "2026-09-01")

    put_back()
    recorded.delete(using="owner")
    schools_.filter(pk=ended.pk).update(closed_on=None)


BAD: dict[str, tuple[dict[str, bytes], str]] = {
    "nothing": ({}, "Choose the files to bring in"),
    "empty": ({"edubasealldata.csv": b""}, "One of the files is empty"),
    "another table": (
        {"shopping.csv": b"what,how many\r\neggs,6\r\n"},
        "shopping.csv, row 1: is no file that Tandem reads",
    ),
    "cut short": (
        {"extract.zip": of.packed(schools(RENAMED))[:200]},
        "extract.zip: is no whole zip file",
    ),
    "a bomb": (
        {"extract.zip": of.packed({"edubasealldata.csv": bytes(50 << 20)})},
        "unpacks to more than a hundred times its size",
    ),
    "a column missing": (
        {"edubasealldata.csv": b"URN,EstablishmentName\r\n100000,A\r\n"},
        "edubasealldata.csv, row 1, column LA (code): is missing",
    ),
    "two registers": (
        {**schools(RENAMED), "etr.csv": of.nhs("RBK", "A NHS TRUST", "QUA", "19910401").encode()},
        "are of different registers",
    ),
    "too many": (
        {f"edubasealldata{n}.csv": b"URN\r\n" for n in range(11)},
        "Choose at most 10 files at a time",
    ),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_files_are_refused_on_the_form(
    case: str, cast: Cast, client: Client, superuser: Superuser
) -> None:
    client.force_login(cast.users["operator"])
    files, message = BAD[case]

    answer = post_files(client, UPLOAD, files)

    assert answer.status_code == 200
    assert message in answer.content.decode().replace("&#39;", "'")
    assert not OfficialImport.objects.using("owner").exists()
    assert count(superuser, "contacts_officialfilepart") == 0


def test_what_only_reading_shows_is_said_on_the_imports_page(
    cast: Cast, client: Client, superuser: Superuser
) -> None:
    before = facts()
    twice = schools(RENAMED, NEW, of.school("100000", "Again", council="201"))
    made = uploaded(cast.operator, twice)

    working.do_all()

    refused = fresh(made)
    assert refused.state == OfficialState.REFUSED
    assert "row 4, column URN: '100000' is in row 2 already" in refused.failure
    assert facts() == before
    assert listed(made) == {}
    assert count(superuser, "contacts_officialfilepart") == 0
    client.force_login(cast.users["operator"])
    page = client.get(f"/operator/official/{made.ref}/").text
    assert "These files were not brought in" in page
    assert "is in row 2 already" in page


def test_an_import_that_is_stood_on_is_not_undone_and_says_why(cast: Cast) -> None:
    imports = []
    for name in ("First", "Second"):
        made = uploaded(cast.operator, schools(of.school("100000", name, council="201")))
        working.do_all()
        ask(services.apply_files, cast.operator, made)
        working.do_all()
        imports.append(made)

    ask(services.undo_files, cast.operator, imports[0])
    working.do_all()

    first = fresh(imports[0])
    assert first.state == OfficialState.APPLIED
    assert "A later import" in first.failure


def test_only_operators(cast: Cast, client: Client) -> None:
    made = uploaded(cast.operator, schools(RENAMED))
    working.do_all()
    client.force_login(cast.users["school_manager"])

    for page in (UPLOAD, f"/operator/official/{made.ref}/apply/"):
        assert client.get(page).status_code == 404
        assert client.post(page).status_code == 404
    with acting(cast.school_manager.scope), transaction.atomic():
        for service in (services.apply_files, services.discard_files, services.undo_files):
            with pytest.raises(PermissionDenied):
                service(by=cast.school_manager, made=made)
        with pytest.raises(PermissionDenied):
            services.bring_in_files(by=cast.school_manager, files=[])
        assert not OfficialFilePart.objects.values_list("pk").exists()
        assert OfficialImport.objects.update(state="discarded") == 0


def test_the_web_role_says_nothing_for_the_worker_and_reads_no_file(cast: Cast) -> None:
    made = uploaded(cast.operator, schools(RENAMED))
    working.do_all()

    with acting(cast.operator.scope):
        for change in ({"state": "applied"}, {"state": "checked"}, {"compared": "x"}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                OfficialImport.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(ProgrammingError), transaction.atomic():
            OfficialFilePart.objects.values_list("content").first()
        with transaction.atomic():
            assert OfficialChange.objects.filter(official_import=made).delete()[0] == 0
    assert listed(made)


def test_the_worker_as_importer_reaches_nobodys_records(cast: Cast) -> None:
    with working.importing(cast.operator) as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND ("
            "has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))"
        )
        readable = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT has_column_privilege('organisations_organisation', 'joined_at', "
                       "'UPDATE')")  # fmt: skip
        assert cursor.fetchone() == (False,)
    assert readable == {
        "organisations_organisation", "organisations_school", "organisations_succession",
        "organisations_user", "contacts_place", "contacts_placeregion", "contacts_region",
        "contacts_outwardcode", "contacts_officialimport", "contacts_officialchange",
        "contacts_officialconflict", "contacts_officialfilepart", "contacts_officialaddress",
    }  # fmt: skip
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("tandem_worker",)
    with (
        psycopg.connect(os.environ["DATABASE_URL"]) as web,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        web.execute("SET ROLE tandem_importer")


def test_what_fails_three_times_goes_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*given: object) -> None:
        raise RuntimeError("broken")

    made = uploaded(cast.operator, schools(RENAMED))
    working.do_all()
    ask(services.apply_files, cast.operator, made)
    with monkeypatch.context() as patched:
        patched.setitem(working.WORK, OfficialState.APPLYING, breaks)
        assert [working.do_all() for _ in range(4)] == [0, 0, 0, 0]

    back = fresh(made)
    assert (back.state, "Try again" in back.failure) == (OfficialState.CHECKED, True)
    ask(services.apply_files, cast.operator, made)
    assert working.do_all() == 1
    assert fresh(made).state == OfficialState.APPLIED


def test_who_is_no_operator_any_more_has_nothing_done(cast: Cast, superuser: Superuser) -> None:
    made = uploaded(cast.operator, schools(RENAMED))
    working.do_all()
    ask(services.apply_files, cast.operator, made)
    superuser.execute(
        "UPDATE organisations_user SET is_active = false WHERE id = %s", [cast.operator.user_id]
    )

    assert working.do_all() == 0

    assert fresh(made).state == OfficialState.CHECKED


def test_what_waits_for_a_week_is_thrown_away(cast: Cast, superuser: Superuser) -> None:
    old, new = (uploaded(cast.operator, schools(RENAMED)) for _ in range(2))
    working.do_all()
    OfficialImport.objects.using("owner").filter(pk=old.pk).update(
        made_at=timezone.now() - timedelta(days=8)
    )

    assert working.remove_old() == 1

    assert (fresh(old).state, fresh(new).state) == (OfficialState.DISCARDED, OfficialState.CHECKED)
    assert (listed(old), bool(listed(new))) == ({}, True)


WORKER = "import django; django.setup(); from contacts.official import working; working.do_all()"
BARRIER = """
CREATE FUNCTION public.wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.action = 'official files brought in' THEN
        PERFORM pg_advisory_xact_lock(4242);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER aa_wait BEFORE INSERT ON organisations_auditevent
    FOR EACH ROW EXECUTE FUNCTION public.wait_here();
"""
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242 AND NOT granted"
AT_WORK = (
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'tandem_worker' "
    "AND state <> 'idle' AND datname = current_database()"
)


def test_killed_while_it_brings_in_nothing_is_half_done(cast: Cast, superuser: Superuser) -> None:
    before = facts()
    made = uploaded(cast.operator, schools(RENAMED, NEW))
    working.do_all()
    ask(services.apply_files, cast.operator, made)
    superuser.execute(BARRIER)
    superuser.execute("SELECT pg_advisory_lock(4242)")
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=dict(os.environ))
    try:
        assert wait_until(lambda: superuser.execute(WAITS).fetchone() == (1,), seconds=60)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        superuser.execute("SELECT pg_advisory_unlock(4242)")
        superuser.execute("DROP FUNCTION public.wait_here() CASCADE")
    assert wait_until(lambda: superuser.execute(AT_WORK).fetchone() == (0,), seconds=60)

    assert facts() == before
    assert fresh(made).state == OfficialState.APPLYING
    assert working.do_all() == 1
    assert fresh(made).state == OfficialState.APPLIED
    assert on_record(superuser).count("official files brought in") == 1


@pytest.fixture
def reported(england: None) -> Organisation:
    """A school whose trust somebody reported, where the register says that it has none."""
    trust = Organisation.objects.using("owner").get(kind=Kind.SCHOOL_TRUST, code="5361")
    School.objects.using("owner").filter(organisation__code="100000").update(
        trust=trust, trust_basis="reported"
    )
    return trust


def disagreed(cast: Cast) -> OfficialConflict:
    made = uploaded(cast.operator, schools(RENAMED))
    working.do_all()
    assert fresh(made).counts["conflicts"] == 1
    assert not OfficialConflict.objects.using("owner").exists()
    ask(services.apply_files, cast.operator, made)
    working.do_all()
    return OfficialConflict.objects.using("owner").select_related("organisation").get()


@pytest.mark.parametrize("decision", Decision.values)
def test_an_operator_decides_a_difference(
    decision: str, reported: Organisation, cast: Cast, client: Client, superuser: Superuser
) -> None:
    conflict = disagreed(cast)
    client.force_login(cast.users["operator"])
    page = f"/operator/official/differences/{conflict.pk}/"

    shown = client.get(page).text
    nothing = sent(client, page)
    answer = sent(client, page, decision=decision)

    assert reported.name in shown
    assert "Choose which trust Tandem should show" in nothing.content.decode()
    assert answer.status_code == 302
    school = School.objects.using("owner").get(organisation=conflict.organisation)
    kept = decision == Decision.KEEP
    assert (school.trust_id, school.trust_basis) == (
        (reported.pk, "reported") if kept else (None, "")
    )
    assert client.get(page).status_code == 404
    assert "Nothing that people said differs" in client.get("/operator/official/").text
    assert on_record(superuser).count("difference from a register decided") == 1
    # Asked once: the same file does not ask again.
    again = uploaded(cast.operator, schools(RENAMED))
    working.do_all()
    assert fresh(again).state == OfficialState.NO_CHANGE
    if not kept:
        School.objects.using("owner").filter(pk=school.pk).update(
            trust=reported, trust_basis="reported"
        )
    with acting(cast.operator.scope), pytest.raises(ValidationError), transaction.atomic():
        services.decide_conflict(by=cast.operator, conflict=conflict, decision=Decision(decision))


def test_nobody_else_decides(reported: Organisation, cast: Cast, client: Client) -> None:
    conflict = disagreed(cast)
    client.force_login(cast.users["school_manager"])

    assert client.get(f"/operator/official/differences/{conflict.pk}/").status_code == 404
    with acting(cast.school_manager.scope):
        with pytest.raises(PermissionDenied), transaction.atomic():
            services.decide_conflict(
                by=cast.school_manager, conflict=conflict, decision=Decision.TAKE
            )
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute("SELECT tandem.decide_official_conflict(%s, true)", [conflict.pk])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("edubasealldata20261120.csv", "edubasealldata20261120.csv"),
        ("..\\..\\etc/passwd", "passwd"),
        ("…", "_"),
        ("a\nb<script>.csv", "a_b_script_.csv"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        (".", "file"),
    ],
)
def test_names_of_files_are_made_plain(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_no_two_files_have_one_name() -> None:
    assert plain_name("a.csv", ["a.csv", "2 a.csv"]) == "3 a.csv"
