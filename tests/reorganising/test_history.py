"""Whatever is reorganised, every partnership keeps exactly its history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from organisations.models import Kind, Organisation
from organisations.reorganising import applying
from organisations.reorganising.services import approve_reorganisation, open_reorganisation
from organisations.reorganising.successions import record_successions
from partnerships.conversations.services import log_conversation
from tests.audit.every_service import SAID
from tests.cast import Cast
from tests.organisations.onlooker import Superuser
from tests.photographs import Photographs
from tests.record.arranging import acting_as
from tests.reorganising.arranging import A_DAY, nhs_trusts, trusts
from tests.tenancy.test_every_table_below import whole

# Where an organisation stands in a partnership, and who looks after what from now on: not history.
TODAY = {"record_member", "record_namedcontact", "plans_initiative", "plans_lead"}


def history(superuser: Superuser) -> dict[str, list[Any]]:
    """Every row below a partnership but those of today, without who may read it."""
    found = superuser.execute("SELECT relation FROM tandem.follows_partnership").fetchall()
    return {
        table: superuser.execute(
            f"SELECT to_jsonb(t) - 'acl' FROM {table} t ORDER BY id".encode()
        ).fetchall()
        for (table,) in found
        if table not in TODAY
    }


def chosen(cast: Cast) -> dict[str, list[Organisation]]:
    """Three organisations of each sort, the first of them with a past."""
    return {
        Kind.SCHOOL_TRUST: [cast.organisation("school"), *trusts(4)[2:]],
        Kind.NHS_TRUST: [cast.organisation("health"), *nhs_trusts(2)],
    }


MOVES = st.lists(
    st.tuples(
        st.sampled_from([Kind.SCHOOL_TRUST, Kind.NHS_TRUST]),
        st.integers(0, 2),
        st.sets(st.integers(0, 2), min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=4,
)


@example(moves=[(Kind.SCHOOL_TRUST, 0, {1})])
@example(moves=[(Kind.NHS_TRUST, 0, {1, 2})])
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_whatever_is_reorganised_history_stays(
    cast: Cast, superuser: Superuser, photographs: Photographs, moves: list[Any]
) -> None:
    arranged = photographs.show(whole, cast)
    with acting_as(cast.health_editor) as by:
        said = {**SAID, "internal": True, "summary": "Among ourselves"}
        log_conversation(by=by, partnership=arranged.world.partnership, **said)
    before = history(superuser)
    assert all(before.values()), "the scene has something of each"
    places = chosen(cast)
    with photographs.kept() as put_back:
        for number, (kind, former, later) in enumerate(moves):
            _reorganise(cast, places[kind], former, sorted(later), number)
            _is_kept(before, history(superuser))
        put_back()
    _as_it_was(superuser, places)


def _is_kept(before: dict[str, list[Any]], now: dict[str, list[Any]]) -> None:
    """Every row is there, unchanged; a successor that measures on has a measure of its own."""
    gained = {table for table, rows in now.items() if rows != before[table]}
    assert gained <= {"measures_measure"}
    assert all(row in now[table] for table in gained for row in before[table])


def _as_it_was(superuser: Superuser, places: dict[str, list[Organisation]]) -> None:
    """What the photograph does not put back: rows of tables that had none, England's own rows."""
    superuser.execute("DELETE FROM organisations_reorganisationrow")
    superuser.execute("DELETE FROM organisations_reorganisation")
    ids = [each.pk for those in places.values() for each in those]
    superuser.execute(
        "DELETE FROM organisations_succession WHERE recorded_by_id IS NOT NULL "
        "AND predecessor_id = ANY (%s) AND successor_id = ANY (%s)",
        [ids, ids],
    )
    superuser.execute(
        "UPDATE organisations_organisation SET closed_on = NULL WHERE id = ANY (%s)", [ids]
    )


def _reorganise(
    cast: Cast, places: list[Organisation], former: int, later: list[int], number: int
) -> None:
    """A merger or a split, as far as it can be; of a split everything goes to the first."""
    try:
        with acting_as(cast.operator) as by:
            record_successions(
                by=by,
                predecessor=places[former],
                successors=[places[each] for each in later],
                happened_on=A_DAY + timedelta(days=number),
                nature="split" if len(later) > 1 else "merger",
            )
            made = open_reorganisation(by=by, predecessor=places[former])
            made.rows.filter(done_at=None).update(
                successor=places[later[0]], changed_by_id=by.user_id
            )
            approve_reorganisation(by=by, reorganisation=made)
    except ValidationError:
        return
    assert applying.apply_due() == 1
