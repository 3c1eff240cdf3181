"""Pages on which somebody makes an address for their calendar program, and ends it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from organisations.signing_in import freshness
from overview.feeds import presenters
from overview.feeds.forms import FeedForm
from partnerships.diary.feeds import selectors, services
from partnerships.diary.feeds.secrets import address_of
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def feeds(request: ActingRequest) -> HttpResponse:
    """What calendar feeds are, one's own, and for a manager those of colleagues."""
    actor = request.actor
    permissions.require(actor, Permission.FEED_CALENDAR)
    manages = permissions.can(actor, Permission.REVOKE_FEEDS)
    own = selectors.own_feeds(actor)
    others = selectors.feeds_of_colleagues(actor) if manages else []
    context = {
        "own": presenters.own_table(actor, own) if own else None,
        "others": presenters.colleagues_table(actor, others) if others else None,
        "manages": manages,
    }
    return render(request, "feeds/feeds.jinja", context)


@never_cache
@require_http_methods(FORM_METHODS)
def make_feed(request: ActingRequest) -> HttpResponse:
    """Make one; its address is shown in the answer to the form, and never again."""
    actor = request.actor
    permissions.require(actor, Permission.FEED_CALENDAR)
    partnership = _asked_for(request)
    freshness.require(request)
    form = FeedForm(data_for(request), actor=actor, partnership=partnership)
    made: list[str] = []

    def work() -> str:
        made.append(services.make_feed(by=actor, **form.values()))
        return page_of(actor, "calendar-feeds")

    if request.method == "POST" and form.is_valid() and form.carry_out(work):
        return _address_page(request, made[-1])
    return render(request, "feeds/make.jinja", {"form": form, "partnership": partnership})


@never_cache
@require_http_methods(FORM_METHODS)
def new_address(request: ActingRequest, ref: str) -> HttpResponse:
    """Another address for one of one's own, when the former got lost or about."""
    actor = request.actor
    permissions.require(actor, Permission.FEED_CALENDAR)
    feed = selectors.feed_of(actor, ref)
    if feed.person_id != actor.user_id:
        raise Http404("only its person is shown its address")
    freshness.require(request)
    form = RecordForm(data_for(request), actor=actor)
    made: list[str] = []

    def work() -> str:
        made.append(services.give_new_address(by=actor, feed=feed))
        return page_of(actor, "calendar-feeds")

    if request.method == "POST" and form.is_valid() and form.carry_out(work):
        return _address_page(request, made[-1])
    return render(request, "feeds/new_address.jinja", {"form": form, "feed": feed})


@require_http_methods(FORM_METHODS)
def end_feed(request: ActingRequest, ref: str) -> HttpResponse:
    """End one's own or, as a manager, a colleague's."""
    actor = request.actor
    permissions.require(actor, Permission.FEED_CALENDAR)
    feed = selectors.feed_of(actor, ref)
    form = RecordForm(data_for(request), actor=actor)

    def work() -> str:
        services.end_feed(by=actor, feed=feed)
        return page_of(actor, "calendar-feeds")

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Calendar feed ended")
        return redirect(url)
    context = {"form": form, "feed": feed, "own": feed.person_id == actor.user_id}
    return render(request, "feeds/end.jinja", context)


def _asked_for(request: ActingRequest) -> Partnership | None:
    """The partnership whose page led here; hidden unless the actor sees it."""
    ref = request.GET.get("partnership", "")
    return partnership_of(request.actor, ref) if ref else None


def _address_page(request: ActingRequest, secret: str) -> HttpResponse:
    """The one time that an address is shown: nothing keeps it, neither session nor database."""
    address = address_of(secret)
    opens = f"webcal:{address.partition(':')[2]}"
    return render(request, "feeds/address.jinja", {"address": address, "opens": opens})
