"""Pages of quiet periods, and where else they show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.diary.arranging import FIRST, LAST, answered, proposed
from tests.tenancy.world import World, arrange, grant
from tests.touchpoints.pages import address, post, words
from tests.touchpoints.scene import Scene


def see(scene: Scene, name: str, part: str = "school_editor", **kwargs: str) -> str:
    got = scene.cast.client(part).get(address(scene, name, part, **kwargs))
    assert got.status_code == 200
    return words(got)


def home(scene: Scene, part: str) -> str:
    own = part.split("_", maxsplit=1)[0]
    slug = scene.cast.organisation(own).slug
    return words(scene.cast.client(part).get(reverse("home", args=[slug])))


def days(first: date, last: date) -> dict[str, Any]:
    return {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("starts_on", first), ("ends_on", last))
        for part in ("day", "month", "year")
    }


def propose(scene: Scene, part: str = "school_editor", **more: Any) -> HttpResponse:
    given = {"reason": "Mock exams", **days(FIRST, LAST), **more}
    return post(scene, address(scene, "propose-quiet-period", part), part, **given)


def test_one_is_proposed_agreed_and_seen_by_both(scene: Scene) -> None:
    done = propose(scene)
    assert "Quiet period proposed. The other members are asked." in words(done)
    listed = see(scene, "quiet-periods")
    assert "Monday 1 March 2027 to Friday 12 March 2027" in listed
    assert "Spring 2, week 2 · Q4 2026/27" in listed
    assert "Waiting for Walsall Healthcare NHS Trust." in listed
    # It is among what needs the other side today, and not oneself.
    asked = "Answer about a quiet period: Mock exams"
    assert asked in home(scene, "health_editor")
    assert asked not in home(scene, "school_editor")
    period = proposed(
        scene, "health_editor", starts_on=date(2027, 4, 19), ends_on=date(2027, 4, 19)
    )
    url = address(scene, "quiet-period-answer", period=period.ref)
    said = post(scene, url, answer="agree")
    assert "Your organisation’s answer is recorded" in words(said)
    assert "Windsor Academy Trust agreed." in words(said)
    for part in ("school_editor", "health_editor"):
        page = see(scene, "partnership", part)
        assert "Monday 19 April 2027" in page
        assert "Mock exams" in page


def test_who_proposed_it_sees_whom_it_told_and_how_far_that_got(scene: Scene) -> None:
    propose(scene)
    told = "Who was told of Monday 1 March 2027 to Friday 12 March 2027"
    listed = see(scene, "quiet-periods")
    assert told in listed
    assert "Message Proposal Status Waiting What happened Waiting to be sent" in listed
    # The e-mail went out on the school's behalf: how far it got is the school's to see.
    assert told not in see(scene, "quiet-periods", "health_editor")


def test_a_viewer_of_the_other_side_is_led_to_the_list(scene: Scene) -> None:
    proposed(scene, "health_editor")
    page = home(scene, "school_viewer")
    assert "Answer about a quiet period" in page
    assert "Answer : Mock exams" not in see(scene, "quiet-periods", "school_viewer")


def test_home_asks_once_only(scene: Scene) -> None:
    period = proposed(scene)
    answered(scene, period, False)
    assert "Answer about a quiet period" not in home(scene, "health_editor")
    assert "Walsall Healthcare NHS Trust did not agree." in see(scene, "quiet-periods")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"reason": ""}, "Say why, like Mock exams"),
        ({"ends_on_day": "0"}, "Enter a real date"),
        (days(LAST, FIRST), "The last day must be the first day or later"),
        (days(date(2026, 12, 1), LAST), "The first day must be today or later"),
        (days(FIRST, date(2027, 6, 30)), "12 weeks at most"),
    ],
)
def test_what_is_refused_is_said_beside_the_field_and_kept(
    scene: Scene, given: dict[str, Any], problem: str
) -> None:
    refused = propose(scene, **{"reason": "Go-live", **given})
    page = words(refused)
    assert "There is a problem" in page
    assert problem in page
    assert given.get("reason", "Go-live") in refused.content.decode()


def test_an_overlap_names_the_other_one(scene: Scene) -> None:
    proposed(scene, "health_editor", reason="New record system")
    page = words(propose(scene))
    assert "New record system, 1 March 2027 to 12 March 2027, is a quiet period" in page


def test_posting_twice_does_it_once(scene: Scene, superuser: Any) -> None:
    client = scene.cast.client("school_editor")
    url = address(scene, "propose-quiet-period")
    from tests.touchpoints.pages import hidden_in

    given = {**hidden_in(client.get(url)), "reason": "Mock exams", **days(FIRST, LAST)}
    for _ in range(2):
        done = client.post(url, given, follow=True)
        assert done.status_code == 200
    assert superuser.execute("SELECT count(*) FROM diary_quietperiod").fetchone() == (1,)


def test_withdrawing_keeps_it_on_record(scene: Scene) -> None:
    period = proposed(scene)
    done = words(post(scene, address(scene, "quiet-period-withdraw", period=period.ref)))
    assert "Quiet period withdrawn" in done
    assert "Over or withdrawn" in done
    again = scene.cast.client("school_editor").get(
        address(scene, "quiet-period-withdraw", period=period.ref)
    )
    assert again.status_code == 403


def test_what_is_over_sends_back_with_a_word(scene: Scene, clock: Any) -> None:
    period = proposed(scene)
    clock.move_to("2027-03-13T09:00:00+00:00")
    url = address(scene, "quiet-period-answer", "health_editor", period=period.ref)
    got = scene.cast.client("health_editor").get(url, follow=True)
    assert "This quiet period is over." in words(got)


@pytest.mark.parametrize("part", ["stranger", "council_editor"])
def test_others_learn_nothing_of_it(scene: Scene, part: str) -> None:
    period = proposed(scene)
    for name in ("quiet-period-answer", "quiet-period-withdraw"):
        url = address(scene, name, part, period=period.ref)
        assert scene.cast.client(part).get(url).status_code == 404
    assert scene.cast.client(part).get(address(scene, "quiet-periods", part)).status_code == 404


def test_a_period_of_another_partnership_is_not_found_here(scene: Scene) -> None:
    missing = address(scene, "quiet-period-withdraw", period="bcdfghjkmnpq")
    assert scene.cast.client("school_editor").get(missing).status_code == 404


def test_who_was_given_access_in_their_own_name_sees_them(cast: Cast) -> None:
    world: World = arrange(cast)
    grant(world, "nobody")
    world_scene = Scene(cast, world.partnership, {})
    proposed(world_scene, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 12))
    url = reverse("granted-partnership", args=[world.partnership.ref])
    page = words(cast.client("nobody").get(url))
    assert "Quiet periods" in page
    assert "Mock exams" in page


def test_pages_need_as_many_statements_however_many_there_are(scene: Scene) -> None:
    pages = {"quiet-periods": "school_editor", "partnership": "school_editor"}
    home_of = reverse("home", args=[scene.cast.organisation("health").slug])
    proposed(scene)
    counts: list[list[int]] = []
    for more in range(2):
        found = []
        for name, part in pages.items():
            client = scene.cast.client(part)
            client.get(address(scene, name))
            with CaptureQueriesContext(connection) as captured:
                client.get(address(scene, name))
            found.append(len(captured))
        health = scene.cast.client("health_editor")
        health.get(home_of)
        with CaptureQueriesContext(connection) as captured:
            health.get(home_of)
        counts.append([*found, len(captured)])
        if not more:
            for month in range(4, 9):
                day = date(2027, month, 5)
                answered(scene, proposed(scene, starts_on=day, ends_on=day), True)
                proposed(scene, starts_on=date(2027, month, 20), ends_on=date(2027, month, 21))
    assert counts[0] == counts[1]
