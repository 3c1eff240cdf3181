"""Making and ending feeds: every write. The secret is given to the caller, once."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.diary.feeds.secrets import hash_of, new_secret
from partnerships.diary.feeds.selectors import own_feeds
from partnerships.diary.models import CalendarFeed, FeedKind
from partnerships.record.models import Partnership

MOST_EACH = 20


@transaction.atomic
def make_feed(
    *, by: Actor, kind: str, partnership: Partnership | None = None, with_year: bool = False
) -> str:
    """Make a feed of what the person sees for the acting organisation; its secret.

    Raises ValidationError without the partnership that it is of, and when they have many already.
    """
    permissions.require(by, Permission.FEED_CALENDAR)
    if kind not in FeedKind.values:
        raise ValidationError({"kind": "Choose what the calendar shows"})
    if (kind == FeedKind.PARTNERSHIP) != (partnership is not None):
        raise ValidationError({"partnership": "Choose a partnership"})
    if partnership is not None:
        permissions.require(by, Permission.SEE_PARTNERSHIP, partnership)
    if len(own_feeds(by)) >= MOST_EACH:
        raise ValidationError(
            f"You have {MOST_EACH} calendar feeds already. End one that you do not use."
        )
    return _make(by, kind, partnership.pk if partnership else None, with_year)


@transaction.atomic
def give_new_address(*, by: Actor, feed: CalendarFeed) -> str:
    """Another address for a feed of one's own; its secret. The former one ends."""
    permissions.require(by, Permission.FEED_CALENDAR)
    if feed.person_id != by.user_id:
        raise PermissionDenied("You may not make an address for somebody else.")
    _revoke(by, feed)
    return _make(by, feed.kind, feed.partnership_id, feed.with_year)


@transaction.atomic
def end_feed(*, by: Actor, feed: CalendarFeed) -> None:
    """End a feed of one's own or, as a manager, a colleague's."""
    own = feed.person_id == by.user_id
    permissions.require(by, Permission.FEED_CALENDAR if own else Permission.REVOKE_FEEDS)
    _revoke(by, feed)


def _make(by: Actor, kind: str, partnership_id: int | None, with_year: bool) -> str:
    assert by.organisation_id is not None
    secret = new_secret()
    feed = CalendarFeed.objects.create(
        organisation_id=by.organisation_id,
        person_id=by.user_id,
        kind=kind,
        partnership_id=partnership_id,
        with_year=with_year,
        secret_hash=hash_of(secret),
    )
    audit.record("calendar feed made", by=by, obj=feed, changes={"kind": [None, str(kind)]})
    return secret


def _revoke(by: Actor, feed: CalendarFeed) -> None:
    ended = CalendarFeed.objects.filter(
        pk=feed.pk, organisation_id=feed.organisation_id, revoked_at=None
    ).update(revoked_at=timezone.now())
    if not ended:
        raise ValidationError("This calendar feed has ended already.")
    audit.record("calendar feed ended", by=by, obj=feed, changes={"user": feed.person_id})
