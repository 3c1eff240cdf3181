"""What both sides put down together, in real browsers: an agreement, a review, an aim and a win."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from playwright.sync_api import expect
from pypdf import PdfReader

from organisations.tenancy.scope import acting
from partnerships.agreements.models import Agreement
from tests.agreements.arranging import PNG, a_merger, complete, started, three_members
from tests.browser.axe import check_page
from tests.browser.person import Person
from tests.cast import Cast
from tests.touchpoints.scene import NOW, Scene, arrange

BrowserOf = Callable[..., Person]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller, cast: Cast) -> Scene:
    return arrange(cast)


def partnership_of(scene: Scene, part: str) -> str:
    slug = scene.cast.organisation(part.partition("_")[0]).slug
    return f"/o/{slug}/partnerships/{scene.partnership.ref}/"


def fill_date(person: Person, legend: str, day: date) -> None:
    """Fill in the three boxes of one date of several."""
    group = person.page.get_by_role("group", name=legend)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(value))


def signs(person: Person, agreement: str, role: str) -> None:
    """Say that one signs oneself, then sign what one has read."""
    person.opens(agreement)
    person.follows("Say who signs for us")
    mine = person.page.locator("option", has_text=person.email).get_attribute("value")
    person.page.get_by_label("Who will sign for you?").select_option(mine)
    person.fills({"In which role do they sign?": role})
    person.presses("Save")
    person.follows("Read and sign")
    check_page(person.page)
    person.page.get_by_role("checkbox").check()
    person.page.get_by_role("button", name="Sign for").click()
    person.is_told("Signed")


def test_an_agreement_from_its_start_to_the_signed_copy(
    scene: Scene, browser_of: BrowserOf, tmp_path: Path
) -> None:
    editor = browser_of("school_editor")
    editor.opens(partnership_of(scene, "school"))
    editor.follows("Start an agreement")
    editor.chooses("Letter of intent")
    editor.fills({"What is it called?": "First pilot of the health hub"})
    fill_date(editor, "When does it start?", date(2027, 2, 1))
    fill_date(editor, "When does it expire?", date(2027, 7, 31))
    editor.presses("Start this agreement")
    agreement = editor.path
    editor.follows("Change how far it is")
    editor.chooses("Ready to sign")
    editor.presses("Save")
    summary = editor.page.locator(".nhsuk-error-summary")
    expect(summary.get_by_role("link").first).to_be_visible()
    summary.get_by_role("link").first.click()
    editor.page.wait_for_load_state()
    assert "/clauses/" in editor.path
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        started = Agreement.objects.select_related("partnership").get()
    complete(scene, started)

    editor.opens(agreement)
    editor.follows("Change how far it is")
    editor.chooses("Ready to sign")
    editor.presses("Save")
    signs(editor, agreement, "Chief executive")
    editor.reads("Chief executive")
    lead = browser_of("health_editor")
    signs(lead, agreement.replace(slug(scene, "school"), slug(scene, "health")), "Director")
    editor.opens(agreement)
    editor.reads("Signed", "Director")

    copy = tmp_path / "signed.png"
    copy.write_bytes(PNG)
    editor.follows("Bring a signed copy in")
    editor.page.locator("input[type=file]").set_input_files(copy)
    editor.presses("Bring it in")
    editor.reads("signed.png")
    answer = editor.page.request.get(f"{agreement}agreement.pdf")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.body().startswith(b"%PDF-")

    editor.follows("Renew this agreement")
    check_page(editor.page)
    editor.presses("Start the renewal")
    editor.reads("Renewal started", "stays in force until every member has signed this one")


def test_a_review_is_answered_alone_and_shows_where_sides_differ(
    scene: Scene, browser_of: BrowserOf
) -> None:
    people = {
        part: browser_of(part) for part in ("school_editor", "school_viewer", "health_editor")
    }
    editor = people["school_editor"]
    editor.opens(partnership_of(scene, "school"))
    editor.follows("Open a review")
    editor.chooses("Pulse: 8 questions, once a term, about 3 minutes")
    editor.presses("Open this review")
    review = editor.path
    for part, person in people.items():
        person.opens(review.replace(slug(scene, "school"), slug(scene, part.partition("_")[0])))
        person.follows("Answer this review")
        person.presses("Save my answers")
        person.is_refused("Choose an answer to: We can each say")
        word = "1 – Not yet" if part == "health_editor" else "3 – Working"
        for each in person.page.get_by_role("radio", name=word).all():
            each.check()
        person.presses("Save my answers")
        person.is_told("only you can see them")
        person.finds_nothing_of("Seen differently")
    lead = people["health_editor"]
    lead.follows("Close this review now")
    lead.presses("Close this review")
    check_page(lead.page)
    lead.reads("You see this differently", "2.3, developing", "Schools: 2 answers")
    editor.opens(review)
    editor.reads("You see this differently", "The two sides are not shown apart")


def test_an_aim_is_agreed_and_a_win_shared(scene: Scene, browser_of: BrowserOf) -> None:
    editor, lead = browser_of("school_editor"), browser_of("health_editor")
    editor.opens(partnership_of(scene, "school"))
    editor.follows("Write the shared aim")
    editor.fills({"Shared priorities": "School attendance", "Shared aim": "Nurses by July."})
    editor.presses("Save")
    lead.opens(f"{partnership_of(scene, 'health')}shared-aim/agree/")
    editor.follows("Change the priorities or the aim")
    editor.fills({"Shared aim": "Nurses by June."})
    editor.presses("Save")
    # The lead agrees what has just changed: nothing is agreed before they have read it.
    lead.fills({"In which role do you agree?": "Director"})
    lead.page.get_by_role("button", name="Agree for").click()
    lead.reads("The text was changed after you opened this page", "What changed")
    check_page(lead.page)
    lead.fills({"In which role do you agree?": "Director"})
    lead.page.get_by_role("button", name="Agree for").click()
    lead.is_told("Agreed")
    check_page(lead.page)

    lead.opens(partnership_of(scene, "health"))
    lead.reads(f"Agreed by {scene.cast.organisation('health').name}. Not yet by")
    lead.follows("Log a win")
    lead.fills({"What went well?": "The first drop-in was full"})
    lead.chooses(f"Only {scene.cast.organisation('health').name}")
    lead.presses("Log win")
    editor.opens(f"{partnership_of(scene, 'school')}wins/")
    editor.reads("No wins yet")
    lead.presses("Share with everyone")
    lead.is_told("every member sees it now")
    editor.opens(f"/o/{slug(scene, 'school')}/")
    editor.reads("New wins", "The first drop-in was full")

    # On paper: one sheet, with everything but what can only be clicked.
    lead.opens(partnership_of(scene, "health"))
    sheet = PdfReader(BytesIO(lead.page.pdf(prefer_css_page_size=True)))
    printed = " ".join(page.extract_text() for page in sheet.pages)
    assert len(sheet.pages) <= 2
    for words in ("The five steps", "At a glance", "Who is in it", "The first drop-in was full"):
        assert words in printed
    assert "Log a conversation" not in printed


def test_a_member_leaves_with_a_word_to_those_who_stay(scene: Scene, browser_of: BrowserOf) -> None:
    manager = browser_of("health_manager")
    manager.opens(partnership_of(scene, "health"))
    manager.follows("Leave this partnership")
    check_page(manager.page)
    manager.fills({"What should the others know?": "The school nurses carry on."})
    manager.presses("Leave this partnership")
    manager.is_told("You have left Health hub")
    editor = browser_of("school_editor")
    editor.opens(partnership_of(scene, "school"))
    editor.reads("The school nurses carry on.", "Sees nothing any more")


def test_an_agreement_passes_to_whoever_took_over(scene: Scene, browser_of: BrowserOf) -> None:
    three_members(scene)
    started(scene)
    with a_merger(scene.cast):
        editor = browser_of("school_editor")
        editor.opens(partnership_of(scene, "school"))
        editor.follows("Health hub at the school")
        editor.reads("A party has closed", "took over from it")
        editor.follows("Name the successor in this agreement")
        check_page(editor.page)
        editor.chooses(
            "Walsall Metropolitan Borough Council, instead of Walsall Healthcare NHS Trust"
        )
        editor.presses("Name the successor")
        editor.is_told("The successor is named")
        editor.reads("Passed to a successor")


def test_whoever_opened_it_hands_it_over_and_leaves(scene: Scene, browser_of: BrowserOf) -> None:
    manager = browser_of("school_manager")
    manager.opens(partnership_of(scene, "school"))
    manager.follows("Hand this partnership over")
    check_page(manager.page)
    manager.presses("Hand over")
    manager.reads("Choose who takes over")
    manager.chooses("Walsall Healthcare NHS Trust")
    manager.presses("Hand over")
    manager.is_told("Walsall Healthcare NHS Trust looks after this partnership now")
    manager.follows("Leave this partnership")
    manager.presses("Leave this partnership")
    manager.is_told("You have left Health hub")
    lead = browser_of("health_manager")
    lead.opens(partnership_of(scene, "health"))
    lead.follows("Change name or purpose")


def slug(scene: Scene, part: str) -> str:
    return str(scene.cast.organisation(part).slug)
