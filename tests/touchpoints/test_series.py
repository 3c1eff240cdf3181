"""A series of touchpoints: worked out, looked over, adjusted, saved all at once or not at all."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from calendars.london import wall_clock_before
from organisations.tenancy.scope import acting
from partnerships.diary.selectors import diary_of
from partnerships.touchpoints import series_date_forms
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries
from partnerships.touchpoints.services import schedule_series
from tests.touchpoints.pages import address, words
from tests.touchpoints.scene import CLOCK, Scene, deliveries, schedule
from tests.touchpoints.series_scene import series_plan, weekly

TYPED = {
    "kind": "planning",
    "every": "half_term",
    "weekday": "1",
    "time": "3:30pm",
    "minutes": "45",
    "venue": "Room 2",
    "agenda": "Rooms\nDates",
    "on_clash": "move",
    "reminder_minutes": ["1440"],
}
YEAR = (date(2027, 9, 1), date(2028, 7, 21))


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def between(first: date, last: date) -> dict[str, str]:
    return boxes("first_on", first) | boxes("last_on", last)


def url(scene: Scene) -> str:
    return address(scene, "touchpoint-series")


def sent_with(response: HttpResponse) -> dict[str, Any]:
    """Everything that the form of a page holds, as a browser would send it."""
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name = re.search(r' name="([^"]*)"', tag)
        kind = re.search(r' type="(\w+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and kind and (kind[1] in ("text", "hidden") or " checked" in tag):
            given = unescape(value[1]) if value else ""
            many = name[1] == "reminder_minutes"
            found[name[1]] = [*found.get(name[1], []), given] if many else given
    return found


def worked_out(scene: Scene, part: str = "school_editor", **more: Any) -> HttpResponse:
    client = scene.cast.client(part)
    opened = client.get(url(scene))
    given = {**sent_with(opened), **TYPED, **between(*YEAR), **more}
    return client.post(url(scene), given)


def save(scene: Scene, page: HttpResponse, **more: Any) -> HttpResponse:
    client = scene.cast.client("school_editor")
    return client.post(url(scene), {**sent_with(page), **more}, follow=True)


def days_of(page: HttpResponse) -> list[date]:
    given = sent_with(page)
    return [
        date(*(int(given[f"day_{n}_{part}"]) for part in ("year", "month", "day")))
        for n in range(1, int(given["rows"]) + 1)
    ]


def planned(scene: Scene) -> list[Touchpoint]:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        return list(Touchpoint.objects.select_related("series").order_by("starts_at"))


def test_every_half_term_is_worked_out_shown_and_saved(scene: Scene) -> None:
    page = worked_out(scene)
    said = words(page)
    days = days_of(page)
    assert len(days) == 6
    assert {day.weekday() for day in days} == {1}
    assert "6 dates, nothing is saved yet" in said
    assert "Autumn 1, week" in said
    assert "Summer 2, week" in said
    assert planned(scene) == []
    done = save(scene, page)
    assert "6 touchpoints scheduled" in words(done)
    made = planned(scene)
    assert [each.starts_at.date() for each in made] == days
    assert {(each.kind, each.minutes, each.venue) for each in made} == {("planning", 45, "Room 2")}
    assert made[0].agenda == "Rooms\nDates"
    assert {each.reminder_minutes[0] for each in made} == {1440}
    # One e-mail now with all dates; each is asked for by itself a fortnight before.
    assert len(deliveries(scene, kind="series_invitation")) == 3
    invitations = deliveries(scene, kind="touchpoint_invitation")
    assert len(invitations) == 18
    assert {each.due_at for each in invitations} == {
        wall_clock_before(each.starts_at, timedelta(days=14)) for each in made
    }


def test_a_date_that_was_moved_says_why_and_instead_of_which(scene: Scene) -> None:
    spring = between(date(2027, 4, 12), date(2027, 5, 14))
    page = words(worked_out(scene, every="week", weekday="0", **spring))
    assert "Instead of Monday 3 May 2027." in page
    assert "a bank holiday" in page


def test_a_day_is_changed_and_another_left_out(scene: Scene) -> None:
    page = worked_out(scene)
    days = days_of(page)
    changed = boxes("day_3", date(2028, 2, 3)) | {"day_2_day": "31", "day_2_month": "2"}
    done = save(scene, page, out_2="on", **changed)
    assert "5 touchpoints scheduled" in words(done)
    made = [each.starts_at.date() for each in planned(scene)]
    assert made == [days[0], date(2028, 2, 3), *days[3:]]


def test_a_changed_day_that_clashes_is_asked_about_once(scene: Scene) -> None:
    page = worked_out(scene)
    bank_holiday = boxes("day_5", date(2028, 5, 1))
    asked = save(scene, page, **bank_holiday)
    assert "Check the days" in words(asked)
    assert "Date 5, Monday 1 May 2028" in words(asked)
    assert planned(scene) == []
    done = save(scene, asked)
    assert "6 touchpoints scheduled" in words(done)


def test_checking_says_what_changed_days_clash_with_and_saves_nothing(scene: Scene) -> None:
    page = worked_out(scene)
    checked = save(scene, page, check="1", **boxes("day_5", date(2028, 5, 1)))
    assert "a bank holiday" in words(checked)
    assert "Check the days" not in words(checked)
    assert planned(scene) == []
    assert days_of(checked)[4] == date(2028, 5, 1)


def test_one_refused_date_names_its_row_and_nothing_is_lost(scene: Scene) -> None:
    page = worked_out(scene)
    days = days_of(page)
    refused = save(scene, page, **boxes("day_3", days[1]))
    said = words(refused)
    assert "There is a problem" in said
    assert "You have scheduled this sort of touchpoint for this time already" in said
    assert "day_3" in refused.content.decode().split("There is a problem")[1].split("</ul>")[0]
    assert planned(scene) == []
    assert deliveries(scene) == []
    assert days_of(refused) == [days[0], days[1], days[1], *days[3:]]
    done = save(scene, refused, **boxes("day_3", days[2]))
    assert "6 touchpoints scheduled" in words(done)


def test_posted_twice_it_is_saved_once(scene: Scene) -> None:
    page = worked_out(scene)
    given = sent_with(page)
    client = scene.cast.client("school_editor")
    first, second = client.post(url(scene), given), client.post(url(scene), given)
    assert first["Location"] == second["Location"]
    assert len(planned(scene)) == 6


def test_going_back_keeps_the_plan(scene: Scene) -> None:
    back = save(scene, worked_out(scene), back="1")
    html = back.content.decode()
    assert "Work out the dates" in html
    assert 'value="3:30pm"' in html
    assert sent_with(back)["last_on_year"] == "2028"
    assert "There is a problem" not in words(back)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"every": ""}, "Choose how often"),
        ({"time": ""}, "Enter the time"),
        (between(date(2026, 9, 1), YEAR[1]), "The first day must be today or later"),
        (between(YEAR[1], YEAR[0]), "The last day must be the first day or later"),
        (between(YEAR[0], date(2031, 7, 1)), "within the next 3 years"),
        (
            {"every": "week"} | between(date(2027, 9, 1), date(2028, 12, 20)),
            "60 is the most at once",
        ),
        (between(date(2027, 9, 1), date(2027, 9, 1)) | {"every": "week"}, "No date lies between"),
    ],
)
def test_what_cannot_be_is_said_and_typing_is_kept(
    scene: Scene, more: dict[str, str], problem: str
) -> None:
    page = worked_out(scene, **more)
    assert problem in words(page)
    assert "Room 2" in page.content.decode()


def test_all_left_out_is_refused(scene: Scene) -> None:
    page = worked_out(scene)
    refused = save(scene, page, **{f"out_{n}": "on" for n in range(1, 7)})
    assert "Keep at least one date" in words(refused)
    assert planned(scene) == []


def test_a_day_that_nobody_can_plan_is_refused_at_its_row(scene: Scene) -> None:
    page = worked_out(scene)
    far = boxes("day_1", date(1000, 1, 1)) | boxes("day_2", date(2999, 12, 31))
    with patch.object(series_date_forms, "diary_of", wraps=diary_of) as read:
        for more in ({"check": "1"}, {}):
            refused = words(save(scene, page, **far, **more))
            assert "Date 1: the day must be today or later" in refused
            assert "Date 2: the day must be within the next 3 years" in refused
    # Nor is the diary of the thousands of years between them read.
    assert all(call.args[2].year >= 2027 and call.args[3].year < 2030 for call in read.mock_calls)
    assert planned(scene) == []
    save(scene, page, **far, out_1="on", out_2="on")
    assert len(planned(scene)) == 4


def test_a_tampered_number_of_rows_saves_nothing(scene: Scene) -> None:
    page = worked_out(scene)
    for rows in ("9999", "0", "-3", "many", "9" * 5000):
        refused = save(scene, page, rows=rows)
        assert refused.status_code == 200
        assert planned(scene) == []


@pytest.mark.parametrize("number", [0, 61])
def test_the_service_takes_between_one_and_60(scene: Scene, number: int) -> None:
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic(), pytest.raises(ValidationError, match="60"):
        schedule_series(
            by=by, partnership=scene.partnership, plan=series_plan(), dates=weekly(number)
        )


def test_who_may_not_schedule_plans_no_series(scene: Scene) -> None:
    by = scene.cast.school_viewer
    with acting(by.scope), transaction.atomic(), pytest.raises(PermissionDenied):
        schedule_series(by=by, partnership=scene.partnership, plan=series_plan(), dates=weekly(1))
    assert scene.cast.client("school_viewer").get(url(scene)).status_code in (403, 404)


def test_what_is_planned_already_is_kept_clear_of(scene: Scene) -> None:
    first = days_of(worked_out(scene))[0]
    schedule(scene, date=first)
    assert first not in days_of(worked_out(scene))


def test_a_series_is_kept_with_its_rule(scene: Scene) -> None:
    more = {"on_clash": "skip", "reminder_minutes": ["10080", "120"], "every": "fortnight"}
    save(scene, worked_out(scene, **more))
    with acting(scene.cast.health_editor.scope), transaction.atomic():
        (series,) = TouchpointSeries.objects.all()
    assert (series.every, series.rrule, series.weekday) == ("fortnight", "", 1)
    assert (series.first_on, series.last_on, series.at) == (*YEAR, CLOCK)
    assert (series.on_clash, series.reminder_minutes) == ("skip", [10080, 120])
    made = planned(scene)
    assert {each.series_id for each in made} == {series.pk}
    assert all(each.ideal_on == each.starts_at.date() for each in made)
    assert len(deliveries(scene, kind="touchpoint_reminder")) == 3 * 2 * len(made)


def test_what_the_rule_skips_is_shown_and_left_out(scene: Scene) -> None:
    page = worked_out(scene, every="week", on_clash="skip")
    given = sent_with(page)
    out = [name for name in given if name.startswith("out_")]
    assert len(out) > 5
    assert "Left out" in words(page)
    assert "half term holiday" in words(page).lower()
    done = save(scene, page)
    made = planned(scene)
    assert f"{len(made)} touchpoints scheduled" in words(done)
    assert len(made) == int(given["rows"]) - len(out)
    assert f"{len(out)} dates left out" in words(done)


def test_a_typically_busy_time_is_named_and_left_out_only_when_that_was_chosen(
    scene: Scene,
) -> None:
    first = date(2027, 1, 12)
    given = {"every": "week", **between(first, date(2027, 1, 29))}
    stays = worked_out(scene, on_clash="skip", **given)
    assert "In a typically busy time: NHS winter peak." in words(stays)
    assert not [name for name in sent_with(stays) if name.startswith("out_")]
    goes = worked_out(scene, **{**given, "on_clash": "busy", **boxes("last_on", date(2027, 2, 2))})
    assert len([name for name in sent_with(goes) if name.startswith("out_")]) == 3
    done = save(scene, goes)
    assert "Left out, in typically busy times too" in words(done)
    assert "NHS winter peak" in words(done), "why it was left out"


def test_what_the_rule_skips_can_be_taken_in_again(scene: Scene) -> None:
    page = worked_out(scene, every="week", on_clash="skip")
    given = sent_with(page)
    name = next(name for name in given if name.startswith("out_"))
    client = scene.cast.client("school_editor")
    asked = client.post(url(scene), {k: v for k, v in given.items() if k != name}, follow=True)
    assert "Check the days" not in words(asked), "it was shown with its clash"
    assert (
        len(planned(scene))
        == int(given["rows"]) - len([each for each in given if each.startswith("out_")]) + 1
    )


def test_a_rule_of_ones_own(scene: Scene) -> None:
    own = {"every": "rule", "rrule": "freq=monthly;byday=2tu"}
    done = save(scene, worked_out(scene, **own))
    assert "Every month on the second Tuesday at 3:30pm, until 21 July 2028" in words(done)
    refused = worked_out(scene, **own | {"rrule": "every Tuesday"})
    assert "This repeat is not understood" in words(refused)
    assert "Choose how often" in words(worked_out(scene, **own | {"rrule": ""}))


def test_the_page_of_a_series_says_its_rule_its_dates_and_who_was_told(scene: Scene) -> None:
    said = words(save(scene, worked_out(scene)))
    assert "Every half term on Tuesdays at 3:30pm, until 21 July 2028" in said
    assert "Health named, Walsall Healthcare NHS Trust Message All dates" in said
    assert "The day before" in said
    listed = words(
        scene.cast.client("health_editor").get(address(scene, "touchpoints", "health_editor"))
    )
    assert "Every half term on Tuesdays at 3:30pm, until 21 July 2028" in listed
    assert "6 dates to come" in listed


def test_a_date_links_to_its_series_and_the_other_side_may_look(
    scene: Scene, superuser: Any
) -> None:
    save(scene, worked_out(scene))
    one = planned(scene)[0]
    client = scene.cast.client("health_editor")
    page = client.get(address(scene, "touchpoint", "health_editor", touchpoint=one.ref))
    assert "Series Every half term on Tuesdays" in words(page)
    assert one.series is not None
    url_of = address(scene, "one-touchpoint-series", "health_editor", series=one.series.ref)
    assert client.get(url_of).status_code == 200
    seen = superuser.execute(
        "SELECT count(*) FROM organisations_auditevent WHERE action = 'series seen'"
    ).fetchone()
    assert seen == (1,)
    for part in ("stranger", "council_editor"):
        url_of = address(scene, "one-touchpoint-series", part, series=one.series.ref)
        assert scene.cast.client(part).get(url_of).status_code == 404


def test_working_it_out_needs_as_many_statements_however_many_dates(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    opened = sent_with(client.get(url(scene)))
    counts = []
    for every, last in (("term", date(2028, 7, 1)), ("fortnight", date(2028, 7, 1))):
        given = {**opened, **TYPED, "every": every, **between(date(2027, 9, 6), last)}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(url(scene), given).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
