"""Who reaches which row of sessions and of who came: row security alone, as the web role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import Permission as DjangoPermission
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection

from calendars.london import today
from initiatives.plans.grants import VIEW
from initiatives.plans.models import Initiative, InitiativeGrant
from initiatives.sessions.models import Session
from initiatives.sessions.services import open_attendance
from organisations.actor import Actor
from organisations.tenancy.scope import Scope
from partnerships.agreements import papers
from partnerships.agreements.models import DataPaper
from partnerships.agreements.services import start_agreement
from partnerships.record.models import Partnership
from tests.agreements.arranging import TITLE, a_paper
from tests.cast import Cast
from tests.initiative_sessions.arranging import planned, recorded
from tests.plans.arranging import OUTLINE, started
from tests.record.arranging import acting_as, shared

YESTERDAY = today() - timedelta(days=1)
TABLES = (
    "session",
    "attendance",
    "attendanceopening",
    "publishedattendance",
    "attendancepublication",
)
NOTHING = dict.fromkeys(TABLES, 0)


@pytest.fixture
def hub(cast: Cast) -> Partnership:
    return shared(cast)


@pytest.fixture
def dropin(cast: Cast, hub: Partnership) -> Initiative:
    return started(cast.school_editor, hub)


@pytest.fixture
def held(cast: Cast, dropin: Initiative) -> Session:
    """Recorded by an editor of the school trust: one number that is small, one that is not."""
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    return recorded(cast.school_editor, session, pupils=6, staff=30)


def reaches(by: Actor) -> Mapping[str, int]:
    """How many rows of each table somebody reads, whatever they ask."""
    with acting_as(by), connection.cursor() as cursor:
        found = {}
        for each in TABLES:
            cursor.execute(f"SELECT count(*) FROM initiative_sessions_{each}")
            found[each] = cursor.fetchone()[0]
        return found


def in_force(cast: Cast, hub: Partnership) -> DataPaper:
    """A data sharing agreement that the school trust keeps elsewhere."""
    dates = {
        "starts_on": date(2026, 1, 1),
        "review_on": date(2028, 1, 1),
        "expires_on": date(2029, 1, 1),
    }
    with acting_as(cast.school_editor) as by:
        agreement = start_agreement(by=by, partnership=hub, kind="mou", title=TITLE, dates=dates)
        paper = a_paper(cast.organisation("school"), kind="dsa", dated=date(2026, 1, 1))
        return papers.add_data_paper(by=by, agreement=agreement, **paper)


def granted(cast: Cast, initiative: Initiative, actor: Actor) -> Actor:
    """The same person as themselves, with a personal grant on one initiative."""
    with acting_as(cast.school_manager):
        InitiativeGrant.objects.create(
            user_id=actor.user_id,
            permission=DjangoPermission.objects.get(codename=VIEW, content_type__app_label="plans"),
            content_object=initiative,
        )
    return Actor(user_id=actor.user_id)


def test_raw_numbers_are_read_by_whoever_recorded_them_alone(cast: Cast, held: Session) -> None:
    own = {**NOTHING, "session": 1, "publishedattendance": 2}
    assert reaches(cast.school_editor) == {**own, "attendance": 2}
    assert reaches(cast.school_viewer) == own
    assert reaches(cast.school_manager) == own
    assert reaches(cast.health_editor) == {**NOTHING, "session": 1}
    assert reaches(cast.stranger) == NOTHING


def test_a_manager_reads_them_while_an_opening_lasts(cast: Cast, held: Session) -> None:
    with acting_as(cast.school_manager) as by:
        open_attendance(by=by, session=held, reason="The report for the governors")
    assert reaches(cast.school_manager)["attendance"] == 2
    # Colleagues see that it was opened, and no number.
    assert reaches(cast.school_viewer)["attendanceopening"] == 1
    assert reaches(cast.school_viewer)["attendance"] == 0


def test_an_opening_that_is_over_opens_nothing(
    cast: Cast, held: Session, superuser: object
) -> None:
    with acting_as(cast.school_manager) as by:
        open_attendance(by=by, session=held, reason="The report for the governors")
    superuser.execute(  # type: ignore[attr-defined]
        "UPDATE initiative_sessions_attendanceopening SET opened_at = now() - interval '1 hour', "
        "ends_at = now() - interval '1 minute'"
    )
    assert reaches(cast.school_manager)["attendance"] == 0


def test_only_a_manager_opens(cast: Cast, held: Session) -> None:
    with acting_as(cast.school_editor) as by, connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="row-level security"):
            cursor.execute(
                "INSERT INTO initiative_sessions_attendanceopening "
                "(session_id, organisation_id, opened_by_id, reason, opened_at, ends_at) "
                "VALUES (%s, %s, %s, 'why', now(), now() + interval '5 minutes')",
                [held.pk, by.organisation_id, by.user_id],
            )
        connection.set_rollback(True)


def test_members_read_what_is_told_while_data_may_be_shared(
    cast: Cast, hub: Partnership, held: Session
) -> None:
    paper = in_force(cast, hub)
    assert reaches(cast.health_editor) == {**NOTHING, "session": 1, "publishedattendance": 2}
    with acting_as(cast.health_editor), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT status, shown FROM initiative_sessions_publishedattendance")
        assert set(cursor.fetchall()) == {("masked", None), ("shown", 30)}
    with acting_as(cast.school_editor) as by:
        papers.end_data_paper(by=by, paper=paper, note="Replaced")
    assert reaches(cast.health_editor)["publishedattendance"] == 0
    assert reaches(cast.school_viewer)["publishedattendance"] == 2


def test_the_council_that_is_no_member_reads_nothing(
    cast: Cast, hub: Partnership, held: Session
) -> None:
    in_force(cast, hub)
    assert reaches(cast.council_editor) == NOTHING
    assert reaches(cast.stranger) == NOTHING


def test_a_personal_grant_opens_the_sessions_of_that_initiative_and_no_number(
    cast: Cast, hub: Partnership, dropin: Initiative, held: Session
) -> None:
    sibling = started(cast.school_editor, hub, name="Asthma clinic")
    in_force(cast, hub)
    on_it = granted(cast, dropin, cast.stranger)
    on_sibling = granted(cast, sibling, cast.council_editor)
    assert on_it.scope == Scope(user_id=on_it.user_id)
    assert reaches(on_it) == {**NOTHING, "session": 1}
    assert reaches(on_sibling) == NOTHING


def test_nobody_writes_what_is_told_but_the_publisher(cast: Cast, held: Session) -> None:
    for part in ("school_editor", "health_editor"):
        with acting_as(cast.actors[part]), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE initiative_sessions_publishedattendance SET status = 'shown', shown = 6"
            )
            assert cursor.rowcount == 0
            cursor.execute("UPDATE initiative_sessions_attendance SET superseded_at = now()")
            assert cursor.rowcount == 0
    with acting_as(cast.school_editor), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute("UPDATE initiative_sessions_attendance SET number = 5")
        connection.set_rollback(True)


def test_a_publisher_reads_no_other_organisations_numbers(
    cast: Cast, dropin: Initiative, held: Session
) -> None:
    with acting_as(cast.health_editor), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.publishing', %s, true)", [str(dropin.pk)])
        cursor.execute("SELECT count(*) FROM initiative_sessions_attendance")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM initiative_sessions_attendancepublication")
        assert cursor.fetchone() == (0,)


def test_who_may_write_sessions(cast: Cast, hub: Partnership, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    of_health = planned(cast.health_editor, dropin, date=YESTERDAY, time=time(13))

    def cancels(by: Actor, one: Session) -> int:
        with acting_as(by), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE initiative_sessions_session SET state = 'cancelled', reason = 'x', "
                "revision = revision + 1 WHERE id = %s",
                [one.pk],
            )
            connection.set_rollback(True)
            return cursor.rowcount

    assert cancels(cast.health_editor, session) == 0
    assert cancels(cast.stranger, session) == 0
    assert cancels(cast.health_editor, of_health) == 1
    # It looks after the initiative.
    assert cancels(cast.school_editor, of_health) == 1
    with acting_as(cast.school_editor), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="row-level security"):
            cursor.execute(
                "UPDATE initiative_sessions_session SET state = 'held', revision = revision + 1 "
                "WHERE id = %s",
                [of_health.pk],
            )
        connection.set_rollback(True)


def test_what_became_of_a_session_stays(cast: Cast, held: Session) -> None:
    for change in ("state = 'planned'", "starts_at = starts_at + interval '1 day'"):
        with acting_as(cast.school_editor), connection.cursor() as cursor:
            with pytest.raises(DatabaseError, match="stays"):
                cursor.execute(
                    f"UPDATE initiative_sessions_session SET {change}, revision = revision + 1"
                )
            connection.set_rollback(True)


def test_no_session_of_an_initiative_that_is_over(cast: Cast, hub: Partnership) -> None:
    over = started(cast.school_editor, hub, name=f"{OUTLINE.name} again")
    over.stage = "finished"
    with pytest.raises(PermissionDenied):
        planned(cast.school_editor, over, date=YESTERDAY)
