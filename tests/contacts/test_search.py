"""Finding an organisation among all of England's, as the role that serves pages."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts import search
from contacts.selectors import find_organisations
from organisations.models import Kind, Organisation

pytestmark = pytest.mark.usefixtures("db")


def first(query: str, kind: str | None = None) -> str:
    """The code of the best answer."""
    return find_organisations(query, kind=kind).organisations[0].code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Walsall Healthcare NHS Trust", "RBK"),
        ("walsall healthcare", "RBK"),
        ("Wallsall Healthcare", "RBK"),
        ("walsal helthcare", "RBK"),
        ("healthcare walsall", "RBK"),
        ("Walsall NHS", "RBK"),
        ("windsor acadmy", "5361"),
        ("Windsor Academy Trust", "5361"),
        ("Black Country ICB", "QUA"),
        ("black country integrated", "QUA"),
        ("blak country integrated", "QUA"),
        ("windsor MAT", "5361"),
        ("NHS Black Country Integrated Care Board", "QUA"),
        ("walsall council", "335"),
        ("Camden Council", "202"),
        ("sheffeild council", "373"),
        ("Walsall public health", "335"),
        ("Goldsmith school", "138591"),
        ("goldsmith primary acadamy", "138591"),
        ("St Josephs Catholic Primary School Darlaston", "104235"),
        ("Saint Joseph's Darlaston", "104235"),
        ("Kings College Hospital", "RJZ"),
        ("Guys & St Thomas", "RJ1"),
        ("University Hospitals Sussex NHS FT", "RYR"),
        ("REAch2", "4320"),
        ("REACH2 academy trust", "4320"),
        ("JFS", "133724"),
    ],
)
def test_a_name_finds_its_organisation_first(query: str, code: str) -> None:
    assert first(query) == code


@pytest.mark.parametrize("written", ["C of E", "C.E.", "CE", "CofE", "Church of England"])
def test_every_way_to_write_church_of_england_finds_the_same(written: str) -> None:
    found = find_organisations(f"St Michael's {written} Walsall", limit=5)

    assert [each.code for each in found.organisations] == [
        each.code for each in find_organisations("st michaels cofe walsall", limit=5).organisations
    ]
    assert found.organisations[0].area == "Walsall"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("100000", "100000"),
        ("rbk", "RBK"),
        ("QUA", "QUA"),
        ("s1y5d", "S1Y5D"),
        ("5361", "5361"),
        ("tr00001", "2045"),
        ("335", "335"),
        ("E08000030", "335"),
        (" r b k ", "RBK"),
        ("RM1", "RM1"),  # a hospital's code before Romford's postcode
    ],
)
def test_a_code_finds_whose_it_is(query: str, code: str) -> None:
    assert first(query) == code


def kinds(query: str) -> list[str]:
    """The kinds of the answers, in order."""
    return [each.kind for each in find_organisations(query).organisations]


def test_a_postcode_finds_who_is_there_and_who_covers_it() -> None:
    found = find_organisations("ws29ps")

    assert [each.code for each in found.organisations[:3]] == ["RBK", "335", "QUA"]
    assert found.exact
    assert found.postcode == search.Postcode("WS2", "9", "PS")


def test_a_postcode_where_nobody_is_falls_back_to_its_district() -> None:
    found = find_organisations("WS1 2AB")

    assert not found.exact
    assert [each.code for each in found.organisations[:3]] == ["335", "QUA", "RBK"]
    nearby = [each for each in found.organisations if each.kind == Kind.SCHOOL]
    assert nearby
    assert all(each.postcode.startswith("WS1 ") for each in nearby)


def test_the_start_of_a_postcode_is_not_mistaken_for_another() -> None:
    postcodes = [each.postcode for each in find_organisations("WS1 2", limit=99).organisations]

    assert any(postcode.startswith("WS1 2") for postcode in postcodes)
    assert not any(postcode.startswith(("WS10", "WS11")) for postcode in postcodes)
    assert kinds("WS1")[:2] == [Kind.COUNCIL, Kind.ICB]


def test_a_postcode_of_a_divided_council_names_every_board_the_largest_first() -> None:
    boards = find_organisations("BD24 9", kind=Kind.ICB).organisations

    assert [each.code for each in boards] == ["QOQ", "QWO", "QE1"]


def test_a_kind_alone_lists_all_of_it() -> None:
    assert find_organisations("", kind=Kind.ICB).total == 36
    assert find_organisations("").total == 0
    assert find_organisations("", kind="no kind").total == 0


def test_a_kind_narrows_the_answers() -> None:
    found = find_organisations("walsall", kind=Kind.SCHOOL_TRUST, limit=99)

    assert {each.kind for each in found.organisations} == {Kind.SCHOOL_TRUST}


@pytest.mark.parametrize("query", ["QMJ", "NHS North Central London", "north central london icb"])
def test_a_board_that_ended_leads_to_who_took_over(query: str) -> None:
    found = find_organisations(query)

    assert [each.successor.code for each in found.successions] == ["Z9B2Z"]
    assert all(each.code != "QMJ" for each in found.organisations)


def test_pages_of_answers_neither_repeat_nor_miss() -> None:
    total = find_organisations("walsall").total
    seen = [
        each.pk
        for offset in range(0, total, 20)
        for each in find_organisations("walsall", limit=20, offset=offset).organisations
    ]

    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize(
    "query",
    [
        "%",
        "_",
        "%%%",
        "\\",
        "\\%",
        "'",
        "'; DROP TABLE organisations_organisation; --",
        '"',
        "%(code)s",
        "{}",
        "\0",
        "a\0b",
        "\ud800",
        "🏫",
        "مدرسة",
        "x" * 10_000,
        "a " * 5_000,
        " ",
        "\n\t",
        "/",
        "ﬁ",
        "1" * 400,
        "-" * 300,
        "WS1" * 300,
    ],
)
def test_hostile_input_is_only_text(query: str) -> None:
    before = Organisation.objects.count()

    found = find_organisations(query)

    assert len(found.organisations) <= 20
    assert Organisation.objects.count() == before
    if not any(letter.isascii() and letter.isalnum() for letter in query):
        assert found.total == 0


@given(st.text(max_size=60))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_that_can_be_typed_fails(db: None, query: str) -> None:
    found = find_organisations(query)

    assert found.total >= len(found.organisations)


@given(st.data())
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_an_exact_name_is_found_on_the_first_page(db: None, data: st.DataObject) -> None:
    today = timezone.localdate()
    still_open = Organisation.objects.exclude(closed_on__lte=today).order_by("pk")
    number = data.draw(st.integers(0, still_open.count() - 1))
    wanted = still_open[number]

    found = find_organisations(wanted.name).organisations

    # Twenty others may have the very same name; then its town tells it apart.
    if wanted not in found:
        namesake = {each.search_text.partition(" / ")[0] for each in found}
        assert namesake == {wanted.search_text.partition(" / ")[0]}
        place = wanted.town or wanted.area
        assert wanted in find_organisations(f"{wanted.name} {place}").organisations


@pytest.mark.parametrize("query", ["walsall", "primary school", "wallsall helthcare"])
def test_a_name_takes_three_statements(query: str) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        find_organisations(query)

    statements = [each for each in captured if "SAVEPOINT" not in each["sql"]]
    assert len(statements) == 3


@pytest.mark.parametrize(
    "query", ["Wallsall Healthcare", "windsor acadmy", "st josephs catholic", "RBK", "335"]
)
def test_the_role_of_web_requests_searches_by_index(
    query: str, superuser: psycopg.Connection[Any]
) -> None:
    # As autovacuum leaves it, whenever that comes: the tests before this one have changed
    # organisations, and what waits in the index's pending list makes the planner shun it.
    superuser.execute("VACUUM ANALYZE organisations_organisation")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, tandem.search_text(%s)", [query])
        role, normal = cursor.fetchone()
        question = search.by_name_or_code(query, normal, kind=None, today=timezone.localdate())
        parameters: dict[str, Any] = {**question.parameters, "limit": 20, "offset": 0}
        cursor.execute(f"EXPLAIN {question.sql}", parameters)
        plan = "\n".join(row for (row,) in cursor.fetchall())

    assert role == "tandem_web"
    assert "organisation_search_idx" in plan
    assert "organisation_code_idx" in plan
    assert "Seq Scan on organisations_organisation" not in plan
