"""The section about feeds on the page of an organisation's calendar."""

from __future__ import annotations

from calendars import pages
from calendars.pages import Part, Section
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from partnerships.diary.feeds.selectors import own_feeds


def build(actor: Actor, year: AcademicYear) -> Section | None:
    """How many one has, and the way to them; nothing for who may have none."""
    if not can(actor, Permission.FEED_CALENDAR):
        return None
    facts = {"own": len(own_feeds(actor)), "page": page_of(actor, "calendar-feeds")}
    return Section("Calendar feeds", "feeds/section.jinja", facts)


def register() -> None:
    """Add it, after what the organisation itself keeps there."""
    pages.register(Part("feeds", build, order=80))
