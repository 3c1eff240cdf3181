"""Whatever official files say: twice is once, and undoing the last import puts all back."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.imports.official.bringing_in import GIAS, bring_in, cycle_in
from contacts.imports.official.undoing import undo
from tests.contacts.official import downloads as of
from tests.contacts.official.test_round_trip import facts, rows_written, silent

pytestmark = pytest.mark.usefixtures("db")

URNS = ("100000", "100001", "100005", "900001", "900002", "900003")
TRUSTS = ("", "5361", "990001", "990002")
DAYS = st.sampled_from(("", "01-09-2010", "31/08/2026", "01-09-2027"))
schools = st.lists(
    st.builds(
        lambda urn, name, council, status, opened, closed, trust, flag, postcode: of.school(
            urn, name, council=council, OpenDate=opened, CloseDate=closed, Postcode=postcode,
            **{"EstablishmentStatus (code)": status, "Trusts (code)": trust,
               "Trusts (name)": f"TRUST {trust}" if trust else "",
               "TrustSchoolFlag (name)": flag},
        ),
        st.sampled_from(URNS),
        st.text("Ab é’-", min_size=1, max_size=12).filter(lambda name: name.strip()),
        st.sampled_from(("335", "201", "999")),
        st.sampled_from("1234"),
        DAYS,
        DAYS,
        st.sampled_from(TRUSTS),
        st.sampled_from(("Supported by a multi-academy trust", "Supported by a trust", "")),
        st.sampled_from(("", "WS1 1AA", "ws11ab", "none")),
    ),
    min_size=1, max_size=6, unique_by=lambda row: row["URN"],
)  # fmt: skip
groups = st.lists(
    st.builds(
        lambda uid, name, status, closed: of.group(
            uid, name, **{"Group Status": status, "Closed Date": closed}
        ),
        st.sampled_from(TRUSTS[1:]),
        st.sampled_from(("A TRUST", "Another Trust")),
        st.sampled_from(("Open", "Closed", "Proposed to open")),
        DAYS,
    ),
    max_size=3,
    unique_by=lambda row: row["Group UID"],
)
members = st.lists(
    st.builds(of.membership, st.sampled_from(URNS), st.sampled_from(TRUSTS[1:]), DAYS), max_size=4
)
# Always to a later one in the list, so that there is no circle.
links = st.lists(
    st.builds(
        lambda pair, kind, day: of.link(min(pair), max(pair), kind, day),
        st.lists(st.sampled_from(URNS), min_size=2, max_size=2, unique=True),
        st.sampled_from(("Successor", "Successor - amalgamated", "Other")),
        DAYS,
    ),
    max_size=4,
)
downloads = st.tuples(schools, groups, members, links)


def bring(download: tuple[list[of.Row], ...], folder: Path, day: int) -> str | None:
    """Bring in what the four files say; the reference of the import, if it changed anything."""
    named = (
        ("edubasealldata", of.COLUMNS),
        ("allgroupsdata", of.GROUP_COLUMNS),
        ("alllinksdata", of.MEMBERSHIP_COLUMNS),
        ("links_edubasealldata", of.LINK_COLUMNS),
    )
    content = {
        f"{name}202611{day:02}.csv": of.table(columns, rows)
        for (name, columns), rows in zip(named, download, strict=True)
        if rows
    }
    (folder / "extract.zip").write_bytes(of.packed(content))
    return bring_in(GIAS, [folder / "extract.zip"], silent).ref


@given(first=downloads, second=downloads)
@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_twice_is_once_and_undoing_puts_all_back(
    first: tuple[list[of.Row], ...], second: tuple[list[of.Row], ...]
) -> None:
    with tempfile.TemporaryDirectory() as name, transaction.atomic(using="owner"):
        folder = Path(name)
        before = facts()

        one = bring(first, folder, 10)
        after_one = facts()
        written = rows_written()
        assert bring(first, folder, 10) is None
        assert rows_written() == written

        two = bring(second, folder, 11)
        if two:
            undo(two)
        assert facts() == after_one
        if one:
            undo(one)
        assert facts() == before
        transaction.set_rollback(True, using="owner")


@given(st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3)))
def test_a_circle_is_found_exactly_where_there_is_one(after: dict[int, list[int]]) -> None:
    named = {str(key): [str(each) for each in values] for key, values in after.items()}
    reached = {key: set(values) for key, values in named.items()}
    for _ in named:
        for values in reached.values():
            values |= {far for near in list(values) for far in reached.get(near, ())}
    found = cycle_in(named)

    assert bool(found) == any(key in values for key, values in reached.items())
    if found:
        assert found[0] == found[-1]
        assert all(later in named[each] for each, later in pairwise(found))
