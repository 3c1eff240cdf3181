"""The story of the spine: who is in it, what they write, and what has been visited."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as clock_time

from calendars.london import at_wall_clock
from tests.browser.person import Person
from tests.browser.post import Post

TRUST = "The Dudley Group NHS Foundation Trust"
SCHOOL = "Windsor Academy Trust"
NAME = "Vision checks in reception classes"
SHARED = "They can send two orthoptists in the spring term. Rooms are ours to find."
INTERNAL = "Ask the board whether we can pay for cover."
LEAD = "children-lead@dudley.example"
OURS, OUR_DEPUTY = "partnerships@windsor.example", "office@windsor.example"


@dataclass
class Story:
    """The people, the post, and what has been visited."""

    editor: Person
    lead: Person
    operator: Person
    stranger: Person
    post: Post
    day: date
    visited: set[str] = field(default_factory=set)

    def remember(self, person: Person) -> None:
        """Keep every address that a person's browser shows."""
        person.page.on("framenavigated", lambda frame: self.visited.add(frame.url))


def starts_at(day: date) -> datetime:
    return at_wall_clock(day, clock_time(15, 30)).astimezone(UTC)
