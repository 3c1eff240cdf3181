"""What the school's editor does in the spine."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from tests.browser.letters import calendar_event, link_in, plain
from tests.browser.person import Person
from tests.browser.story import (
    INTERNAL,
    LEAD,
    NAME,
    OUR_DEPUTY,
    OURS,
    SCHOOL,
    SHARED,
    TRUST,
    Story,
    starts_at,
)

QUESTIONS = "textarea:visible, .nhsuk-date-input:visible, .nhsuk-radios:visible"


def signs_in_and_finds_the_trust(editor: Person) -> None:
    editor.signs_in()
    editor.reads("No partnerships yet")
    editor.follows("Find an organisation")
    for typed in ("Dudly Group", "RNA", "DY1 2HQ"):
        editor.fills({"Name, code or postcode": typed})
        editor.presses("Search")
        editor.reads("Dudley Group")
        editor.page.get_by_role("link", name="Dudley Group").wait_for()
    editor.follows(TRUST)
    editor.reads(f"{TRUST} has not joined Tandem")


def opens_a_partnership(editor: Person) -> None:
    editor.follows("Open a partnership")
    editor.fills(
        {
            "What is the partnership called?": NAME,
            "What is it for?": "Every child’s sight is checked before Christmas.",
        }
    )
    editor.presses("Open partnership")
    editor.is_told(f"Partnership with {TRUST} opened")
    editor.reads(NAME, "Not invited")


def names_everyone(editor: Person) -> None:
    page_of_partnership = editor.path
    editor.follows(f"Name the named contact of {TRUST}")
    editor.fills(
        {
            "Their name": "Children’s services lead",
            "Their job title": "Lead for children’s services",
            "Their work email address": LEAD,
            "Where did you get these details?": "They gave them to us",
        }
    )
    editor.presses("Save named contact")
    for function, email in (("named contact", OURS), ("deputy", OUR_DEPUTY)):
        editor.opens(page_of_partnership)
        editor.follows(f"Name the {function} of {SCHOOL}")
        if editor.page.get_by_role("link", name="Name someone who is not in this list").count():
            editor.follows("Name someone who is not in this list")
        editor.fills(
            {
                "Their name": f"School {function}",
                "Their job title": "Partnership lead",
                "Their work email address": email,
            }
        )
        editor.presses(f"Save {function}")
    editor.reads(LEAD, OURS, OUR_DEPUTY)


def logs_a_conversation(editor: Person, text: str, audience: str) -> dict[str, Any]:
    """By keyboard alone once the page is open; says how much work it was."""
    began = time.monotonic()
    keys = 0

    def press(key: str) -> None:
        nonlocal keys
        editor.page.keyboard.press(key)
        keys += 1

    editor.follows("Log a conversation")
    # What is to be done next is folded away, for those who want it.
    fields = editor.page.locator("main form").locator(QUESTIONS).count()
    editor.field("What was said?").focus()
    editor.page.keyboard.type(text)
    for _ in range(4):  # day, month and year are filled in
        press("Tab")
    press("Space")
    if not editor.page.get_by_role("radio", name=audience, exact=True).is_checked():
        press("ArrowDown")
    assert editor.page.get_by_role("radio", name=audience, exact=True).is_checked()
    for _ in range(4):  # how they spoke, who took part, what is to be done next, the button
        press("Tab")
    with editor.page.expect_navigation():
        press("Enter")
    editor.reads(text)
    assert fields == 3
    return {
        "fields": fields,
        "keys beside the text": keys,
        "seconds without typing": round(time.monotonic() - began, 1),
    }


def schedules_a_touchpoint(story: Story) -> str:
    editor = story.editor
    editor.follows("Schedule a touchpoint")
    editor.reads("Children’s services lead", "School named contact")
    editor.dates(story.day)
    editor.fills(
        {
            "At what time?": "3:30pm",
            "Place or link": "Goldsmith Primary Academy",
            "Agenda": "Dates in the spring term",
        }
    )
    editor.presses("Schedule and send invitations")
    editor.is_told("Touchpoint scheduled")
    return editor.path


def everyone_is_invited(story: Story, touchpoint: str) -> None:
    ref = touchpoint.rstrip("/").rsplit("/", 1)[1]
    arrived = story.post.goes_out()
    assert set(arrived) == {LEAD, OURS}
    for recipient, (message,) in arrived.items():
        assert recipient in message["To"]
        text = plain(message)
        assert f"/r/t-{ref}/" in text
        assert TRUST in text
        assert "Goldsmith Primary Academy" in text
        for secret in (SHARED, INTERNAL):
            assert secret not in message.as_string()
        event = calendar_event(message)
        assert event["dtstart"].dt == starts_at(story.day)
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=30)
        assert event["attendee"] == f"mailto:{recipient}"
    assert arrived[LEAD][0]["Message-ID"] != arrived[OURS][0]["Message-ID"]
    story.editor.opens(touchpoint)
    story.editor.reads("Delivered to the mail server")


def invites_the_trust(story: Story) -> str:
    story.editor.follows("Back to the partnership")
    story.editor.follows(f"Invite partner {TRUST}")
    story.editor.fills({"A message to them": "As we said by telephone."})
    story.editor.presses("Send invitation")
    story.editor.is_told(f"{TRUST} invited")
    (message,) = story.post.goes_out()[LEAD]
    assert "As we said by telephone." in plain(message)
    return link_in(message, "/invitation/")


def reminder_arrives(story: Story) -> None:
    assert story.post.goes_out() == {}
    arrived = story.post.goes_out(now=starts_at(story.day) - timedelta(days=1, minutes=-1))
    assert set(arrived) == {LEAD, OURS}
    for (message,) in arrived.values():
        assert "A reminder of this touchpoint" in plain(message)


def sees_the_outcome(editor: Person, touchpoint: str) -> None:
    editor.comes_back()
    editor.opens(touchpoint)
    editor.reads("Held.", f"Children’s services lead, {TRUST}")
