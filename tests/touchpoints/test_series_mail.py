"""The e-mails about a whole series: what they say, what they carry, and when they are not sent."""

from __future__ import annotations

from datetime import time
from typing import Any

import time_machine
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from icalendar import Calendar

from calendars.london import at_wall_clock
from organisations import outbox
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.outbox.kinds import kind_named
from organisations.tenancy.scope import acting
from partnerships.touchpoints import series_entries
from partnerships.touchpoints.calendar_entries import uid_for
from partnerships.touchpoints.services import end_series
from tests.touchpoints.scene import HEALTH, Scene, deliveries, mark
from tests.touchpoints.series_scene import FIRST
from tests.touchpoints.test_series_changes import WEEK, change, dates, move_one, series_in


def composed(scene: Scene, kind: str, recipient: str = HEALTH) -> EmailMessage | NotNeeded:
    """What the outbox would send, as it would write it now."""
    return compose(deliveries(scene, kind=f"series_{kind}", recipient=recipient)[-1])


def written(scene: Scene, kind: str) -> EmailMessage:
    message = composed(scene, kind)
    assert isinstance(message, EmailMessage), message
    return message


def entries(message: EmailMessage) -> Calendar:
    (attached,) = [each for each in message.attachments if each[0] == "dates.ics"]
    return Calendar.from_ical(attached[1])


def plain(message: EmailMessage) -> str:
    return " ".join(str(message.body).split())


def test_a_new_series_lists_its_dates_and_brings_them_all(scene: Scene) -> None:
    series = series_in(scene, venue="Room 3", agenda="Rooms", reminder_minutes=[1440, 120])
    message = written(scene, "invitation")
    said = plain(message)
    assert message.subject == "4 dates: short update, from Wednesday 24 February 2027 at 3:30pm"
    assert "Windsor Academy Trust invites you to 4 dates." in said
    assert "Every week on Wednesdays at 3:30pm, until 19 March 2027" in said
    assert "- Wednesday 3 March 2027, 3:30pm to 4pm" in said
    assert "14 days before, and a reminder the day before and 2 hours before." in said
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert "<li>Wednesday 3 March 2027, 3:30pm to 4pm</li>" in html
    calendar = entries(message)
    assert calendar["method"] == "PUBLISH"
    posting = scene.postings[HEALTH].pk
    assert [str(each["uid"]) for each in calendar.walk("VEVENT")] == [
        uid_for(each.ref, posting) for each in dates(scene, series)
    ]


def test_a_change_says_what_is_new_and_what_is_gone(scene: Scene, superuser: Any) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    change(scene, series, weekday=3, last_on=FIRST + 2 * WEEK)
    said = plain(written(scene, "changed"))
    assert "has changed this series" in said
    assert "- Thursday 25 February 2027, 3:30pm to 4pm (was Wednesday 24 February 2027" in said
    gone = said.split("No longer")[1].split("You get an invitation")[0]
    assert "- Wednesday 10 March 2027" in gone
    assert "- Wednesday 17 March 2027" in gone
    states = [str(each["status"]) for each in entries(written(scene, "changed")).walk("VEVENT")]
    assert sorted(states) == ["CANCELLED", "CANCELLED", "CONFIRMED", "CONFIRMED"]


def test_its_end_says_which_dates_will_not_take_place(scene: Scene, superuser: Any) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        end_series(by=by, series=series, notes="The lead has left")
    said = plain(written(scene, "cancelled"))
    assert "has ended this series. None of its dates will take place." in said
    assert "The lead has left" in said
    assert "These dates will not take place - Wednesday 24 February 2027" in said


def test_one_date_moved_before_anybody_read_of_it_is_told_as_it_is_now(scene: Scene) -> None:
    series = series_in(scene)
    move_one(scene, dates(scene, series)[1], time=time(9, 0))
    assert "- Wednesday 3 March 2027, 9am to 9:30am" in plain(written(scene, "invitation"))


def test_one_date_moved_is_told_at_once_to_who_knows_the_series(
    scene: Scene, superuser: Any
) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    two = dates(scene, series)[1]
    move_one(scene, two, time=time(9, 0))
    assert len(deliveries(scene, kind="touchpoint_moved", subject=two.ref)) == 3


def test_nothing_goes_to_who_is_no_longer_there(
    scene: Scene, superuser: Any, clock: time_machine.Traveller
) -> None:
    series = series_in(scene)
    superuser.execute("UPDATE record_namedcontact SET ended_at = now()")
    answer = composed(scene, "invitation")
    assert isinstance(answer, NotNeeded)
    assert "No longer a contact" in answer.reason
    superuser.execute("UPDATE record_namedcontact SET ended_at = NULL")
    clock.move_to(at_wall_clock(FIRST + 3 * WEEK, time(16, 0)))
    answer = composed(scene, "invitation")
    assert isinstance(answer, NotNeeded)
    assert "still to come" in answer.reason
    assert series.revision == 0


def test_an_older_plan_is_not_told_of(scene: Scene) -> None:
    series = series_in(scene)
    (old,) = deliveries(scene, kind="series_invitation", recipient=HEALTH)
    change(scene, series, venue="Room 3")
    answer = compose(old)
    assert isinstance(answer, NotNeeded)
    assert "was changed" in answer.reason


def test_the_link_gives_the_file_without_signing_in(scene: Scene, superuser: Any) -> None:
    series = series_in(scene)
    (delivery,) = deliveries(scene, kind="series_invitation", recipient=HEALTH)
    address = series_entries.address_for(delivery).split("/", 3)[3]
    found = Client().get(f"/{address}")
    assert found.status_code == 200
    assert len(Calendar.from_ical(found.content).walk("VEVENT")) == len(dates(scene, series))
    assert Client().get("/calendar-entries/made-up/").status_code == 404
    other = outbox.token_for(delivery, salt="other")
    assert Client().get(f"/calendar-entries/{other}/").status_code == 404
    superuser.execute("UPDATE record_namedcontact SET ended_at = now()")
    assert Client().get(f"/{address}").status_code == 410


def test_a_reminder_taken_off_is_not_sent_and_can_be_put_back(scene: Scene) -> None:
    series = series_in(scene)
    (first, *_) = dates(scene, series)
    where = {"kind": "touchpoint_reminder", "subject": first.ref, "recipient": HEALTH}
    (asked,) = deliveries(scene, **where)
    change(scene, series, reminder_minutes=[120])
    answer = compose(asked)
    assert isinstance(answer, NotNeeded)
    assert "no longer wanted" in answer.reason
    change(scene, series, reminder_minutes=[1440])
    assert isinstance(compose(asked), EmailMessage)


def test_quiet_hours_hold_nothing_until_the_next_date_begins(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    series = series_in(scene)
    first, second, *_ = dates(scene, series)
    (asked_for,) = deliveries(scene, kind="series_invitation", recipient=HEALTH)
    asked = kind_named("series_invitation").pointless_from
    assert asked is not None

    for now, expected in ((first.created_at, first), (first.starts_at, second)):
        clock.move_to(now)
        with acting(scene.cast.school_editor.scope), transaction.atomic():
            assert asked(asked_for) == expected.starts_at
