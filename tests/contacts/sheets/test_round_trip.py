"""Out and in again: nothing changes. And anything at all, through the whole importer."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contacts.directory_services import list_posting
from contacts.keeping.selectors import Narrowed
from contacts.models import Place, RoleType, RunState
from contacts.sheets import directory_rows, files_out, services, working
from organisations.actor import Actor
from organisations.guard_rail import find_identifiers
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.sheets.arranging import (
    WALSALL,
    applied,
    checked,
    csv_of,
    fresh,
    make_admin,
    problems,
    region,
)

Super = psycopg.Connection[Any]
# Each example is a whole import: a failing one is shown as it is, not made smaller for minutes.
FEW = settings(
    max_examples=12,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
WORDS = (
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1,
            max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.isprintable() and not find_identifiers(text))
)  # fmt: skip
EMPTY = (
    "DELETE FROM contacts_importrow; DELETE FROM contacts_importrun; "
    "DELETE FROM contacts_workdetails; DELETE FROM contacts_posting; DELETE FROM contacts_person"
)


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return make_admin(cast)


def exported(cast: Cast, admin: Actor, kind: str, **narrowed: str) -> bytes:
    with acting(admin.scope), transaction.atomic():
        return services.export_contacts(
            by=admin, region=region(cast), kind=kind, narrowed=Narrowed(**narrowed)
        )


def empty(superuser: Super) -> None:
    superuser.execute(
        f"SET session_replication_role = replica; {EMPTY}; SET session_replication_role = origin"
    )


@FEW
@given(
    people=st.lists(
        st.tuples(
            WORDS, WORDS, st.booleans(), st.dates(date(1990, 1, 1), date(2030, 1, 1)),
            st.sampled_from(["", "0121 496 0000", "+44 121 496 0000", "ext 4"]), WORDS,
        ),
        min_size=1, max_size=4,
    ),
    kind=st.sampled_from(["csv", "xlsx"]),
)  # fmt: skip
def test_what_was_taken_out_changes_nothing_when_it_is_brought_in_again(
    cast: Cast, admin: Actor, superuser: Super, people: list[Any], kind: str
) -> None:
    empty(superuser)
    role = RoleType.objects.filter(single_seat=False).order_by("pk").first()
    for number, (name, job, at_place, started, telephone, source) in enumerate(people):
        with acting(admin.scope), transaction.atomic():
            list_posting(
                by=admin,
                region=region(cast),
                organisation=cast.organisation("health" if at_place else "council"),
                name=name,
                job_title=job,
                email=f"person{number}@health.example",
                telephone=telephone,
                role_type=role if at_place else None,
                place=Place.objects.get(name="Walsall") if at_place else None,
                visibility="joined" if at_place else "request",
                source=source,
                started_on=started,
            )
    run = checked(cast, admin, exported(cast, admin, kind))

    assert problems(admin, run) == {}
    assert run.counts == {"unchanged": len(people)}


@FEW
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=5).map(
            lambda rows: csv_of([WALSALL, *rows])
        ),
        st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=6), max_size=5).map(
            lambda rows: csv_of(rows[1:], rows[0] if rows else ())
        ),
    )
)
def test_anything_is_a_preview_or_a_refusal_and_writes_nothing(
    cast: Cast, admin: Actor, superuser: Super, content: bytes
) -> None:
    empty(superuser)
    state, said = None, ""
    try:
        with acting(admin.scope), transaction.atomic():
            run = services.bring_in(
                by=admin, region=region(cast), name="sheet.csv", content=content
            )
            services.match_columns(by=admin, run=run, matching=run.matching)
        working.do_all()
        state = fresh(admin, run).state
    except ValidationError as refused:
        said = " ".join(refused.messages)

    assert state == RunState.CHECKED or len(said) > 10
    assert superuser.execute("SELECT count(*) FROM contacts_posting").fetchone() == (0,)
    assert superuser.execute("SELECT count(*) FROM contacts_person").fetchone() == (0,)


def test_an_export_is_put_on_record_with_its_number_of_rows(
    cast: Cast, admin: Actor, superuser: Super
) -> None:
    applied(cast, admin, csv_of([WALSALL]))
    exported(cast, admin, "csv")
    exported(cast, admin, "csv", words="nobody of this name")
    events = superuser.execute(
        "SELECT user_id, object_id, changes FROM organisations_auditevent "
        "WHERE action = 'contacts exported' ORDER BY id"
    ).fetchall()

    whose = admin.user_id, region(cast).pk
    assert events == [(*whose, {"rows": 1}), (*whose, {"rows": 0})]


@pytest.mark.parametrize("part", ["stranger", "school_manager", "operator", "health_manager"])
def test_nobody_else_takes_the_directory_out(cast: Cast, admin: Actor, part: str) -> None:
    make_admin(cast, "stranger", "devon")
    for actor in (cast.actors[part], Actor(cast.users[part].pk)):
        with (
            acting(actor.scope),
            pytest.raises(PermissionDenied),
            transaction.atomic(),
        ):
            services.export_contacts(by=actor, region=region(cast), kind="csv", narrowed=Narrowed())


def test_a_file_that_goes_out_holds_no_formula_and_real_dates(cast: Cast, admin: Actor) -> None:
    with acting(admin.scope), transaction.atomic():
        list_posting(
            by=admin,
            region=region(cast),
            organisation=cast.organisation("health"),
            name="=cmd|' /C calc'!A0",
            job_title="@SUM(1)",
            email="a@health.example",
            telephone="+44 121 496 0000",
            source="-1+1",
            started_on=date(2026, 9, 1),
        )
    text = exported(cast, admin, "csv")
    book = openpyxl.load_workbook(io.BytesIO(exported(cast, admin, "xlsx")))
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    sheet = book["Contacts"]
    cells = dict(zip([c.value for c in sheet[1]], sheet[2], strict=True))

    assert rows[0] == [*directory_rows.HEADINGS, *directory_rows.MORE]
    assert not any(cell[:1] in tuple("=+-@\t\r\n") for cell in rows[1] if cell)
    assert rows[1][1] == "'=cmd|' /C calc'!A0"
    assert cells["Name"].data_type == "s"
    assert cells["Telephone"].value == "+44 121 496 0000"
    assert cells["Telephone"].data_type == "s"
    assert (cells["Started on"].is_date, cells["Started on"].value.date()) == (
        True,
        date(2026, 9, 1),
    )


def test_the_template_can_be_filled_in_and_brought_in(cast: Cast, admin: Actor) -> None:
    content = files_out.write("xlsx", directory_rows.TEMPLATE_HEADINGS, [])
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Contacts"]
    sheet.append([*WALSALL[:3], None, WALSALL[3], "0121 496 0000", None, "Walsall", None, None,
                  date(2026, 9, 1)])  # fmt: skip
    out = io.BytesIO()
    book.save(out)

    run = checked(cast, admin, out.getvalue())

    assert problems(admin, run) == {}
    assert run.counts == {"new": 1}
    assert zipfile.is_zipfile(io.BytesIO(content))
