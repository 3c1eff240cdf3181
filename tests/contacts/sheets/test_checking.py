"""What a check finds, by row and column, and that it writes nothing of the directory."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contacts.models import Outcome, Place, RoleType, RunState
from contacts.sheets import services
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.sheets.arranging import (
    HEADINGS,
    WALSALL,
    applied,
    brought_in,
    checked,
    contacts,
    csv_of,
    make_admin,
    problems,
    rows,
)
from tests.record.arranging import NHS_NUMBER

ALL = (
    *HEADINGS, "Telephone", "Role type", "Place", "Who can open the details", "Source",
    "Started on", "Ended on",
)  # fmt: skip
BLANK = dict.fromkeys(ALL, "")
GOOD = {**BLANK, **dict(zip(HEADINGS, WALSALL, strict=True))}


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return make_admin(cast)


def sheet(*given: dict[str, str]) -> bytes:
    return csv_of([[{**GOOD, **each}[name] for name in ALL] for each in given], ALL)


def single_seat() -> RoleType:
    role = RoleType.objects.filter(single_seat=True).order_by("name").first()
    assert role is not None
    return role


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        ("Name", "", "Enter their name"),
        ("Job title", "", "Enter their job title"),
        ("Organisation", "", "Enter the organisation"),
        ("Email address", "", "Enter their work email address"),
        ("Email address", "head at health", "in the correct format"),
        ("Name", "A" * 121, "120 characters or fewer"),
        ("Name", "A" * 501, "Longer than 500"),
        ("Telephone", "1" * 31, "30 characters or fewer"),
        ("Organisation", "Walsal Helthcare", "Did you mean Walsall Healthcare NHS Trust (RBK)"),
        ("Organisation", "Qqqq Zzzz", "No organisation is called"),
        ("Role type", "Designated safegarding lead", "Did you mean"),
        ("Role type", "xxxxxxxx", "There is no role type"),
        ("Place", "Walsal", "Did you mean Walsall"),
        ("Place", "Devon", "There is no place “Devon” in Black Country"),
        ("Who can open the details", "anyone", "Organisations in the region"),
        ("Started on", "07/21/2027", "day before the month"),
        ("Ended on", "tomorrow", "Write the date like"),
        ("Source", "=cmd|' /C calc'!A0", "begins like a formula"),
        ("Source", "@SUM(1)", "begins like a formula"),
        ("Source", "#REF!", "could not work this out"),
        ("Source", f"Child {NHS_NUMBER}", "an NHS number, so it was not kept"),
    ],
)
def test_each_problem_names_its_row_and_column(
    cast: Cast, admin: Actor, cell: str, text: str, said: str
) -> None:
    run = checked(cast, admin, sheet({}, {cell: text, "Job title": "Other"} | {cell: text}))
    (row,) = [each for each in rows(admin, run) if each.outcome == Outcome.PROBLEM]

    assert row.number == 3
    assert [(p["column"], said in p["message"]) for p in row.problems] == [(ALL.index(cell), True)]
    assert contacts(admin) == []


def test_every_problem_of_a_row_is_named_at_once(cast: Cast, admin: Actor) -> None:
    wrong = {"Name": "", "Email address": "x", "Place": "Devon", "Started on": "soon"}
    run = checked(cast, admin, sheet(wrong))

    assert len(problems(admin, run)[2]) == 4


def test_a_column_that_is_not_matched_is_looked_at_too(cast: Cast, admin: Actor) -> None:
    content = csv_of([(*WALSALL, "=1+1"), (*WALSALL[:3], "b@c.example", NHS_NUMBER)],
                     (*HEADINGS, "Notes"))  # fmt: skip
    run = checked(cast, admin, content)

    assert [len(each) for each in problems(admin, run).values()] == [1, 1]


def test_a_posting_that_ends_before_it_starts(cast: Cast, admin: Actor) -> None:
    run = checked(cast, admin, sheet({"Started on": "2/9/2026", "Ended on": "1/9/2026"}))

    assert problems(admin, run) == {2: ["The last day must be on or after the first"]}


def test_a_change_by_which_somebody_would_leave_before_they_started(
    cast: Cast, admin: Actor
) -> None:
    applied(cast, admin, sheet({"Started on": "2/9/2026"}))
    run = checked(cast, admin, sheet({"Ended on": "1/9/2026"}))

    assert problems(admin, run) == {2: ["They would leave before they started. Check both dates"]}


def test_two_in_a_seat_for_one_within_the_sheet(cast: Cast, admin: Actor) -> None:
    role = single_seat().name
    first = {"Role type": role, "Ended on": "31/8/2026"}
    second = {"Name": "Second", "Email address": "b@health.example", "Role type": role}
    after = checked(cast, admin, sheet(first, {**second, "Started on": "1/9/2026"}))
    overlapping = checked(cast, admin, sheet(first, {**second, "Started on": "31/8/2026"}))
    elsewhere = checked(cast, admin, sheet({"Role type": role}, {**second, "Place": "Walsall"}))

    assert (after.counts, elsewhere.counts) == ({"new": 2}, {"new": 2})
    found = problems(admin, overlapping)
    assert "row 3 holds it then" in found[2][0]
    assert "row 2 holds it then" in found[3][0]


def test_two_in_a_seat_for_one_with_somebody_listed(cast: Cast, admin: Actor) -> None:
    role = single_seat().name
    applied(cast, admin, sheet({"Role type": role}))
    second = {"Name": "Second", "Email address": "b@health.example", "Role type": role}
    taken = checked(cast, admin, sheet(second))
    leaves = {"Ended on": "31/8/2026"}
    handed_over = applied(cast, admin, sheet(leaves, {**second, "Started on": "1/9/2026"}))

    assert "Head of service (in the directory) holds it then" in problems(admin, taken)[2][0]
    assert (handed_over.state, handed_over.counts) == (RunState.APPLIED, {"changed": 1, "new": 1})


def test_the_same_person_twice_in_a_sheet(cast: Cast, admin: Actor) -> None:
    new = checked(cast, admin, sheet({}, {}))
    applied(cast, admin, sheet({}))
    known = checked(cast, admin, sheet({}, {"Source": "their website"}))

    assert problems(admin, new) == {3: ["Row 2 is about the same person. Keep one of them"]}
    assert problems(admin, known) == {3: ["Row 2 is about the same contact. Keep one of them"]}


def test_an_organisation_by_its_name_its_code_or_enough_of_its_name(
    cast: Cast, admin: Actor
) -> None:
    names = ["RBK", "rbk", "Walsall Healthcare NHS Trust", "WALSALL HEALTHCARE  NHS TRUST",
             "Walsall Healthcare"]  # fmt: skip
    given = [
        {"Organisation": name, "Email address": f"a{n}@health.example", "Name": f"Person {n}"}
        for n, name in enumerate(names)
    ]
    run = checked(cast, admin, sheet(*given))

    assert run.counts == {"new": 5}
    health = cast.organisation("health").pk
    assert {row.values["organisation"] for row in rows(admin, run)} == {health}


def test_a_name_that_many_have_needs_a_code(cast: Cast, admin: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, min(code) FROM organisations_organisation WHERE closed_on IS NULL "
            "AND kind = 'school' GROUP BY name HAVING count(*) > 5 ORDER BY 1 LIMIT 1"
        )
        name, code = cursor.fetchone()
    run = checked(cast, admin, sheet({"Organisation": name}))
    headings = (*HEADINGS, "URN")
    with_code = checked(cast, admin, csv_of([(*WALSALL[:2], name, WALSALL[3], code)], headings))

    assert "Add a column with the organisation’s code" in problems(admin, run)[2][0]
    assert with_code.counts == {"new": 1}


def test_a_reference_of_nobody_here_is_refused(cast: Cast, admin: Actor) -> None:
    run = checked(cast, admin, csv_of([("abcdefghijkl", *WALSALL)], ("Reference", *HEADINGS)))

    assert problems(admin, run) == {
        2: ["No contact in this directory has the reference abcdefghijkl"]
    }


def test_a_contact_keeps_its_place_where_the_sheet_has_none(cast: Cast, admin: Actor) -> None:
    applied(cast, admin, sheet({"Place": "Walsall"}))
    run = checked(cast, admin, csv_of([WALSALL]))

    assert run.counts == {"unchanged": 1}
    assert contacts(admin)[0].place == Place.objects.get(name="Walsall")


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, admin: Actor) -> None:
    def queries(count: int) -> int:
        people = [(f"Person {n}", "Nurse", "RBK", f"{n}@health.example") for n in range(count)]
        run = brought_in(cast, admin, csv_of(people))
        with acting(admin.scope), transaction.atomic():
            services.match_columns(by=admin, run=run, matching=run.matching)
        with acting(admin.scope), CaptureQueriesContext(connection) as captured:
            services.check_sheet(by=admin, run=run)
        return len(captured)

    assert queries(3) == queries(300)
