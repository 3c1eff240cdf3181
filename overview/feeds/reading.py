"""What a calendar program gets at a feed's address: no sign-in, no session, no cookie.

The address alone opens it. A wrong one, one that has ended and one whose person or organisation
has gone are answered alike.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from organisations.programs import for_programs
from organisations.tenancy.scope import acting
from overview.feeds.holdings import holdings_of
from partnerships.diary.feeds.secrets import OpenFeed, holds_since, open_feed

WAIT_SECONDS = 300


@for_programs
@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The calendar, or that the program has it already (304)."""
    if not _may_ask(request, "calendar_feed_by_address"):
        return _too_many()
    feed = open_feed(secret)
    if feed is None:
        return _nothing_here(request)
    if not _may_ask(request, "calendar_feed", key=str(feed.id)):
        return _too_many()
    with acting(feed.actor.scope):
        return _answer(request, feed) or _nothing_here(request)


def _answer(request: HttpRequest, feed: OpenFeed) -> HttpResponseBase | None:
    holdings = holdings_of(feed)
    if holdings is None:
        return None
    content = holdings.hash
    since = holds_since(feed, content)
    etag, modified = quote_etag(content[:32]), int(since.timestamp())
    response = get_conditional_response(request, etag, modified) or HttpResponse(
        holdings.written(since), content_type="text/calendar; charset=utf-8"
    )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response["Content-Disposition"] = 'inline; filename="tandem.ics"'
    return _private(response)


def _nothing_here(request: HttpRequest) -> HttpResponseBase:
    if not _may_ask(request, "calendar_feed_unknown"):
        return _too_many()
    return _words("There is no calendar at this address.\n", status=404)


def _too_many() -> HttpResponseBase:
    response = _words("Too many requests. Try again in a few minutes.\n", status=429)
    response["Retry-After"] = str(WAIT_SECONDS)
    return response


def _words(text: str, *, status: int) -> HttpResponseBase:
    return _private(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"))


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """For this program alone, which asks each time whether it is still so."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _may_ask(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Counts the request; whether it is within the limits that the settings have for it.

    Without the counter everybody is answered: nobody guesses one of these addresses.
    """
    try:
        allowed = ratelimit.consume(
            request, app="allauth.account", action=action, key=key, limit_get=True
        )
    except RedisError:
        return True
    return allowed is not None
