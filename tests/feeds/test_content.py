"""What a feed holds, read back by two parsers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from organisations.tenancy.scope import acting
from overview.feeds.holdings import Holdings
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import plan_item, record_step, withdraw_item
from partnerships.record.models import Partnership
from partnerships.record.services import name_contact
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import cancel_touchpoint, move_touchpoint
from tests.feeds.arranging import checked, entries, fed, of_partnership, read
from tests.record.arranging import acting_as, statements
from tests.tenancy.world import walsall_board
from tests.touchpoints.scene import DAY, NOW, Scene, plan, schedule

LONDON = ZoneInfo("Europe/London")
Super = psycopg.Connection[Any]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


def uid(touchpoint: Touchpoint) -> str:
    return f"touchpoint-{touchpoint.ref}@tandem"


def moved(scene: Scene, touchpoint: Touchpoint, **more: Any) -> None:
    with acting_as(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(**more))


def called_off(scene: Scene, touchpoint: Touchpoint) -> None:
    with acting_as(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=touchpoint, notes="")


def item(scene: Scene, part: str = "school_editor", **more: Any) -> AgendaItem:
    given = {"title": "Health visitors", "own_due_on": date(2027, 2, 1), **more}
    with acting_as(scene.cast.actors[part]) as by:
        return plan_item(by=by, partnership=scene.partnership, gateway=walsall_board(), **given)


def test_the_head_is_one_that_calendar_programs_know(scene: Scene) -> None:
    schedule(scene)
    answer = read(of_partnership(scene.cast, scene.partnership))
    calendar = Calendar.from_ical(answer.content)

    assert calendar["method"] == "PUBLISH"
    assert calendar["version"] == "2.0"
    assert calendar["x-wr-calname"] == calendar["name"] == "Tandem: Health hub"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer.content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in answer.content
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]


def test_a_touchpoint_is_at_its_time_on_londons_clock(scene: Scene) -> None:
    winter = schedule(scene)
    summer = schedule(scene, date=date(2027, 6, 10))
    content = read(of_partnership(scene.cast, scene.partnership)).content
    found = checked(content)

    assert b"DTSTART;TZID=Europe/London:20270114T153000\r\n" in content
    assert b"DTEND;TZID=Europe/London:20270610T160000\r\n" in content
    for each in (winter, summer):
        event = found[uid(each)]
        assert event.decoded("dtstart") == each.starts_at
        assert event.decoded("dtend") == each.ends_at
        assert event["summary"] == "Short update: Health hub"
        assert event["location"] == "Goldsmith Primary Academy"
        assert event["url"].endswith(f"/r/t-{each.ref}/")
        assert (event["sequence"], event["status"]) == (0, "CONFIRMED")


def test_an_end_in_the_hour_that_comes_twice_is_written_in_utc(scene: Scene) -> None:
    planned = schedule(scene, date=date(2027, 10, 31), time=time(0, 45), minutes=90)
    content = read(of_partnership(scene.cast, scene.partnership)).content

    assert b"DTSTART:20271030T234500Z\r\n" in content
    assert checked(content)[uid(planned)].decoded("dtend") == planned.ends_at


def test_a_change_raises_the_sequence_and_keeps_the_uid(scene: Scene) -> None:
    planned = schedule(scene)
    secret = of_partnership(scene.cast, scene.partnership)
    moved(scene, planned, date=DAY + timedelta(days=1))

    event = entries(secret)[uid(planned)]
    assert event["sequence"] == 1
    assert event.decoded("dtstart").date() == DAY + timedelta(days=1)


def test_what_is_cancelled_says_so_for_ninety_days(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    planned = schedule(scene)
    secret = of_partnership(scene.cast, scene.partnership)
    called_off(scene, planned)

    assert entries(secret)[uid(planned)]["status"] == "CANCELLED"
    clock.shift(timedelta(days=89))
    assert uid(planned) in entries(secret)
    clock.shift(timedelta(days=2))
    assert entries(secret) == {}


def test_the_window_is_two_years_back_and_three_ahead(scene: Scene, superuser: Super) -> None:
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2030, 12, 31), date(2031, 1, 1)]
    planned = [schedule(scene, time=time(9 + n, 0)) for n in range(len(days))]
    for each, day in zip(planned, days, strict=True):
        superuser.execute(
            "UPDATE touchpoints_touchpoint SET starts_at = %s WHERE id = %s",
            [datetime.combine(day, time(9, 0), tzinfo=LONDON), each.pk],
        )

    found = set(entries(of_partnership(scene.cast, scene.partnership)))
    assert found == {uid(planned[1]), uid(planned[2])}


def test_papers_and_meetings_are_whole_days(scene: Scene) -> None:
    brought = item(scene)
    content = read(of_partnership(scene.cast, scene.partnership)).content
    event = checked(content)[f"paper-{brought.ref}@tandem"]

    assert b"DTSTART;VALUE=DATE:20270201\r\n" in content
    assert b"DTEND;VALUE=DATE:20270202\r\n" in content
    assert event["summary"] == "Paper due: Health visitors"
    assert event["transp"] == "TRANSPARENT"
    assert event["url"].endswith(f"/r/a-{brought.ref}/")


def test_a_paper_that_was_sent_or_an_item_withdrawn_says_so(scene: Scene) -> None:
    sent, dropped = item(scene), item(scene, title="Vision tests")
    with acting_as(scene.cast.school_editor) as by:
        record_step(by=by, item=sent, step="sent", on=NOW.date())
        withdraw_item(by=by, item=dropped)

    found = entries(of_partnership(scene.cast, scene.partnership))
    assert found[f"paper-{sent.ref}@tandem"]["summary"] == "Paper sent: Health visitors"
    assert found[f"paper-{sent.ref}@tandem"]["status"] == "CONFIRMED"
    assert found[f"paper-{dropped.ref}@tandem"]["status"] == "CANCELLED"


def test_a_persons_feed_has_where_they_are_contact_and_what_they_planned(scene: Scene) -> None:
    theirs = schedule(scene, "health_editor", time=time(9, 0))
    own = schedule(scene, "school_editor")
    paper = item(scene, "health_editor")

    assert set(entries(fed(scene.cast, "school_editor", "person"))) == {uid(own)}
    assert entries(fed(scene.cast, "school_viewer", "person")) == {}
    viewer = scene.cast.users["school_viewer"].email
    with acting_as(scene.cast.school_editor) as by:
        name_contact(
            by=by,
            partnership=scene.partnership,
            organisation=scene.cast.organisation("school"),
            function="named",
            name="School viewer",
            job_title="Lead",
            email=viewer.upper(),
            source="Told us",
        )
    everything = {uid(theirs), uid(own), f"paper-{paper.ref}@tandem"}
    assert set(entries(fed(scene.cast, "school_viewer", "person"))) == everything


def test_an_organisations_feed_has_all_its_partnerships(scene: Scene) -> None:
    planned = schedule(scene, "health_editor")

    assert set(entries(fed(scene.cast, "school_viewer"))) == {uid(planned)}
    assert entries(fed(scene.cast, "stranger")) == {}


def test_a_fixed_number_of_statements(scene: Scene) -> None:
    secret = fed(scene.cast, "school_editor", "person")
    counts = []
    for hour in (9, 10, 11):
        schedule(scene, time=time(hour, 0))
        item(scene, title=f"Item {hour}")
        with CaptureQueriesContext(connection) as captured:
            assert len(entries(secret)) == 2 * (hour - 8)
        counts.append(len(statements(captured)))

    assert len(set(counts)) == 1
    assert counts[0] <= 12


def written(**texts: str) -> bytes:
    """A calendar with one touchpoint and one item of these texts."""
    partnership = Partnership(name=texts["name"])
    planned = Touchpoint(
        ref="bcdfghjkmnpq",
        kind="update",
        partnership=partnership,
        starts_at=NOW,
        minutes=30,
        venue=texts["venue"],
        agenda=texts["agenda"],
    )
    return Holdings(texts["name"], [planned], [], NOW.date()).written(NOW)


@given(TEXTS, TEXTS, TEXTS)
@example("a;b,c\\d", "1\r\n2\nEND:VEVENT\r\nBEGIN:VEVENT", "é" * 10_000)
@example("😀" * 100, "\x0b\x85\u2028", "\r\n" * 50 + "END:VCALENDAR")
@example("\\n\\,\\;", ":" * 200, "👩🏽\u200d🏫" * 2_500)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_feed(name: str, venue: str, agenda: str) -> None:
    (event,) = checked(written(name=name, venue=venue, agenda=agenda)).values()

    assert event["description"].endswith("/r/t-bcdfghjkmnpq/")
    plain = "".join(c for c in agenda.replace("\r\n", "\n") if c not in "\r\x0b\x85")
    if plain.isprintable() and plain:
        assert str(event["description"]).startswith(plain)


def test_saved_texts_come_out_as_they_were_typed(scene: Scene) -> None:
    agenda = "Rooms; dates, and “who”\n\n\U0001f600 C:\\new\n" * 20
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        Partnership.objects.filter(pk=scene.partnership.pk).update(name="Hub; hub, \\n 😀")
    planned = schedule(scene, agenda=agenda)

    event = entries(of_partnership(scene.cast, scene.partnership))[uid(planned)]
    assert event["summary"] == "Short update: Hub; hub, \\n 😀"
    assert str(event["description"]).startswith(agenda.strip())
