"""What a feed holds: read under row security as its person, in a fixed number of statements.

Its hash is worked out from what was read, without writing the calendar: most programs ask
whether anything has changed, and nothing has.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from calendars.entries import subscribed_calendar
from calendars.london import day_starts, today
from organisations.models import User
from overview.feeds.year import Days, year_of
from partnerships.agenda import selectors as agenda
from partnerships.agenda.calendar_entries import entries_of
from partnerships.agenda.models import AgendaItem
from partnerships.diary.feeds.secrets import OpenFeed
from partnerships.diary.models import FeedKind
from partnerships.record.handover import places_of
from partnerships.record.models import Partnership
from partnerships.record.selectors.partnership import seen_by
from partnerships.touchpoints import selectors as touchpoints
from partnerships.touchpoints.calendar_entries import entry_of
from partnerships.touchpoints.models import Touchpoint

YEARS_BACK, YEARS_AHEAD = 2, 3
# How long a calendar is told that something is called off.
CANCELLED_FOR = timedelta(days=90)
# Raise it whenever the same rows are written differently, so that programs fetch them anew.
WRITING = 1


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a feed holds now, read and not yet written down."""

    name: str
    touchpoints: list[Touchpoint]
    items: list[AgendaItem]
    cancelled_since: date
    year: list[Days] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """The same as long as the calendar would say the same."""
        held = [
            WRITING,
            settings.BASE_URL,
            self.name,
            [_facts_of_touchpoint(each) for each in self.touchpoints],
            [_facts_of_item(each, self.cancelled_since) for each in self.items],
            self.year,
        ]
        return hashlib.sha256(repr(held).encode()).hexdigest()

    def written(self, stamp: datetime) -> bytes:
        """The calendar; `stamp` is since when it has said this."""
        calendar = subscribed_calendar(self.name)
        for touchpoint in self.touchpoints:
            calendar.add_component(entry_of(touchpoint, stamp=stamp, by_clock=True))
        for item in self.items:
            for event in entries_of(item, stamp=stamp, cancelled_since=self.cancelled_since):
                calendar.add_component(event)
        for days in self.year:
            calendar.add_component(days.entry(stamp))
        return bytes(calendar.to_ical())


def holdings_of(feed: OpenFeed) -> Holdings | None:
    """What an open feed holds, for its person acting; None when it is of a partnership left."""
    first, last = _window(today())
    partnership = None
    if feed.partnership_id is not None:
        partnership = seen_by(feed.actor).filter(pk=feed.partnership_id).first()
        if partnership is None:
            return None
    about = _about(feed)
    forgotten = timezone.now() - CANCELLED_FOR
    return Holdings(
        name=_name(feed, partnership),
        touchpoints=touchpoints.for_calendar(
            feed.actor, (day_starts(first), day_starts(last + timedelta(days=1))), about, forgotten
        ),
        items=agenda.for_calendar(feed.actor, first, last, about),
        cancelled_since=today() - CANCELLED_FOR,
        year=year_of(feed.actor, partnership, first, last) if feed.with_year else [],
    )


def _window(day: date) -> tuple[date, date]:
    """Whole years, so that what falls out of a feed does so once a year."""
    return date(day.year - YEARS_BACK, 1, 1), date(day.year + YEARS_AHEAD, 12, 31)


def _about(feed: OpenFeed) -> Q:
    """Which touchpoints and items are the feed's, of those that its person sees."""
    if feed.kind == FeedKind.PARTNERSHIP:
        return Q(partnership_id=feed.partnership_id)
    if feed.kind == FeedKind.ORGANISATION:
        return Q()
    person = User.objects.get(pk=feed.actor.user_id)
    named = places_of(feed.actor, person).order_by().values("partnership_id")
    return Q(partnership_id__in=named) | Q(
        author_id=person.pk, author_organisation_id=feed.actor.organisation_id
    )


def _name(feed: OpenFeed, partnership: Partnership | None) -> str:
    assert feed.actor.organisation is not None
    if partnership is not None:
        return f"Tandem: {partnership.name}"
    if feed.kind == FeedKind.PERSON:
        return f"Tandem: mine at {feed.actor.organisation.name}"
    return f"Tandem: {feed.actor.organisation.name}"


def _facts_of_touchpoint(touchpoint: Touchpoint) -> tuple[object, ...]:
    return (
        touchpoint.ref,
        touchpoint.revision,
        touchpoint.kind,
        touchpoint.state,
        touchpoint.starts_at.isoformat(),
        touchpoint.minutes,
        touchpoint.venue,
        touchpoint.agenda,
        touchpoint.partnership.name,
    )


def _facts_of_item(item: AgendaItem, cancelled_since: date) -> tuple[object, ...]:
    meeting = item.meeting
    return (
        item.ref,
        item.revision,
        item.state,
        item.title,
        item.ask,
        item.due_on,
        item.sent_on,
        item.withdrawn_on is not None and item.withdrawn_on < cancelled_since,
        meeting and (meeting.meets_on, meeting.cancelled_at is not None),
        meeting
        and meeting.cancelled_at is not None
        and meeting.cancelled_at.date() < cancelled_since,
        str(item.gateway),
        item.partnership.name,
    )
