"""Who is invited with the contacts, and what they say: on the page, by link, by calendar."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from calendars.london import at_wall_clock
from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.tenancy.scope import acting
from partnerships.touchpoints.models import Attendee, Touchpoint
from partnerships.touchpoints.services import (
    Noted,
    answer,
    answer_by_link,
    cancel_touchpoint,
    move_touchpoint,
    note_reply,
)
from tests.touchpoints.attending import attendee, invited
from tests.touchpoints.scene import (
    CLOCK,
    COUNCIL_DEPUTY,
    DAY,
    HEALTH,
    HEALTH_DEPUTY,
    NOW,
    SCHOOL,
    TOLD,
    Scene,
    contact,
    deliveries,
    mark,
    plan,
    schedule,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]
NEWCOMER = "newcomer@health.example"


def says(scene: Scene, touchpoint: Touchpoint, email: str, said: str, part: str) -> Attendee:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        row = Attendee.objects.get(touchpoint=touchpoint, posting=scene.postings[email])
        return answer(by=by, attendee=row, answer=said)


def reply(scene: Scene, touchpoint: Touchpoint, said: str = "accepted", **more: Any) -> Noted:
    given = {
        "touchpoint_ref": touchpoint.ref,
        "posting_id": scene.postings[HEALTH].pk,
        "answer": said,
        "sequence": 0,
        "stamp": NOW,
        "address": HEALTH,
    }
    return note_reply(**{**given, **more})


def test_whoever_is_told_is_invited_and_has_said_nothing(scene: Scene) -> None:
    touchpoint = schedule(scene)

    assert invited(scene, touchpoint) == dict.fromkeys(TOLD, "none")


def test_a_new_contact_is_invited_and_the_former_need_not_come(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.health_editor) as by:
        contact(by, scene.partnership, scene.cast, part="health", function="named", email=NEWCOMER)

    assert set(invited(scene, touchpoint)) == {SCHOOL, COUNCIL_DEPUTY, NEWCOMER}
    assert deliveries(scene, kind="touchpoint_invitation", recipient=NEWCOMER)
    (news,) = deliveries(scene, kind="touchpoint_taken_off")
    assert (news.recipient, news.state) == (HEALTH, "pending")


def test_the_one_who_need_not_come_hears_it_from_who_knows_them(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        contact(
            by, scene.partnership, scene.cast, part="council", function="deputy", email=NEWCOMER
        )
    (news,) = deliveries(scene, kind="touchpoint_taken_off")
    message = compose(news)

    assert not isinstance(message, NotNeeded)
    assert message.subject.startswith("You need not come: short update")
    assert "It takes place without you" in message.body
    assert "METHOD:CANCEL" in str(message.message())
    assert f"/r/t-{touchpoint.ref}" not in message.body


def test_an_answer_of_ones_own_people_counts_and_is_on_record(
    scene: Scene, as_actor: Enter
) -> None:
    touchpoint = schedule(scene)
    row = says(scene, touchpoint, HEALTH, "accepted", "health_editor")

    assert (row.answer, row.answered_way, row.answered_revision) == ("accepted", "page", 0)
    assert row.answered_by_id == scene.cast.health_editor.user_id
    assert invited(scene, touchpoint)[HEALTH] == "accepted"
    with as_actor(scene.cast.school_editor):
        event = AuditEvent.objects.get(action="touchpoint answered")
        assert event.object_id == row.pk
        assert event.changes["answer"] == ["none", "accepted"]


@pytest.mark.parametrize("part", ["school_manager", "school_viewer", "stranger"])
def test_nobody_answers_for_another_organisation(scene: Scene, as_actor: Enter, part: str) -> None:
    touchpoint = schedule(scene)
    row = attendee(scene, touchpoint, HEALTH)
    by = scene.cast.actors[part]
    with pytest.raises(PermissionDenied), as_actor(by):
        answer(by=by, attendee=row, answer="accepted")


def test_a_viewer_answers_for_themselves_alone(scene: Scene, as_actor: Enter) -> None:
    with as_actor(scene.cast.school_editor) as by:
        own = contact(
            by,
            scene.partnership,
            scene.cast,
            part="school",
            function="named",
            email="school-viewer@tandem.example",
        )
    scene.postings["viewer"] = own
    touchpoint = schedule(scene)

    row = says(scene, touchpoint, "viewer", "tentative", "school_viewer")

    assert row.answer == "tentative"


def test_a_change_of_time_asks_anew_and_keeps_what_was_said(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    says(scene, touchpoint, HEALTH, "accepted", "health_editor")
    with as_actor(scene.cast.school_editor) as by:
        touchpoint = move_touchpoint(by=by, touchpoint=touchpoint, **plan(agenda="Less"))
    assert invited(scene, touchpoint)[HEALTH] == "accepted"

    with as_actor(scene.cast.school_editor) as by:
        touchpoint = move_touchpoint(
            by=by, touchpoint=touchpoint, **plan(agenda="Less", time=time(9, 0))
        )

    row = attendee(scene, touchpoint, HEALTH)
    assert (row.answer, row.said_before, row.asked_revision) == ("none", "accepted", 2)
    assert row.answered_at is None
    with as_actor(scene.cast.health_editor) as by, pytest.raises(ValidationError, match="changed"):
        answer(by=by, attendee=row, answer="accepted", seen_revision=1)


def test_no_answer_once_it_has_begun_or_is_cancelled(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller
) -> None:
    touchpoint, other = schedule(scene), schedule(scene, date=date(2027, 1, 21))
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=other)
    clock.move_to(at_wall_clock(DAY, CLOCK))

    for each, words in ((touchpoint, "has begun"), (other, "is cancelled")):
        row = attendee(scene, each, HEALTH)
        with as_actor(scene.cast.health_editor) as by, pytest.raises(ValidationError, match=words):
            answer(by=by, attendee=row, answer="declined")


def test_the_link_answers_for_who_has_it(scene: Scene) -> None:
    touchpoint = schedule(scene, "health_editor")
    row = answer_by_link(
        touchpoint=touchpoint, posting_id=scene.postings[COUNCIL_DEPUTY].pk, answer="declined"
    )

    assert (row.answer, row.answered_way, row.answered_by_id) == ("declined", "link", None)


def test_a_decline_is_told_once_for_each_plan(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    for said in ("declined", "accepted", "declined"):
        says(scene, touchpoint, HEALTH, said, "health_editor")
    (news,) = deliveries(scene, kind="touchpoint_declined")
    message = compose(news)

    assert news.recipient == "school-editor@tandem.example"
    assert not isinstance(message, NotNeeded)
    assert message.subject == (
        "Health named cannot come: short update, Thursday 14 January 2027 at 3:30pm"
    )
    assert "Nobody of Walsall Healthcare NHS Trust is coming now" in message.body

    says(scene, touchpoint, HEALTH, "accepted", "health_editor")

    assert isinstance(compose(news), NotNeeded)


def test_the_organiser_is_not_told_of_what_they_did_themselves(scene: Scene) -> None:
    touchpoint = schedule(scene)
    says(scene, touchpoint, SCHOOL, "declined", "school_editor")

    assert deliveries(scene, kind="touchpoint_declined") == []


def test_a_calendar_answers_for_who_was_invited(scene: Scene) -> None:
    touchpoint = schedule(scene)

    assert reply(scene, touchpoint) == Noted.TAKEN
    assert reply(scene, touchpoint) == Noted.UNCHANGED
    row = attendee(scene, touchpoint, HEALTH)
    assert (row.answer, row.answered_way, row.answered_by_id) == ("accepted", "calendar", None)


def test_an_older_answer_loses(scene: Scene) -> None:
    touchpoint = schedule(scene)
    assert reply(scene, touchpoint, "declined") == Noted.TAKEN
    earlier = NOW - timedelta(minutes=1)

    assert reply(scene, touchpoint, "accepted", stamp=earlier) == Noted.OLDER
    says(scene, touchpoint, HEALTH, "accepted", "health_editor")
    assert reply(scene, touchpoint, "declined", stamp=earlier) == Noted.OLDER
    assert invited(scene, touchpoint)[HEALTH] == "accepted"


def test_a_fast_clock_does_not_outrun_what_follows(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    touchpoint = schedule(scene)
    assert reply(scene, touchpoint, "declined", stamp=NOW + timedelta(days=1)) == Noted.TAKEN
    clock.shift(60)

    says(scene, touchpoint, HEALTH, "accepted", "health_editor")

    assert invited(scene, touchpoint)[HEALTH] == "accepted"
    assert attendee(scene, touchpoint, HEALTH).stamp == timezone.now()


def test_an_answer_to_another_time_does_not_count(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        touchpoint = move_touchpoint(by=by, touchpoint=touchpoint, **plan(time=time(9, 0)))

    assert reply(scene, touchpoint) == Noted.OLDER
    assert reply(scene, touchpoint, sequence=1) == Noted.TAKEN


@pytest.mark.parametrize(
    "other",
    [
        {"address": "assistant@health.example"},
        {"address": SCHOOL},
        {"touchpoint_ref": "nothing"},
        {"posting_id": 0},
        {"answer": "none"},
    ],
)
def test_an_answer_of_nobody_invited_changes_nothing(scene: Scene, other: dict[str, Any]) -> None:
    touchpoint = schedule(scene)

    assert reply(scene, touchpoint, **other) == Noted.UNKNOWN
    assert invited(scene, touchpoint) == dict.fromkeys(TOLD, "none")


def test_a_reply_to_what_is_over_changes_nothing(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=touchpoint)

    assert reply(scene, touchpoint) == Noted.OVER


FORGED = {
    "an answer for another": (
        "health_editor",
        (
            "UPDATE touchpoints_attendee SET answer = 'accepted', answered_at = now(), "
            "answered_way = 'link', answered_revision = 0 WHERE touchpoint_id = %(t)s "
            "AND posting_id = %(school)s"
        ),
    ),
    "an answer on the page by the organiser": (
        "school_editor",
        (
            "UPDATE touchpoints_attendee SET answer = 'accepted', answered_at = now(), "
            "answered_way = 'page', answered_revision = 0 WHERE touchpoint_id = %(t)s "
            "AND posting_id = %(health)s"
        ),
    ),
    "an answer in another's name": (
        "health_editor",
        (
            "UPDATE touchpoints_attendee SET answer = 'accepted', answered_at = now(), "
            "answered_way = 'page', answered_revision = 0, answered_by_id = %(school_user)s "
            "WHERE touchpoint_id = %(t)s AND posting_id = %(health)s"
        ),
    ),
    "an answer of another taken back": (
        "health_editor",
        (
            "UPDATE touchpoints_attendee SET answer = 'none', answered_at = NULL, "
            "answered_way = '', answered_revision = NULL, answered_by_id = NULL "
            "WHERE touchpoint_id = %(t)s AND posting_id = %(school)s"
        ),
    ),
    "a contact of another taken off": (
        "health_editor",
        (
            "UPDATE touchpoints_attendee SET removed_at = now() WHERE touchpoint_id = %(t)s "
            "AND posting_id = %(school)s"
        ),
    ),
    "somebody as a contact who is none": (
        "health_editor",
        (
            "INSERT INTO touchpoints_attendee (touchpoint_id, partnership_id, organisation_id, "
            "posting_id, follows_contact, answer, answered_way, added_at, acl) SELECT %(t)s, "
            "%(p)s, %(other)s, %(health)s, true, 'none', '', now(), '{}'"
        ),
    ),
    "somebody of another besides the contacts": (
        "health_editor",
        (
            "INSERT INTO touchpoints_attendee (touchpoint_id, partnership_id, organisation_id, "
            "posting_id, follows_contact, answer, answered_way, added_at, acl) SELECT %(t)s, "
            "%(p)s, %(school_organisation)s, %(deputy)s, false, 'none', '', now(), '{}'"
        ),
    ),
    "somebody under another organisation": (
        "school_editor",
        (
            "INSERT INTO touchpoints_attendee (touchpoint_id, partnership_id, organisation_id, "
            "posting_id, follows_contact, answer, answered_way, added_at, acl) SELECT %(t)s, "
            "%(p)s, %(school_organisation)s, %(health_deputy)s, false, 'none', '', now(), '{}'"
        ),
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_the_database_takes_no_forged_row(scene: Scene, as_actor: Enter, name: str) -> None:
    touchpoint = schedule(scene)
    says(scene, touchpoint, SCHOOL, "accepted", "school_editor")
    part, statement = FORGED[name]
    values = {
        "t": touchpoint.pk,
        "p": scene.partnership.pk,
        "school": scene.postings[SCHOOL].pk,
        "health": scene.postings[HEALTH].pk,
        "deputy": scene.postings["school-deputy@school.example"].pk,
        "health_deputy": scene.postings[HEALTH_DEPUTY].pk,
        "other": scene.cast.organisation("other").pk,
        "school_organisation": scene.cast.organisation("school").pk,
        "school_user": scene.cast.school_editor.user_id,
    }
    with (
        pytest.raises(DatabaseError, match=r"row-level security|own name|oneself|to say"),
        as_actor(scene.cast.actors[part]),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_answers_stand_where_the_clock_says(scene: Scene) -> None:
    touchpoint = schedule(scene)
    row = says(scene, touchpoint, HEALTH, "tentative", "health_editor")

    assert row.answered_at == datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
