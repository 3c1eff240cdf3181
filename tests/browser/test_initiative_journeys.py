"""An initiative from its start to its review and its figures, in real browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from playwright.sync_api import expect

from tests.agreements.arranging import papered
from tests.agreements.arranging import started as agreement_started
from tests.browser.axe import check_page
from tests.browser.person import Person
from tests.cast import Cast
from tests.initiative_review import arranging as reviews
from tests.initiative_sessions.arranging import planned, recorded
from tests.measures.arranging import measured, reading
from tests.plans.arranging import started
from tests.touchpoints.scene import NOW, Scene, arrange

BrowserOf = Callable[..., Person]
PHONE = {"width": 320, "height": 640}
HELD_ON = date(2026, 12, 9)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller, cast: Cast) -> Scene:
    return arrange(cast)


def of(scene: Scene, part: str, rest: str = "") -> str:
    """An address of the partnership as somebody reads it."""
    slug = scene.cast.organisation(part.partition("_")[0]).slug
    return f"/o/{slug}/partnerships/{scene.partnership.ref}/{rest}"


def test_a_lead_plans_counts_on_a_phone_measures_and_asks(
    scene: Scene, browser_of: BrowserOf
) -> None:
    lead = browser_of("school_editor", viewport=PHONE)
    lead.opens(of(scene, "school", "initiatives/"))
    lead.follows("Start an initiative")
    lead.follows("Weekly mental health")
    lead.presses("Start initiative")
    initiative = lead.path

    lead.follows("Sessions")
    lead.follows("Plan sessions")
    lead.chooses("Drop-in")
    day = lead.page.get_by_role("group", name="On which day?")
    for label, part in (
        ("Day", HELD_ON.day),
        ("Month", HELD_ON.month),
        ("Year", HELD_ON.year),
    ):
        day.get_by_label(label, exact=True).fill(str(part))
    lead.fills({"At what time?": "8:15am", "Where is it?": "The library"})
    lead.presses("Save")
    lead.is_told("Session planned")
    lead.fills({"Pupils": "18 of 20"})
    lead.presses("Save")
    lead.is_refused("Enter pupils as a whole number, like 12")
    check_page(lead.page)
    lead.page.locator(".nhsuk-error-summary a").first.click()
    expect(lead.field("Pupils")).to_be_focused()
    lead.fills({"Pupils": "6", "Staff": "0"})
    lead.presses("Save")
    lead.is_told("Saved")
    lead.reads("between 1 and 7")
    assert lead.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    lead.opens(f"{initiative}measures/")
    lead.follows("Add a measure")
    lead.follows("define your own")
    lead.fills({"Name": "Pupils reached", "What is counted?": "Pupils who came"})
    for choice in ("A count", "Higher is better", "What was done", "Month"):
        lead.chooses(choice)
    lead.presses("Add measure")
    lead.follows("Enter a reading")
    lead.fills({"Pupils who came": "42"})
    lead.presses("Save reading")
    lead.reads("40")

    lead.opens(f"{initiative}review/")
    lead.follows("Ask for a review")
    lead.presses("Ask for a review")
    lead.is_told("Review asked for")
    lead.reads("Who is asked")


def test_a_reviewer_comments_requests_changes_and_endorses_what_has_changed(
    scene: Scene, browser_of: BrowserOf
) -> None:
    initiative = reviews.planned(scene)
    reviews.asked(scene, initiative)
    reviewer = browser_of("health_editor")
    queue = f"/o/{scene.cast.organisation('health').slug}/reviews-asked/"
    reviewer.opens(queue)
    reviewer.page.get_by_role("checkbox", name="Select").check()
    reviewer.presses("Acknowledge those selected")
    reviewer.follows(initiative.name)
    review = reviewer.path
    reviewer.page.get_by_role("link", name="Comment on what is needed").click()
    reviewer.fills({"Your comment": "The room is small. <script>alert(1)</script>"})
    reviewer.presses("Add comment")
    reviewer.reads("<script>alert(1)</script>")
    reviewer.follows("Endorse or request changes")
    reviewer.chooses("We request changes")
    reviewer.presses("Send answer")
    summary = reviewer.page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    reviewer.fills({"In a few words": "Please find a larger room."})
    reviewer.presses("Send answer")
    reviewer.is_told("Your answer is sent")

    lead = browser_of("school_editor")
    lead.opens(of(scene, "school", f"initiatives/{initiative.ref}/change/"))
    lead.fills({"Anywhere else?": "The hall"})
    lead.presses("Save changes")
    reviews.asked(scene, initiative)
    reviewer.opens(review)
    reviewer.reads("What has changed since you last looked", "The library", "The hall")
    check_page(reviewer.page)
    reviewer.follows("Endorse or request changes")
    reviewer.chooses("We endorse it as it is")
    reviewer.presses("Send answer")
    reviewer.reads("Endorsed")
    reviewer.opens(queue)
    reviewer.reads("No initiatives to review")


def test_a_member_reads_figures_only_under_an_agreement_and_then_masked(
    scene: Scene, browser_of: BrowserOf
) -> None:
    by = scene.cast.school_editor
    initiative = started(by, scene.partnership)
    measure = measured(by, initiative)
    reading(by, measure, 4321)
    reading(by, measure, 3, back=1)
    session = planned(by, initiative, date=HELD_ON)
    recorded(by, session, pupils=987)
    base = of(scene, "health", f"initiatives/{initiative.ref}/")
    home = f"/o/{scene.cast.organisation('health').slug}/"
    hers = (f"{base}measures/", f"{base}measures/{measure.ref}/")
    ours = (f"{base}sessions/", f"{base}sessions/{session.ref}/")
    figures = ("4321", "4,321", "4320", "4,320", "987", "985", "between 1 and 7")
    member = browser_of("health_editor")
    for page in (home, base, of(scene, "health"), f"{base}review/", *hers, *ours):
        assert member.opens(page) == 200
        member.finds_nothing_of(*figures)
    for page in (*hers, *ours):
        member.opens(page)
        member.reads("No data sharing agreement is in force")
    table = f"{hers[1]}readings.csv"
    assert not [each for each in figures if each in member.page.request.get(table).text()]
    member.follows("Start a data sharing agreement")
    assert member.path.endswith("/agreements/")

    agreement = agreement_started(scene)
    papered(scene, agreement, kind="dsa", reference="Sharing 7", dated=date(2026, 10, 1))
    member.opens(hers[1])
    member.reads("4,320", "Masked: 1 to 7")
    member.finds_nothing_of("4321", "4,321")
    assert "4321" not in member.page.request.get(table).text()
    member.opens(ours[1])
    member.reads("985")
    member.finds_nothing_of("987")
