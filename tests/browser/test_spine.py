"""The whole spine in real browsers: from finding an organisation to the outcome of a touchpoint.

A school trust's editor, whoever answers for an NHS trust that nobody has spoken for yet, an
operator, and a stranger who must see nothing of any of it. E-mail goes through SMTP.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import BrowserContext

from tests.browser import partner_steps as partner
from tests.browser import school_steps as school
from tests.browser.person import Person
from tests.browser.post import Post
from tests.browser.stage import a_good_day
from tests.browser.story import INTERNAL, LEAD, SCHOOL, SHARED, Story, starts_at
from tests.cast import Cast


@pytest.fixture
def story(new_context: Callable[..., BrowserContext], cast: Cast, post: Post) -> Story:
    def person(email: str) -> Person:
        return Person(new_context().new_page(), email)

    told = Story(
        editor=person(cast.users["school_editor"].email),
        lead=person(LEAD),
        operator=person(cast.users["operator"].email),
        stranger=person(cast.users["stranger"].email),
        post=post,
        day=a_good_day(),
    )
    told.remember(told.editor)
    told.remember(told.lead)
    return told


def test_the_spine(story: Story, record_property: Callable[[str, object], None]) -> None:
    # Given a school trust's editor, who finds an NHS trust that has not joined
    school.signs_in_and_finds_the_trust(story.editor)
    # When they open a partnership, record its contact and name their own two
    school.opens_a_partnership(story.editor)
    school.names_everyone(story.editor)
    # And log one conversation that is shared and one that is not
    effort = school.logs_a_conversation(story.editor, SHARED, "Everyone in the partnership")
    record_property("logging a conversation", effort)
    sys.stdout.write(f"logging a conversation: {effort}\n")
    school.logs_a_conversation(story.editor, INTERNAL, f"Only {SCHOOL}")
    # And schedule a touchpoint
    touchpoint = school.schedules_a_touchpoint(story)
    # Then each side's named contact gets an e-mail with a calendar entry, and nobody else does
    school.everyone_is_invited(story, touchpoint)
    # When the school invites the trust, whose contact creates an account and asks to speak for it
    invitation = school.invites_the_trust(story)
    partner.creates_an_account(story, invitation)
    partner.asks_to_speak_for_the_trust(story)
    # Then that alone admits nobody
    partner.is_not_admitted(story.lead, touchpoint)
    # When an operator has checked and approved, and the trust accepts
    partner.operator_approves(story)
    partner.accepts_the_invitation(story)
    # Then the trust sees what was shared, not the school's note, and names its own people
    partner.sees_what_is_shared(story.lead)
    partner.names_their_own_contact(story.lead)
    # When the touchpoint has been, after a reminder
    school.reminder_arrives(story)
    with time_machine.travel(starts_at(story.day) + timedelta(hours=2), tick=True):
        # Then the trust records the outcome with two clicks, and the school sees it
        partner.records_the_outcome(story.lead, touchpoint)
        school.sees_the_outcome(story.editor, touchpoint)
    # And a stranger sees nothing of any of it
    partner.stranger_sees_nothing(story)
