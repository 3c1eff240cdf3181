"""Through GOV.UK Notify: the entry behind a link, words about replies, addresses that refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from bench.notify_server import CALLBACK_TOKEN, NotifyServer
from calendars.london import at_wall_clock
from contacts.models import Posting
from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.outbox import engine
from organisations.outbox.composing import compose
from organisations.outbox.identity import reference_of
from organisations.tenancy.scope import acting
from partnerships.record.models import Member, MemberState, NamedContact
from partnerships.record.recipients import people_to_tell
from partnerships.touchpoints.calendar_entries import uid_for
from partnerships.touchpoints.entry_links import address_for
from partnerships.touchpoints.services import cancel_touchpoint, move_touchpoint
from tests.touchpoints.scene import (
    CLOCK,
    DAY,
    HEALTH,
    HEALTH_DEPUTY,
    Scene,
    deliveries,
    mark,
    plan,
    schedule,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]


def invitation(scene: Scene, recipient: str = HEALTH) -> Any:
    return deliveries(scene, kind="touchpoint_invitation", recipient=recipient)[0]


def path(scene: Scene, recipient: str = HEALTH) -> str:
    """The address of the entry in somebody's invitation, below the host."""
    return address_for(invitation(scene, recipient)).removeprefix("http://localhost:8000")


def event(content: bytes) -> tuple[str, Event]:
    calendar = Calendar.from_ical(content)
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


def test_the_text_has_what_notify_cannot_carry(scene: Scene, notify: NotifyServer) -> None:
    schedule(scene, agenda="# Rooms\n* Dates")

    assert engine.drain()["sent"] == 3

    sent = next(one for one in notify.sent if one["email_address"] == HEALTH)
    body = sent["personalisation"]["body"]
    assert f"For your calendar: {address_for(invitation(scene))}\n" in body
    assert (
        "Cannot make it? Write to School editor, Windsor Academy Trust: "
        "school-editor@tandem.example\n" in body
    )
    assert "corrected or removed, write to school-editor@tandem.example." in body
    assert "Reply to this email" not in body
    assert "\n\u200b# Rooms\n\u200b* Dates\n" in body
    assert "\n\u200b--\n" in body
    assert sent["personalisation"]["subject"].startswith("Invitation: short update")


def test_a_mail_server_gets_the_entry_and_no_link(scene: Scene) -> None:
    schedule(scene)
    message = compose(invitation(scene))

    assert isinstance(message, EmailMultiAlternatives)
    assert "calendar-entry" not in message.body
    assert [part.mimetype for part in message.alternatives][1].startswith("text/calendar")


def test_a_reminder_has_no_link(scene: Scene, notify: NotifyServer) -> None:
    schedule(scene)
    message = compose(deliveries(scene, kind="touchpoint_reminder", recipient=HEALTH)[0])

    assert isinstance(message, EmailMultiAlternatives)
    assert "calendar-entry" not in message.body


def test_the_link_opens_that_entry_without_signing_in(scene: Scene, notify: NotifyServer) -> None:
    touchpoint = schedule(scene)
    schedule(scene, date=date(2027, 1, 21))
    response = Client().get(path(scene))

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar; charset=utf-8")
    assert response["Content-Disposition"] == 'attachment; filename="touchpoint-2027-01-14.ics"'
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    method, entry = event(response.content)
    assert method == "PUBLISH"
    assert entry["uid"] == uid_for(touchpoint.ref, scene.postings[HEALTH].pk)
    assert "attendee" not in entry
    assert response.content.count(b"BEGIN:VEVENT") == 1
    assert Client().post(path(scene)).status_code == 405


def test_it_opens_the_plan_as_it_is_now(scene: Scene, as_actor: Enter, superuser: Any) -> None:
    touchpoint = schedule(scene)
    link = path(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        touchpoint = move_touchpoint(by=by, touchpoint=touchpoint, **plan(venue="Online"))
    method, entry = event(Client().get(link).content)
    assert (method, entry["sequence"], entry["location"]) == ("PUBLISH", 1, "Online")

    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=touchpoint, notes="")

    method, entry = event(Client().get(link).content)
    assert (method, entry["status"], entry["sequence"]) == ("CANCEL", "CANCELLED", 2)
    assert entry["attendee"] == f"mailto:{HEALTH}"


def test_a_cancellation_says_how_to_take_it_out(
    scene: Scene, as_actor: Enter, superuser: Any, notify: NotifyServer
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=touchpoint, notes="The hall floods.")
    cancellation = deliveries(scene, kind="touchpoint_cancelled", recipient=HEALTH)[0]
    message = compose(cancellation)

    assert isinstance(message, EmailMultiAlternatives)
    assert f"To take it out of your calendar: {address_for(cancellation)}\n" in message.body
    assert re.search(r"Questions\? Write to .*: school-editor@tandem\.example\n", message.body)


def test_a_token_that_we_did_not_make_opens_nothing(scene: Scene) -> None:
    schedule(scene)
    link = path(scene)
    reference = reference_of(invitation(scene))
    others = [
        link[:-2] + "/",
        link.replace(reference, reference[::-1]),
        f"/calendar-entry/{reference}/",
        f"/calendar-entry/{signing.Signer(salt='tandem.directory').sign(reference)}/",
        f"/calendar-entry/{signing.Signer(salt='tandem.touchpoint-entry').sign('x.y')}/",
    ]

    assert [Client().get(other).status_code for other in others] == [404] * len(others)


def over(link: str) -> bool:
    """Whether a link says that it no longer works, and nothing of the meeting."""
    response = Client().get(link)
    page = response.content.decode()
    return (
        response.status_code == 410
        and "This link no longer works" in page
        and "Health hub" not in page
        and response["X-Robots-Tag"] == "noindex, nofollow"
    )


def test_it_ends_with_the_meeting(scene: Scene, clock: time_machine.Traveller) -> None:
    schedule(scene)
    link = path(scene)
    clock.move_to(at_wall_clock(DAY, CLOCK.replace(minute=59)))
    assert Client().get(link).status_code == 200

    clock.move_to(at_wall_clock(DAY, CLOCK.replace(hour=16, minute=0)))

    assert over(link)


def test_it_ends_for_who_is_no_longer_the_contact(scene: Scene, as_actor: Enter) -> None:
    schedule(scene)
    link = path(scene)
    with as_actor(scene.cast.health_editor):
        named = NamedContact.objects.filter(posting=scene.postings[HEALTH])
        assert named.update(ended_at=timezone.now()) == 1

    assert over(link)


def test_it_ends_when_the_sender_leaves_the_partnership(
    scene: Scene, superuser: Any, as_actor: Enter
) -> None:
    schedule(scene, "health_editor")
    with as_actor(scene.cast.health_editor):
        delivery = deliveries(
            scene, "health_editor", kind="touchpoint_invitation", recipient=HEALTH
        )[0]
        link = address_for(delivery).removeprefix("http://localhost:8000")
        assert Client().get(link).status_code == 200
        Member.objects.filter(organisation=scene.cast.organisation("health")).update(
            state=MemberState.LEFT
        )

    assert over(link)


@pytest.mark.parametrize("part", ["school", "health"])
def test_it_ends_while_either_side_is_suspended(scene: Scene, superuser: Any, part: str) -> None:
    schedule(scene)
    link = path(scene)
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [scene.cast.organisation(part).pk],
    )

    assert over(link)


@pytest.mark.parametrize(
    ("status", "words"),
    [("permanent-failure", "does not exist"), ("temporary-failure", "took no e-mail for days")],
)
def test_an_address_that_refuses_is_marked_and_the_deputy_is_told_from_then_on(
    scene: Scene, notify: NotifyServer, status: str, words: str
) -> None:
    schedule(scene)
    engine.drain()
    sent = next(one for one in notify.sent if one["email_address"] == HEALTH)
    for _ in range(2):
        response = Client().post(
            "/hooks/notify/delivery/",
            json.dumps(notify.report(sent, status)),
            content_type="application/json",
            headers={"Authorization": f"Bearer {CALLBACK_TOKEN}"},
        )
        assert response.status_code == 204

    with acting(scene.cast.school_editor.scope), transaction.atomic():
        posting = Posting.objects.select_related("details").get(pk=scene.postings[HEALTH].pk)
        told = {person.email for person in people_to_tell(scene.partnership)}
        noted = AuditEvent.objects.filter(object_id=posting.pk, action="address bounced")
        assert noted.count() == 1
    assert posting.bounced_at is not None
    assert words in posting.details.bounce_reason
    assert HEALTH not in told
    assert HEALTH_DEPUTY in told
    (delivery,) = deliveries(scene, kind="touchpoint_invitation", recipient=HEALTH)
    assert (delivery.state, words in delivery.reason) == ("dead", True)
