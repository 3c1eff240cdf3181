"""Touchpoints in real browsers: a series from plan to end, another time agreed, what became of it.

E-mail goes through SMTP, and every link is followed from the e-mail that brought it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.axe import check_page
from tests.browser.letters import link_in, plain
from tests.browser.person import Person
from tests.browser.post import Post
from tests.cast import Cast
from tests.touchpoints.scene import HEALTH, NOW, TOLD, Scene, arrange, schedule

BrowserOf = Callable[..., Person]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller, cast: Cast) -> Scene:
    return arrange(cast)


@pytest.fixture
def touchpoints(scene: Scene) -> str:
    slug = scene.cast.organisation("school").slug
    return f"/o/{slug}/partnerships/{scene.partnership.ref}/touchpoints/"


@pytest.fixture
def contact(new_context: Callable[..., BrowserContext]) -> Person:
    """The contact of the NHS trust: no account, a telephone in which no script runs."""
    context = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    return Person(context.new_page(), HEALTH)


def arrived(post: Post) -> dict[str, EmailMessage]:
    """What is due now, by recipient: one e-mail each."""
    found = post.goes_out(now=timezone.now())
    assert all(len(messages) == 1 for messages in found.values()), found
    return {recipient: messages[0] for recipient, messages in found.items()}


def fill_date(group: Locator, day: date) -> None:
    """Fill in the three boxes of one date of many."""
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(value))


def group(person: Person, legend: str) -> Locator:
    return person.page.get_by_role("group", name=legend)


def opens_date(person: Person, number: int) -> None:
    """Open one of the dates on the page of a series."""
    person.page.locator("table").first.get_by_role("link").nth(number).click()
    person.page.wait_for_load_state()


def reads_of(letters: dict[str, EmailMessage], *sentences: str) -> None:
    """Everyone who takes part got one e-mail, in which these words are."""
    assert set(letters) == TOLD
    for letter in letters.values():
        for words in sentences:
            assert words in plain(letter)


def test_a_series_is_planned_changed_and_ended(
    touchpoints: str, browser_of: BrowserOf, post: Post
) -> None:
    editor = browser_of("school_editor")
    editor.opens(touchpoints)
    editor.follows("Plan a series")
    fill_date(group(editor, "From when?"), date(2027, 2, 9))
    fill_date(group(editor, "Until when?"), date(2027, 7, 16))
    editor.fills({"At what time?": "3:30pm", "Standing agenda": "Who is waiting\nRooms"})
    editor.presses("Work out the dates")
    editor.reads("4 dates, nothing is saved yet")
    check_page(editor.page)
    assert not post.goes_out(now=timezone.now())

    editor.presses("Schedule all dates and send invitations")
    editor.is_told("4 touchpoints scheduled")
    series = editor.path
    reads_of(arrived(post), "Tuesday 9 February 2027, 3:30pm to 4pm", "Who is waiting")

    # One date alone
    opens_date(editor, 1)
    editor.follows("Move or change")
    editor.follows("Only this one")
    editor.fills({"At what time?": "9am"})
    editor.presses("Save and tell everyone")
    reads_of(arrived(post), "9am to 9:30am")

    # That after it and the following ones, which does not touch what was moved by itself
    editor.opens(series)
    opens_date(editor, 2)
    editor.follows("Move or change")
    editor.follows("This and the following ones")
    editor.fills({"At what time?": "4pm"})
    editor.presses("See what becomes of the dates")
    check_page(editor.page)
    assert not post.goes_out(now=timezone.now())
    editor.presses("Save and tell everyone")
    editor.opens(series)
    dates = editor.page.locator("table").first.get_by_role("link")
    expect(dates).to_have_text(
        [re.compile("3:30pm to 4pm"), re.compile("9am"), re.compile("4pm"), re.compile("4pm")]
    )
    reads_of(arrived(post), "4pm to 4:30pm")

    editor.follows("End the series")
    check_page(editor.page)
    editor.presses("End the series")
    ended = post.goes_out(now=timezone.now())
    assert set(ended) == TOLD
    for letters in ended.values():
        # One of the whole series; one takes out the entry of the date that was moved by itself.
        assert sorted(letter["subject"] for letter in letters) == [
            "Cancelled: short update, Tuesday 23 March 2027 at 9am",
            "Series ended: short update",
        ]
    editor.opens(touchpoints)
    editor.reads("Cancelled")
    editor.finds_nothing_of("have not answered")


def test_who_cannot_come_proposes_another_time_and_the_school_takes_it(
    scene: Scene, touchpoints: str, contact: Person, browser_of: BrowserOf, post: Post
) -> None:
    planned = schedule(scene)
    link = link_in(arrived(post)[HEALTH], "/touchpoint/")
    assert contact.opens(link) == 200
    contact.presses("Not coming")
    contact.reads("Your answer is saved", "You said: Not coming")
    contact.page.go_back()
    contact.reads("Are you coming?")
    contact.follows("Propose another time")
    contact.presses("Propose")
    contact.reads("There is a problem")
    contact.dates(date(2027, 1, 21))
    contact.fills({"At what time?": "10am", "Why this time?": "The clinic is on that day."})
    contact.presses("Propose")
    contact.reads("Proposed. Windsor Academy Trust gets an email and decides")
    told = post.goes_out(now=timezone.now())["school-editor@tandem.example"]
    assert len(told) == len(("Not coming", "another time"))

    editor = browser_of("school_editor")
    editor.opens(f"{touchpoints}{planned.ref}/")
    editor.reads("The clinic is on that day.", "Thursday 21 January 2027, 10am to 10:30am")
    editor.follows("Take it or keep your time")
    check_page(editor.page)
    editor.chooses("Yes, move the touchpoint to it")
    editor.presses("Save answer and tell them")
    editor.reads("Thursday 21 January 2027, 10am to 10:30am")
    assert "Thursday 21 January 2027, 10am" in plain(arrived(post)[HEALTH])

    # The link of the first e-mail shows the plan as it is now: who proposed the time comes.
    contact.opens(link)
    contact.reads("Thursday 21 January 2027, 10am to 10:30am", "You said: Coming")
    contact.presses("Perhaps")
    contact.reads("You said: Perhaps")


def test_what_became_of_it_is_two_clicks_from_the_email(
    scene: Scene,
    touchpoints: str,
    clock: time_machine.Traveller,
    browser_of: BrowserOf,
    post: Post,
) -> None:
    planned = schedule(scene)
    arrived(post)
    clock.move_to(planned.ends_at + timedelta(minutes=31))
    (letter,) = post.goes_out(now=timezone.now())["school-editor@tandem.example"]
    (held,) = re.findall(r"Held:\s+http://[^/]+(/\S+)", plain(letter))
    anyone = browser_of(None)
    anyone.opens(held)
    check_page(anyone.page)
    anyone.fills({"Notes": "Two rooms are found."})
    anyone.page.get_by_text("Add what is to be done next").click()
    action = group(anyone, "Action 1")
    action.get_by_label("What is to be done?").fill("Send the list of rooms")
    action.get_by_label("Who will do it?").select_option(
        label="Health named, Walsall Healthcare NHS Trust (named contact)"
    )
    anyone.page.get_by_text("Who came, and the next date").click()
    anyone.fills({"At what time?": "3:30pm"})
    anyone.presses("Record outcome")
    anyone.is_refused("Enter the day too")
    fill_date(group(anyone, "On which day is the next one?"), date(2027, 2, 4))
    anyone.fills({"At what time?": ""})
    anyone.presses("Record outcome")
    anyone.reads("The outcome is recorded", "Two rooms are found.", "Send the list of rooms")
    anyone.reads("The next one: Thursday 4 February 2027, 3:30pm to 4pm")
    check_page(anyone.page)

    # Neither Back nor the link once more records anything twice.
    for address in (held, held.replace("held", "missed")):
        anyone.opens(address)
        anyone.reads("The outcome is recorded", "Held. Recorded by School editor")
    editor = browser_of("school_editor")
    editor.opens(touchpoints.removesuffix("touchpoints/"))
    editor.reads("Send the list of rooms", "Thursday 4 February 2027, 3:30pm to 4pm", "Held")
    told = post.goes_out(now=timezone.now())
    said = {message["subject"] for message in told[HEALTH]}
    assert "What was said: short update, Thursday 14 January 2027" in said
    assert "Invitation: short update, Thursday 4 February 2027 at 3:30pm" in said
