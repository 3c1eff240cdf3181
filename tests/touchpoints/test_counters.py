"""Another time, proposed in somebody's calendar: it waits for its answer as any other does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from organisations.outbox.inbox import rounds
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import Proposal
from partnerships.touchpoints.services import cancel_touchpoint, move_touchpoint, propose_time
from tests.outbox.inbox.conftest import FolderBox, box
from tests.touchpoints.answers_by_mail import STAMP, Write, another_time, google, outlook
from tests.touchpoints.scene import HEALTH, SCHOOL, Scene, deliveries, plan, schedule
from tests.touchpoints.test_replies import entry_for, reason, said

__all__ = ["box"]
START = datetime(2027, 1, 21, 9, 0, tzinfo=UTC)
# In summer, when London's clock is an hour ahead.
SUMMER = datetime(2027, 6, 10, 8, 30, tzinfo=UTC)
LENGTH = timedelta(minutes=45)
BOTH = pytest.mark.parametrize("write", [google, outlook])


@pytest.fixture(autouse=True)
def tomorrow(clock: Any) -> None:
    """People answer after they were invited."""
    clock.move_to(STAMP + timedelta(hours=3))


def proposals(scene: Scene) -> list[Proposal]:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        return list(Proposal.objects.order_by("pk"))


@BOTH
@pytest.mark.parametrize("start", [START, SUMMER])
def test_another_time_waits_for_who_organises_it(
    scene: Scene, box: FolderBox, write: Write, start: datetime
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    box.deliver(another_time(entry, HEALTH, start, start + LENGTH, write=write))

    assert rounds.read() == {"calendar-reply": 1}

    (proposal,) = proposals(scene)
    assert (proposal.starts_at, proposal.minutes, proposal.state) == (start, 45, "open")
    assert proposal.posting_id == scene.postings[HEALTH].pk
    assert proposal.words == ("We are in court, sorry" if write is outlook else "")
    (news,) = deliveries(scene, kind="touchpoint_proposal")
    assert news.recipient == "school-editor@tandem.example"
    assert said(scene, touchpoint) == "none"
    assert len(box.in_folder("handled")) == 1


@BOTH
def test_the_same_twice_is_one_and_a_newer_one_takes_its_place(
    scene: Scene, box: FolderBox, write: Write
) -> None:
    entry = entry_for(scene, schedule(scene))
    for start, hours in ((START, 0), (START, 1), (SUMMER, 2), (START, 0)):
        stamp = STAMP + timedelta(hours=hours)
        sent = another_time(entry, HEALTH, start, start + LENGTH, write=write, stamp=stamp)
        box.deliver(sent)
        rounds.read()

    found = [(each.starts_at, each.state) for each in proposals(scene)]
    assert found == [(START, "withdrawn"), (SUMMER, "open")]
    assert len(box.in_folder("handled")) == 4


PAST = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
REFUSED = {
    "past": (PAST, LENGTH, "must be later than now"),
    "the hour that happens twice": (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), LENGTH, "clocks"),
    "beyond three years": (datetime(2030, 6, 1, 9, 0, tzinfo=UTC), LENGTH, "next 3 years"),
    "too long": (START, timedelta(hours=9), "between 5 minutes and 8 hours"),
    "ends before": (START, -LENGTH, "between 5 minutes and 8 hours"),
    "no whole minutes": (START, timedelta(seconds=1830), "whole minute"),
    "as planned": (datetime(2027, 1, 14, 15, 30, tzinfo=UTC), timedelta(minutes=30), "planned"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_time_that_cannot_be_waits_for_a_person_with_the_reason(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any], case: str
) -> None:
    start, length, why = REFUSED[case]
    entry = entry_for(scene, schedule(scene))
    sent = another_time(entry, HEALTH, start, start + length)
    box.deliver(sent)

    assert rounds.read() == {"calendar-reply": 1}

    assert proposals(scene) == []
    assert deliveries(scene, kind="touchpoint_proposal") == []
    assert reason(superuser).startswith("It proposes another time, which cannot be: ")
    assert why in reason(superuser)
    assert len(box.in_folder("other")) == 1


def test_a_colleagues_proposal_waits_for_its_answer_first(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any]
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        propose_time(
            by=by, touchpoint=touchpoint, date=date(2027, 1, 22), time=time(9, 0), minutes=30
        )
    box.deliver(another_time(entry, HEALTH, START, START + LENGTH))

    rounds.read()

    assert len(proposals(scene)) == 1
    assert "A colleague's proposal waits" in reason(superuser)
    assert "Walsall" not in reason(superuser)
    assert len(box.in_folder("other")) == 1


def test_an_entry_of_somebody_else_proposes_nothing(scene: Scene, box: FolderBox) -> None:
    entry = entry_for(scene, schedule(scene))
    for address in ("somebody@elsewhere.example", SCHOOL):
        box.deliver(another_time(entry, address, START, START + LENGTH))

    rounds.read()

    assert proposals(scene) == []
    assert len(box.in_folder("other")) == 2


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_what_changed_since_is_not_asked_to_change(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any], change: str
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        if change == "move":
            move_touchpoint(by=by, touchpoint=touchpoint, **plan(time=time(16, 0)))
        else:
            cancel_touchpoint(by=by, touchpoint=touchpoint)
    box.deliver(another_time(entry, HEALTH, START, START + LENGTH))

    rounds.read()

    assert proposals(scene) == []
    why = {"move": "the time has changed since", "cancel": "over or cancelled"}
    assert why[change] in reason(superuser)


@pytest.mark.parametrize("part", ["school", "health", "closed"])
def test_nothing_is_taken_in_for_what_is_shut(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any], part: str
) -> None:
    entry = entry_for(scene, schedule(scene))
    if part == "closed":
        with acting(scene.cast.school_editor.scope), transaction.atomic():
            Partnership.objects.update(closed_at=STAMP)
    else:
        superuser.execute(
            "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
            [scene.cast.organisation(part).pk],
        )
    box.deliver(another_time(entry, HEALTH, START, START + LENGTH))

    rounds.read()

    assert proposals(scene) == []
    assert len(box.in_folder("other")) == 1
