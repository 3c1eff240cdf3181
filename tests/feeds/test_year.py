"""Term dates, holidays and busy times in a feed."""

from __future__ import annotations

from datetime import date

from icalendar import Event

from calendars.london import today
from partnerships.diary.services import answer_quiet_period, propose_quiet_period
from tests.cast import Cast
from tests.feeds.arranging import checked, entries, fed, read
from tests.record.arranging import acting_as
from tests.touchpoints.scene import Scene, schedule


def named(found: dict[str, Event], name: str, year: int = 2027) -> list[Event]:
    return [
        each
        for each in found.values()
        if str(each["summary"]).startswith(name) and each.decoded("dtstart").year == year
    ]


def test_without_it_a_feed_holds_only_what_is_planned(scene: Scene) -> None:
    assert entries(fed(scene.cast)) == {}


def test_a_schools_feed_has_its_terms_as_whole_days_that_leave_it_free(cast: Cast) -> None:
    content = read(fed(cast, with_year=True)).content
    found = checked(content)

    assert {"Autumn 1 begins", "Summer 2 ends"} <= {
        str(each["summary"]).split(" (")[0] for each in found.values()
    }
    (holiday,) = named(found, "Summer holiday")
    assert (holiday.decoded("dtend") - holiday.decoded("dtstart")).days > 30
    (easter,) = named(found, "Bank holiday: Good Friday")
    assert easter.decoded("dtstart") == date(2027, 3, 26)
    assert easter.decoded("dtend") == date(2027, 3, 27)
    assert {each["transp"] for each in found.values()} == {"TRANSPARENT"}
    assert min(each.decoded("dtend") for each in found.values()) > date(today().year - 2, 1, 1)
    assert named(found, "Key stage 2") or named(found, "SATs") or named(found, "KS2")


def test_what_is_not_certain_says_so(cast: Cast) -> None:
    found = entries(fed(cast, with_year=True))
    (later,) = named(found, "Summer holiday", 2029)

    assert later["summary"] == "Summer holiday (typical)"


def test_a_health_organisations_feed_has_no_terms(cast: Cast) -> None:
    found = entries(fed(cast, "health_editor", with_year=True))

    assert named(found, "Bank holiday")
    assert not named(found, "Autumn 1")


def test_a_partnerships_feed_names_whom_a_day_is_of(scene: Scene) -> None:
    planned = schedule(scene)
    given = {"starts_on": date(2027, 4, 19), "ends_on": date(2027, 4, 23), "reason": "Mock exams"}
    with acting_as(scene.cast.school_editor) as by:
        period = propose_quiet_period(by=by, partnership=scene.partnership, **given)
    with acting_as(scene.cast.health_editor) as by:
        answer_quiet_period(by=by, period=period, agreed=True)
    secret = fed(
        scene.cast,
        "health_editor",
        "partnership",
        partnership=scene.partnership,
        with_year=True,
    )
    found = entries(secret)

    assert f"touchpoint-{planned.ref}@tandem" in found
    (begins,) = named(found, "Summer 1 begins")
    assert str(begins["summary"]).endswith(f"({scene.cast.organisation('school').name})")
    (quiet,) = named(found, "Quiet period: Mock exams")
    assert quiet["summary"] == "Quiet period: Mock exams"
    assert quiet.decoded("dtend") == date(2027, 4, 24)


def test_nothing_is_written_anew_while_nothing_changes(scene: Scene) -> None:
    secret = fed(scene.cast, with_year=True)
    first, again = read(secret), read(secret)

    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    assert read(secret, **{"If-None-Match": first["ETag"]}).status_code == 304
