"""Every table below a partnership, as the database lists them: what a member reads and may change
there, what one that left does, and that nobody else does.

The list comes from `tandem.follows_partnership`; the scene has to hold a row of each.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from initiatives.review.models import ReviewRequest
from initiatives.review.services import answer_request, comment_on_initiative
from initiatives.sessions.services import record_attendance
from initiatives.small_numbers.services import choose_rule
from organisations.actor import Actor
from organisations.models import User
from organisations.tenancy.scope import acting
from partnerships.agreements.library import required_of
from partnerships.agreements.papers import add_data_paper
from partnerships.agreements.selectors import version_of
from partnerships.agreements.services import change_clause, move_stage, start_agreement
from partnerships.agreements.signing import name_signatory, sign_agreement
from partnerships.aims.services import agree_aim, comment_on_aim
from partnerships.diary.models import QuietPeriod
from partnerships.diary.services import answer_quiet_period
from partnerships.record.models import Member, Partnership
from partnerships.record.parting import leave_partnership
from tests.access.arranged import Arranged, arrange_for_addresses
from tests.agreements.arranging import DATES, a_paper
from tests.cast import Cast
from tests.photographs import Photographs

# What an organisation that has left still reads: that it was there, and its own internal notes.
ITS_OWN = {"record_member", "conversations_conversation"}


def whole(cast: Cast) -> Arranged:
    """The scene of all addresses, with what no address needs."""
    arranged = arrange_for_addresses(cast)
    partnership = arranged.world.partnership
    with acting(cast.school_editor.scope), transaction.atomic():
        comment_on_aim(by=cast.school_editor, partnership=partnership, text="Nurseries too?")
        agree_aim(by=cast.school_editor, partnership=partnership, number=1, role="Lead")
        _sign(cast.school_editor, partnership, cast.users["school_editor"])
        record_attendance(
            by=cast.school_editor,
            session=arranged.session,
            numbers={"pupils": 12},
            note="",
            based_on=1,
        )
        # With it the members see what is told of numbers of people.
        sharing = a_paper(cast.organisation("school"), kind="dsa", dated=date(2026, 1, 1))
        agreement = arranged.data_paper.agreement
        add_data_paper(by=cast.school_editor, agreement=agreement, **sharing)
    with acting(cast.school_manager.scope), transaction.atomic():
        choose_rule(by=cast.school_manager, partnership=partnership, rule="ofqual")
    with acting(cast.health_editor.scope), transaction.atomic():
        request = ReviewRequest.objects.select_related("initiative", "partnership").get(
            to_organisation=cast.organisation("health")
        )
        revision = request.initiative.revision
        answer_request(
            by=cast.health_editor, request=request, kind="endorsed", words="", revision=revision
        )
        request.initiative.partnership = request.partnership
        comment_on_initiative(
            by=cast.health_editor,
            initiative=request.initiative,
            section="aim",
            text="Good",
            revision=revision,
        )
        quiet = QuietPeriod.objects.select_related("partnership").get()
        answer_quiet_period(by=cast.health_editor, period=quiet, agreed=True)
    return arranged


def _sign(by: Actor, partnership: Partnership, user: User) -> None:
    agreement = start_agreement(
        by=by, partnership=partnership, kind="letter_of_intent", title="A pilot", dates=DATES
    )
    for clause in required_of("letter_of_intent", []):
        agreement.refresh_from_db()
        number = agreement.revision
        change_clause(
            by=by,
            agreement=agreement,
            key=clause.key,
            text=f"We agree: {clause.name}",
            based_on=number,
        )
    move_stage(by=by, agreement=agreement, stage="approval")
    name_signatory(by=by, agreement=agreement, user=user, role="Chief executive")
    agreement.refresh_from_db()
    text = version_of(agreement)
    sign_agreement(
        by=by, agreement=agreement, number=text.number, digest=text.digest, role="Chief executive"
    )


@pytest.fixture
def arranged(cast: Cast, photographs: Photographs) -> Arranged:
    return photographs.show(whole, cast)


def tables(superuser: Any) -> list[str]:
    rows = superuser.execute("SELECT relation FROM tandem.follows_partnership ORDER BY 1")
    return [name for (name,) in rows.fetchall()]


def changeable(superuser: Any, table: str) -> list[str]:
    """The columns that the role which serves pages may change at all."""
    rows = superuser.execute(
        "SELECT column_name FROM information_schema.column_privileges "
        "WHERE table_name = %s AND grantee = 'tandem_web' AND privilege_type = 'UPDATE'",
        [table],
    )
    return [name for (name,) in rows.fetchall()]


def asked(by: Actor, statement: str, partnership: int) -> int:
    """How many rows a statement of the web role reads or changes; none where it is refused."""
    try:
        with acting(by.scope), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [partnership])
            return int(cursor.rowcount)
    except DatabaseError:
        return 0


def reach(arranged: Arranged, superuser: Any, part: str) -> dict[str, tuple[int, int]]:
    """For each table that shows anything: how many rows somebody reads, and could change."""
    by, partnership = arranged.world.cast.actors[part], arranged.world.partnership.pk
    found = {}
    for table in tables(superuser):
        read = asked(by, f"SELECT 1 FROM {table} WHERE partnership_id = %s", partnership)
        changed = max(
            (
                asked(
                    by, f"UPDATE {table} SET {name} = {name} WHERE partnership_id = %s", partnership
                )
                for name in changeable(superuser, table)
            ),
            default=0,
        )
        if read or changed:
            found[table] = (read, changed)
    return found


def test_the_scene_has_a_row_in_every_table(arranged: Arranged, superuser: Any) -> None:
    partnership = arranged.world.partnership.pk
    empty = [
        table
        for table in tables(superuser)
        if not superuser.execute(
            f"SELECT 1 FROM {table} WHERE partnership_id = %s LIMIT 1", [partnership]
        ).fetchone()
    ]
    assert len(tables(superuser)) > 20
    assert empty == []


def test_a_member_reads_every_table_until_it_leaves_and_then_its_own(
    arranged: Arranged, superuser: Any
) -> None:
    before = reach(arranged, superuser, "health_editor")
    assert set(before) == set(tables(superuser))

    by = arranged.world.cast.health_manager
    with acting(by.scope), transaction.atomic():
        member = Member.objects.select_related("partnership", "organisation").get(
            partnership=arranged.world.partnership, organisation_id=by.organisation_id
        )
        leave_partnership(by=by, member=member)

    for part in ("health_editor", "health_manager"):
        after = reach(arranged, superuser, part)
        assert set(after) == ITS_OWN
        # Its own place and the one note that it kept to itself.
        assert [read for read, _ in after.values()] == [1, 1]
    # Whoever stays reads as much as before.
    stays = reach(arranged, superuser, "school_editor")
    assert set(stays) == set(tables(superuser))


@pytest.mark.parametrize("part", ["council_editor", "stranger", "operator"])
def test_who_is_no_member_reaches_none(arranged: Arranged, superuser: Any, part: str) -> None:
    found = reach(arranged, superuser, part)
    # An organisation that is asked in sees its own place, to answer it; nothing else.
    assert set(found) <= ({"record_member"} if part == "council_editor" else set())
    assert all(read <= 1 for read, _ in found.values())
