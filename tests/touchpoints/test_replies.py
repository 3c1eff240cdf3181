"""Accept and Decline in somebody's calendar become their answer, and nobody else's."""

from __future__ import annotations

import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from organisations.models import Delivery
from organisations.outbox.composing import compose
from organisations.outbox.inbox import rounds
from organisations.tenancy.scope import acting
from partnerships.touchpoints.calendar_entries import uid_for
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.replies import NoReply, read_replies
from partnerships.touchpoints.services import cancel_touchpoint, move_touchpoint
from tests.outbox.inbox.conftest import FolderBox, box
from tests.touchpoints.answers_by_mail import STAMP, Write, apple, google, outlook
from tests.touchpoints.attending import attendee, invited
from tests.touchpoints.scene import HEALTH, SCHOOL, Scene, deliveries, plan, schedule

__all__ = ["box"]
LATER = STAMP + timedelta(hours=1)


@pytest.fixture(autouse=True)
def tomorrow(clock: Any) -> None:
    """People answer after they were invited."""
    clock.move_to(STAMP + timedelta(hours=3))


def entry_for(scene: Scene, touchpoint: Touchpoint, email: str = HEALTH) -> Event:
    """The entry in the invitation that somebody got."""
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        delivery = Delivery.objects.filter(subject=touchpoint.ref, recipient=email).earliest("pk")
    message = compose(delivery)
    file = next(part for part in message.attachments if part[0] == "invite.ics")
    return next(iter(Calendar.from_ical(file[1]).walk("VEVENT")))


def said(scene: Scene, touchpoint: Touchpoint, email: str = HEALTH) -> str:
    return str(invited(scene, touchpoint)[email])


def reason(superuser: psycopg.Connection[Any]) -> str:
    row = superuser.execute(
        "SELECT reason FROM organisations_inboxmessage ORDER BY handled_at DESC LIMIT 1"
    ).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("write", [outlook, google, apple])
@pytest.mark.parametrize(
    ("partstat", "answer"),
    [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")],
)
def test_an_answer_counts_whoever_wrote_the_program(
    scene: Scene, box: FolderBox, write: Write, partstat: str, answer: str
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    box.deliver(write(entry, HEALTH, partstat))

    assert rounds.read() == {"calendar-reply": 1}

    assert said(scene, touchpoint) == answer
    assert said(scene, touchpoint, SCHOOL) == "none"
    row = attendee(scene, touchpoint, HEALTH)
    assert (row.answered_way, row.stamp) == ("calendar", STAMP)
    assert len(box.in_folder("handled")) == 1


def test_the_invitation_asks_for_an_answer_only_where_somebody_reads_it(
    scene: Scene, settings: Any
) -> None:
    touchpoint = schedule(scene)

    settings.INBOX_URL = ""
    assert entry_for(scene, touchpoint)["ATTENDEE"].params["RSVP"] == "FALSE"
    settings.INBOX_URL = "maildir:///somewhere"
    assert entry_for(scene, touchpoint)["ATTENDEE"].params["RSVP"] == "TRUE"


def test_each_persons_entry_has_a_name_of_its_own_that_stays(scene: Scene) -> None:
    touchpoint = schedule(scene)
    first = str(entry_for(scene, touchpoint)["UID"])

    assert first != str(entry_for(scene, touchpoint, SCHOOL)["UID"])
    assert first == uid_for(touchpoint.ref, scene.postings[HEALTH].pk)
    assert uid_for(touchpoint.ref) == f"touchpoint-{touchpoint.ref}@tandem"


def test_an_answer_that_comes_late_does_not_undo_a_newer_one(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any]
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    box.deliver(google(entry, HEALTH, "DECLINED", stamp=LATER))
    rounds.read()
    box.deliver(google(entry, HEALTH, "ACCEPTED"))

    rounds.read()

    assert said(scene, touchpoint) == "declined"
    assert "a newer answer is there" in reason(superuser)
    assert len(box.in_folder("handled")) == 2


def test_an_answer_to_another_time_does_not_count(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any]
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(time=time(16, 0)))
    box.deliver(outlook(entry, HEALTH, "ACCEPTED"))

    rounds.read()

    assert said(scene, touchpoint) == "none"
    assert "the time has changed since" in reason(superuser)


def test_an_answer_to_what_was_cancelled_changes_nothing(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any]
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        cancel_touchpoint(by=by, touchpoint=touchpoint)
    box.deliver(google(entry, HEALTH, "ACCEPTED"))

    rounds.read()

    assert "over or cancelled" in reason(superuser)


@pytest.mark.parametrize("write", [outlook, google])
def test_who_was_not_sent_the_entry_answers_for_nobody(
    scene: Scene, box: FolderBox, superuser: psycopg.Connection[Any], write: Write
) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    ours = str(entry["UID"])
    forged = []
    for uid in (
        uid_for(touchpoint.ref),
        uid_for(touchpoint.ref, 0),
        ours.replace(touchpoint.ref, "bcdfghjkmnpq"),
        ours.removesuffix(f"{ours[-8]}@tandem") + ("1" if ours[-8] == "0" else "0") + "@tandem",
        "040000008200E00074C5B7101A82E008",
    ):
        entry["UID"] = uid
        forged.append(write(entry, HEALTH, "ACCEPTED"))
    entry["UID"] = ours
    forged.append(write(entry, "somebody@elsewhere.example", "ACCEPTED"))
    forged.append(write(entry, SCHOOL, "DECLINED"))
    forged.append(write(entry, HEALTH, "DELEGATED"))
    forged.append(write(entry, HEALTH, "ACCEPTED", sequence=10**30))
    for each in forged:
        box.deliver(each)

    assert rounds.read() == {"calendar-reply": len(forged)}

    assert set(invited(scene, touchpoint).values()) == {"none"}
    assert len(box.in_folder("other")) == len(forged)


def test_the_organiser_hears_of_a_refusal_once(scene: Scene, box: FolderBox) -> None:
    touchpoint = schedule(scene)
    entry = entry_for(scene, touchpoint)
    before = len(deliveries(scene, subject=touchpoint.ref))
    for write in (outlook, google, apple):
        box.deliver(write(entry, HEALTH, "DECLINED"))

    rounds.read()

    assert len(deliveries(scene, subject=touchpoint.ref)) == before + 1


def test_the_way_to_try_it_that_the_documentation_gives(
    scene: Scene, box: FolderBox, tmp_path: Path
) -> None:
    touchpoint = schedule(scene)
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        delivery = Delivery.objects.get(subject=touchpoint.ref, recipient=HEALTH, offset_minutes=0)
    sent = tmp_path / "invitation.eml"
    sent.write_bytes(compose(delivery).message().as_bytes())
    told = (Path(__file__).parents[2] / "docs" / "inbox.md").read_text()
    program = told.partition("<<'REPLY'")[2].partition("\n")[2].partition("\nREPLY\n")[0]
    box.deliver(
        subprocess.run(
            [sys.executable, "-", str(sent)],
            input=program.encode(),
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    )

    assert rounds.read() == {"calendar-reply": 1}

    assert said(scene, touchpoint) == "accepted"


LINES = st.sampled_from(
    [
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "METHOD:REPLY",
        "METHOD:COUNTER",
        "UID:touchpoint-bcdfghjkmnpq.0123456789abcdef0123@tandem",
        "UID:",
        "UID:\0",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example",
        "ATTENDEE;PARTSTAT=\0:MAILTO:\0",
        "ATTENDEE:",
        "DTSTAMP:20270105T100000Z",
        "DTSTAMP:99999999T999999Z",
        "DTSTAMP;TZID=Nowhere:20270105T100000",
        "DTSTART:20270105",
        "DTSTART;TZID=GMT Standard Time:20270105T100000",
        "DTEND:22001231T235959Z",
        "DURATION:P9999W",
        "SEQUENCE:-1",
        "SEQUENCE:\u0663",
        "SEQUENCE:1",
        "COMMENT:\\",
        " folded",
    ]
)


@given(st.lists(LINES, max_size=30) | st.lists(st.text(max_size=30), max_size=10))
def test_whatever_arrives_is_an_answer_or_none(lines: list[str]) -> None:
    _reads("\r\n".join(["BEGIN:VCALENDAR", "METHOD:REPLY", *lines]))
    _reads("\r\n".join(["BEGIN:VCALENDAR", "METHOD:COUNTER", "BEGIN:VEVENT", *lines,
                        "END:VEVENT", "END:VCALENDAR"]))  # fmt: skip


def _reads(text: str) -> None:
    try:
        found = read_replies(text.encode("utf-8", "surrogatepass"))
    except NoReply:
        return
    for reply in found:
        assert "\0" not in reply.address + reply.comment + reply.ref
        assert reply.stamp.tzinfo is not None


def test_ten_thousand_entries_are_no_answer() -> None:
    head, tail = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n", b"END:VCALENDAR\r\n"
    for number in (0, 21, 10_000):
        with pytest.raises(NoReply):
            read_replies(head + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * number + tail)
    with pytest.raises(NoReply, match="too large"):
        read_replies(head + b"x" * 300_000)
