"""The e-mails as they would go out now: what they say, and when they no longer should."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage as Parsed
from email.policy import default
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone
from icalendar import Calendar, Event

from calendars.london import at_wall_clock
from contacts.models import Posting, WorkDetails
from organisations.actor import Actor
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose, tell_refused
from partnerships.record.models import Member, MemberState, NamedContact
from partnerships.record.services.contacts import name_contact
from partnerships.touchpoints.calendar_entries import uid_for
from partnerships.touchpoints.services import (
    cancel_touchpoint,
    move_touchpoint,
    record_outcome,
)
from tests.touchpoints.scene import (
    CLOCK,
    DAY,
    HEALTH,
    SCHOOL,
    Scene,
    contact,
    deliveries,
    mark,
    plan,
    schedule,
)

NEWCOMER = "newcomer@school.example"
Enter = Callable[[Actor], AbstractContextManager[Actor]]


def composed(scene: Scene, kind: str, recipient: str = HEALTH) -> EmailMessage | NotNeeded:
    """What the worker would hand over for the latest such delivery."""
    return compose(deliveries(scene, kind=f"touchpoint_{kind}", recipient=recipient)[-1])


def sent(scene: Scene, kind: str, recipient: str = HEALTH) -> Parsed:
    """The message as the other end reads it."""
    message = composed(scene, kind, recipient)
    assert isinstance(message, EmailMessage)
    return message_from_bytes(message.message().as_bytes(), policy=default)  # type: ignore[return-value]


def not_needed(scene: Scene, kind: str, recipient: str = HEALTH) -> str:
    answer = composed(scene, kind, recipient)
    assert isinstance(answer, NotNeeded)
    return answer.reason


def lines(message: Parsed) -> list[str]:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).splitlines()


def text(message: Parsed, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def entry(message: Parsed) -> tuple[str, Event]:
    """The method and the event of the calendar part that Outlook and Gmail read."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    assert part["Content-Type"].params["method"] == str(calendar["method"])
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


def test_an_invitation_says_what_when_where_and_why_you(scene: Scene) -> None:
    touchpoint = schedule(scene)
    message = sent(scene, "invitation")

    assert message["Subject"] == "Invitation: short update, Thursday 14 January 2027 at 3:30pm"
    assert message["To"] == HEALTH
    assert message["Reply-To"] == "school-editor@tandem.example"
    assert lines(message)[:3] == [
        "Windsor Academy Trust invites you to this touchpoint.",
        "",
        "When:  Thursday 14 January 2027, 3:30pm to 4pm (UK time)",
    ]
    for body in (text(message), text(message, "html")):
        assert "Thursday 14 January 2027, 3:30pm to 4pm" in body
        assert "Goldsmith Primary Academy" in body
        assert "Rooms" in body
        assert f"/r/t-{touchpoint.ref}/" in body
        assert "named contact of Walsall Healthcare NHS Trust" in body
        assert "Windsor Academy Trust recorded your work address (source: Its website)" in body
        assert "corrected or removed, reply to this email" in body


def test_nobody_is_asked_to_reply_to_themselves(scene: Scene, as_actor: Enter) -> None:
    with as_actor(scene.cast.school_editor) as by:
        contact(
            by,
            scene.partnership,
            scene.cast,
            part="school",
            function="named",
            email="school-editor@tandem.example",
        )
    schedule(scene)
    message = sent(scene, "invitation", "school-editor@tandem.example")

    assert message["Reply-To"] is None
    assert "Move or cancel it in Tandem" in text(message)
    assert "source:" not in text(message)


def test_the_deputy_is_told_that_they_stand_in(scene: Scene) -> None:
    schedule(scene)

    message = sent(scene, "invitation", "council-deputy@council.example")
    assert "as the deputy of Walsall" in text(message)


def test_the_plain_text_is_not_escaped_and_the_html_is(scene: Scene) -> None:
    schedule(scene, agenda="<b>Rooms</b> & dates", venue="O'Brien & Sons")
    message = sent(scene, "invitation")

    assert "<b>Rooms</b> & dates" in text(message)
    assert "&lt;b&gt;Rooms&lt;/b&gt; &amp; dates" in text(message, "html")
    assert "O&#39;Brien &amp; Sons" in text(message, "html")


def test_a_name_with_a_line_break_makes_no_header(scene: Scene, as_actor: Enter) -> None:
    schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        person = scene.postings[HEALTH].person
        person.name = 'A "B"\r\nBcc: x@y.example'
        person.save(update_fields=["name"])
        assert by.organisation_id
    message = sent(scene, "invitation")

    assert message["Bcc"] is None
    assert "Bcc" in str(entry(message)[1]["attendee"].params["CN"])


def test_html_needs_nothing_from_anywhere(scene: Scene) -> None:
    schedule(scene)
    body = sent(scene, "invitation").get_body(("html",))
    assert body is not None
    html = str(body.get_content())

    assert re.findall(r"<(?:img|script|style|link|iframe)|style=", html) == []
    assert html.count("<h1") == 1
    assert 'lang="en-GB"' in html


def test_the_calendar_part_is_one_that_calendars_take(scene: Scene) -> None:
    touchpoint = schedule(scene)
    message = sent(scene, "invitation")
    method, event = entry(message)

    assert method == "REQUEST"
    assert event["uid"] == uid_for(touchpoint.ref, scene.postings[HEALTH].pk)
    assert event["sequence"] == 0
    assert event.decoded("dtstart") == datetime(2027, 1, 14, 15, 30, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2027, 1, 14, 16, 0, tzinfo=UTC)
    assert event["summary"] == "Short update: Health hub"
    assert event["location"] == "Goldsmith Primary Academy"
    assert f"/r/t-{touchpoint.ref}/" in event["description"]
    assert event["attendee"] == f"mailto:{HEALTH}"
    assert event["attendee"].params["RSVP"] == "FALSE"
    address = re.search(r"<(.+)>", message["From"])
    assert address is not None
    assert event["organizer"] == f"mailto:{address[1]}"
    attached = next(part for part in message.iter_attachments())
    assert attached.get_filename() == "invite.ics"
    alternatives = [part.get_content_type() for part in message.walk()]
    assert alternatives[1:5] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_a_reminder_says_tomorrow_and_brings_no_second_entry(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    schedule(scene)
    clock.move_to(at_wall_clock(date(2027, 1, 13), CLOCK))
    message = sent(scene, "reminder")

    assert message["Subject"] == "Tomorrow at 3:30pm: short update"
    assert "text/calendar" not in [part.get_content_type() for part in message.walk()]
    clock.move_to(at_wall_clock(DAY, time(9, 0)))
    assert sent(scene, "reminder")["Subject"] == "Today at 3:30pm: short update"


def test_a_new_time_names_the_former_one(scene: Scene, as_actor: Enter, superuser: Any) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(date=date(2027, 1, 21)))
    message = sent(scene, "moved")
    method, event = entry(message)

    assert message["Subject"] == "New time: short update, Thursday 21 January 2027 at 3:30pm"
    assert "Was: Thursday 14 January 2027 at 3:30pm" in text(message)
    assert (method, event["sequence"]) == ("REQUEST", 1)
    assert event["uid"] == uid_for(touchpoint.ref, scene.postings[HEALTH].pk)


def test_new_details_do_not_pretend_a_new_time(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(venue="Online"))
    message = sent(scene, "moved")

    assert message["Subject"].startswith("New details: short update, Thursday 14 January")
    assert "Was:" not in text(message)
    assert "has changed this touchpoint" in text(message)


def test_a_cancellation_takes_the_entry_out(scene: Scene, as_actor: Enter, superuser: Any) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=touchpoint, notes="The hall floods.")
    message = sent(scene, "cancelled")
    method, event = entry(message)

    assert message["Subject"].startswith("Cancelled: short update")
    assert "The hall floods." in text(message)
    assert "The hall floods." in text(message, "html")
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)


# ---------------------------------------------------------------- checked once more


def test_nothing_goes_out_about_a_plan_that_was_replaced(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    old = deliveries(scene, kind="touchpoint_reminder", recipient=HEALTH)[0]
    with as_actor(scene.cast.school_editor) as by:
        moved = move_touchpoint(by=by, touchpoint=touchpoint, **plan(date=date(2027, 1, 21)))
    assert compose(old) == NotNeeded("The touchpoint was changed; a later e-mail tells how.")
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=moved)
    assert compose(old) == NotNeeded("The touchpoint is cancelled.")


def test_nothing_goes_out_once_it_has_begun_or_is_recorded(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller
) -> None:
    touchpoint = schedule(scene)
    clock.move_to(at_wall_clock(DAY, CLOCK))
    assert "began before" in not_needed(scene, "reminder")
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=touchpoint, outcome="held")
    assert "is held" in not_needed(scene, "reminder")


def ends(scene: Scene, by: Actor) -> None:
    NamedContact.objects.filter(posting=scene.postings[HEALTH]).update(ended_at=timezone.now())


def leaves(scene: Scene, by: Actor) -> None:
    Posting.objects.filter(pk=scene.postings[HEALTH].pk).update(
        ended_on=timezone.localdate() - timedelta(days=1)
    )


def has_another_address(scene: Scene, by: Actor) -> None:
    WorkDetails.objects.filter(pk=scene.postings[HEALTH].pk).update(email="other@health.example")


def bounces(scene: Scene, by: Actor) -> None:
    Posting.objects.filter(pk=scene.postings[HEALTH].pk).update(bounced_at=timezone.now())


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("health_editor", ends),
        ("school_editor", leaves),
        ("school_editor", has_another_address),
        ("school_editor", bounces),
    ],
)
def test_nothing_goes_to_someone_who_is_no_longer_the_contact_there(
    scene: Scene, as_actor: Enter, part: str, change: Callable[[Scene, Actor], None]
) -> None:
    schedule(scene)
    with as_actor(scene.cast.actors[part]) as by:
        change(scene, by)

    assert "No longer a contact" in not_needed(scene, "invitation")


def test_nothing_goes_to_an_organisation_that_left(scene: Scene, as_actor: Enter) -> None:
    schedule(scene)
    with as_actor(scene.cast.health_editor) as by:
        Member.objects.filter(organisation=by.organisation_id).update(
            state=MemberState.LEFT, answered_at=timezone.now(), answered_by_id=by.user_id
        )

    assert "No longer a contact" in not_needed(scene, "invitation")


def test_what_the_sending_organisation_no_longer_sees_is_not_sent(
    scene: Scene, as_actor: Enter
) -> None:
    schedule(scene, "health_editor")
    with as_actor(scene.cast.health_editor) as by:
        Member.objects.filter(organisation=by.organisation_id).update(
            state=MemberState.LEFT, answered_at=timezone.now(), answered_by_id=by.user_id
        )

    assert "no longer in the partnership" in not_needed(scene, "invitation", SCHOOL)


def test_a_contact_who_became_the_deputy_is_still_told(scene: Scene, as_actor: Enter) -> None:
    schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        NamedContact.objects.filter(
            organisation=by.organisation_id, function="deputy", ended_at=None
        ).update(ended_at=timezone.now())
        contact(by, scene.partnership, scene.cast, part="school", function="named", email=NEWCOMER)
        name_contact(
            by=by,
            partnership=scene.partnership,
            organisation=scene.cast.organisation("school"),
            function="deputy",
            posting=scene.postings[SCHOOL],
        )

    assert "as the deputy of" in text(sent(scene, "invitation", SCHOOL))


def test_answers_go_to_the_named_contact_once_the_author_has_left(
    scene: Scene, superuser: Any
) -> None:
    schedule(scene)
    superuser.execute(
        "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        [scene.cast.users["school_editor"].pk],
    )

    assert sent(scene, "invitation")["Reply-To"] == SCHOOL


def test_a_refused_address_is_marked_for_everyone_who_works_with_it(
    scene: Scene, as_actor: Enter
) -> None:
    """The school recorded the posting; the health side's e-mail bounces."""
    schedule(scene, "health_editor")
    tell_refused(deliveries(scene, kind="touchpoint_invitation", recipient=SCHOOL)[0])
    tell_refused(deliveries(scene, kind="touchpoint_invitation", recipient=SCHOOL)[0])
    with as_actor(scene.cast.school_viewer):
        posting = Posting.objects.select_related("details").get(details__email=SCHOOL)

    assert posting.bounced_at is not None
    assert posting.details.bounce_reason == "The mail server refused the address."


def test_a_person_is_reminded_as_long_before_as_they_chose(
    scene: Scene, superuser: psycopg.Connection[Any]
) -> None:
    superuser.execute(
        "INSERT INTO organisations_mailtimes (address, quiet_weekends, reminder_minutes) "
        "VALUES (%s, false, '{10080, 60}')",
        [HEALTH.lower()],
    )
    touchpoint = schedule(scene)

    rows = superuser.execute(
        "SELECT lower(recipient), array_agg(offset_minutes ORDER BY offset_minutes) "
        "FROM organisations_delivery WHERE subject = %s AND kind = 'touchpoint_reminder' "
        "GROUP BY 1",
        [touchpoint.ref],
    ).fetchall()
    reminded = dict(rows)
    assert reminded.pop(HEALTH.lower()) == [60, 10080]
    assert set(map(tuple, reminded.values())) == {tuple(touchpoint.reminder_minutes)}
