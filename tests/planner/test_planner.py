"""The planner: what an organisation sees of both years, and what nobody else's does to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
import time_machine

from organisations.models import Organisation
from partnerships.actions.services import close_action
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import cancel_touchpoint
from tests.actions.arranging import given as given_action
from tests.calendars.arranging import given
from tests.cast import Cast
from tests.diary.arranging import answered, proposed
from tests.photographs import Photographs
from tests.planner.arranging import agenda_of, own_period, planner, shared_planner, strip_of
from tests.record.arranging import acting_as
from tests.touchpoints.scene import Scene, arrange, schedule

NOW = "2026-11-22 10:00+00:00"


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    """A touchpoint in a pressure point of schools, and one on a bank holiday."""
    scene = photographs.show(arrange, cast)
    schedule(scene, date=date(2027, 5, 12), time=time(10, 0))
    schedule(scene, date=date(2027, 3, 29), time=time(10, 0))
    return scene


def test_both_years_stand_beside_each_other(cast: Cast) -> None:
    strip = strip_of(planner(cast))

    assert "School year Autumn 1" in strip
    assert "Q3 2026/27" in strip
    assert "Today , Sunday 22 November 2026" in strip
    assert "Good Friday" in strip
    assert "Easter" in strip
    assert "GCSE and A-level exam window" in strip, "the schools’ own peak"
    assert "NHS winter pressures" in strip, "and the other side’s"


def test_the_health_side_begins_with_its_own_year(cast: Cast) -> None:
    page = planner(cast, "health_editor", "health")

    assert "NHS year 2026/27" in page
    assert "April 2026 to March 2027" in page
    assert "Typical dates for England" in page


def test_whose_term_dates_hold_is_said_by_name(cast: Cast) -> None:
    trust = cast.organisation("school")
    given(cast.actors["school_editor"], trust)

    assert f"Term dates: Own dates of {trust.name}." in planner(cast)


def test_an_entry_has_its_place_in_both_years_and_its_clashes(scene: Scene) -> None:
    agenda = agenda_of(planner(scene.cast, kind="touchpoints"))

    assert "Wednesday 12 May, 10am Summer 1, week 5 · Q1 2027/28 Short update Scheduled" in agenda
    assert "Keep in mind: Key stage 2 tests" in agenda
    assert "Monday 29 March, 10am Easter holiday · Q4 2026/27" in agenda
    assert "Clash: Easter Monday" in agenda
    assert "Clash: Easter holiday (Windsor Academy Trust)" in agenda


def test_actions_stand_on_the_day_they_are_due(scene: Scene) -> None:
    given_action(scene)
    dropped = given_action(scene, title="Ask about parking", due_on=date(2027, 1, 25))
    with acting_as(scene.cast.actors["school_editor"]) as by:
        close_action(by=by, action=dropped, state="dropped", note="No longer needed")

    agenda = agenda_of(planner(scene.cast, kind="actions"))

    assert "Friday 22 January" in agenda
    assert "Action due: Send the dates of the drop-in sessions" in agenda
    assert "Ask about parking" not in agenda


def test_severity_and_standing_are_in_words(cast: Cast) -> None:
    agenda = agenda_of(planner(cast, kind="points", **{"from": "2027-05-01"}))

    assert "10 to 13 May" in agenda
    assert (
        "Key stage 2 tests (SATs) week High pressure Pressure point for primary schools" in agenda
    )
    assert "Provisional, expected but not confirmed" in agenda


def test_own_periods_are_there_and_marked_as_such(cast: Cast) -> None:
    own_period(cast)

    page = planner(cast)

    assert "Mock exams in the hall" in strip_of(page)
    assert "Own period of Windsor Academy Trust" in agenda_of(planner(cast, kind="own"))


def test_a_quiet_period_says_whether_it_is_agreed(scene: Scene) -> None:
    period = proposed(scene)
    assert "Proposed: Mock exams" in strip_of(planner(scene.cast))

    answered(scene, period, agreed=True)

    page = planner(scene.cast)
    assert "Quiet period: Mock exams" in strip_of(page)
    agenda = agenda_of(planner(scene.cast, kind="quiet"))
    assert "1 to 12 March" in agenda
    assert "Agreed" in agenda


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("term", "Autumn term 2026/27"),
        ("quarter", "Q3 2026/27"),
        ("month", "November 2026"),
    ],
)
def test_closer_views(cast: Cast, view: str, words: str) -> None:
    page = planner(cast, view=view)

    assert words in page
    assert f"Next {view}" in page


def test_a_month_is_a_table_with_its_weeks(scene: Scene) -> None:
    page = planner(scene.cast, view="month", at="2027-05-12")

    assert "<caption" in page
    assert 'scope="row"' in page
    assert "Calendar week 19" in page
    assert "Summer 1, week 5" in page
    assert "10am</span>" in page.split("<table")[1].split("</table>")[0]


def test_the_agenda_begins_today_and_leads_back(cast: Cast) -> None:
    page = planner(cast)
    agenda = agenda_of(page)

    assert "from today on" in agenda
    assert "Start of school year" not in agenda
    assert "Earlier entries" in agenda
    assert "Under way on 22 November 2026" in agenda
    assert "Start of school year" in agenda_of(planner(cast, **{"from": "2026-09-01"}))


def test_filters_that_find_nothing_say_what_to_do(cast: Cast) -> None:
    page = planner(cast, kind="own")

    assert "Nothing of that kind here" in page
    assert "clear the filters" in page


@pytest.mark.parametrize("kind", ["touchpoints", "points", "own", "quiet", "holidays", "gateways"])
def test_filters_are_kept_on_the_way_to_other_windows(cast: Cast, kind: str) -> None:
    page = planner(cast, kind=kind)

    onwards = page.split("app-planner__ways")[1].split("</nav>")[0]
    assert onwards.count(f"kind={kind}") == onwards.count("href=")


def test_a_filter_that_is_no_choice_counts_as_none(scene: Scene) -> None:
    assert "Short update" in planner(scene.cast, kind="nonsense", partnership="x", school="y")


def test_one_partnership_alone(scene: Scene) -> None:
    page = planner(scene.cast, partnership=scene.partnership.ref, kind="touchpoints")

    assert "Short update" in agenda_of(page)
    assert "selected" in page


def test_a_school_of_the_trust_has_points_of_its_phase(cast: Cast) -> None:
    schools = Organisation.objects.filter(school__trust=cast.organisation("other"), closed_on=None)

    strip = strip_of(planner(cast, "stranger", "other", school=schools[0].slug))

    assert "Key stage 2 tests" in strip
    assert "GCSE and A-level exam window" not in strip


def test_a_partnerships_planner_has_both_sides_constraints(scene: Scene) -> None:
    own_period(scene.cast, name="Mock exams in the hall")
    own_period(scene.cast, "health_editor", name="New records system", kind="go_live")

    for part, own in (("school_editor", "school"), ("health_editor", "health")):
        strip = strip_of(shared_planner(scene.cast, scene.partnership, part, own))
        assert "Mock exams in the hall, Windsor Academy Trust" in strip
        assert "New records system, Walsall Healthcare NHS Trust" in strip


def test_what_a_partner_does_not_share_stays_its_own(scene: Scene) -> None:
    own_period(scene.cast, "health_editor", name="Reorganisation", shared=False)

    assert "Reorganisation" not in shared_planner(scene.cast, scene.partnership)
    assert "Reorganisation" in shared_planner(
        scene.cast, scene.partnership, "health_editor", "health"
    )


def test_nothing_of_another_organisation_is_seen(scene: Scene) -> None:
    own_period(scene.cast)
    proposed(scene)

    page = planner(scene.cast, "stranger", "other")

    assert scene.partnership.name not in page
    assert "Mock exams in the hall" not in page
    assert "Short update" not in page
    assert "Quiet period" not in agenda_of(page)


def test_a_cancelled_touchpoint_is_not_planned_any_more(scene: Scene) -> None:
    with acting_as(scene.cast.school_editor) as by:
        for each in Touchpoint.objects.all():
            cancel_touchpoint(by=by, touchpoint=each)

    assert "Short update" not in planner(scene.cast)


def test_the_menu_and_the_partnership_lead_here(scene: Scene) -> None:
    slug = scene.cast.organisation("school").slug
    client = scene.cast.client("school_editor")

    assert f'href="/o/{slug}/planner/"' in client.get(f"/o/{slug}/").text.split("<main")[0]
    assert f'href="/o/{slug}/planner/"' in client.get(f"/o/{slug}/").text.split("<main")[1]
    page = client.get(f"/o/{slug}/partnerships/{scene.partnership.ref}/").text
    assert f"/partnerships/{scene.partnership.ref}/planner/" in page
