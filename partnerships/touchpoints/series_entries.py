"""All dates of a series as one calendar file: in the e-mail, or behind a link in it.

The link is signed from the e-mail's delivery and open without signing in, since it stands for an
attachment. It shows what the e-mail's reader may see now, and nothing once the series is over.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from calendars.entries import Method, new_calendar
from organisations import outbox
from organisations.models import Delivery, Organisation
from organisations.tenancy.scope import Scope, acting
from partnerships.record.recipients import contact_behind
from partnerships.touchpoints.calendar_entries import entry_of
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState

SALT = "tandem.series-entries"
NAME = "touchpoint-series-entries"
FILE_NAME = "dates.ics"
SHOWN = (TouchpointState.SCHEDULED, TouchpointState.CANCELLED)


def entries_file(touchpoints: Iterable[Touchpoint], *, posting_id: int | None) -> bytes:
    """One file with an entry for each, to be taken in at once.

    Each is named as in the invitation to that date by itself, which so takes its place.
    """
    calendar = new_calendar(Method.PUBLISH)
    stamp = timezone.now()
    for touchpoint in touchpoints:
        calendar.add_component(entry_of(touchpoint, stamp=stamp, posting_id=posting_id))
    return bytes(calendar.to_ical())


def to_show(series: TouchpointSeries) -> list[Touchpoint]:
    """The dates of a series still to come, and those cancelled, to be taken out of calendars."""
    found = series.touchpoints.filter(state__in=SHOWN, starts_at__gt=timezone.now())
    return list(found.select_related("partnership", "author_organisation").order_by("starts_at"))


def address_for(delivery: Delivery) -> str:
    """The whole address of the file that an e-mail is about."""
    token = outbox.token_for(delivery, salt=SALT)
    return f"{settings.BASE_URL}{reverse(NAME, kwargs={'token': token})}"


@login_not_required
@never_cache
@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The file; a page that says why not, once there is none for the reader."""
    delivery = outbox.find_by_token(token, salt=SALT)
    if delivery is None:
        raise Http404("a link that was in no e-mail")
    with acting(Scope(organisation_id=delivery.organisation_id)):
        entries = _shown_to(delivery)
    if entries is None:
        response = render(request, "touchpoints/entry_link_over.jinja", status=410)
    else:
        response = HttpResponse(
            entries,
            content_type=f"text/calendar; charset=utf-8; method={Method.PUBLISH}",
            headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
        )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _shown_to(delivery: Delivery) -> bytes | None:
    """The file as the organisation that sent the e-mail sees it now, for whom it went to."""
    series = (
        TouchpointSeries.objects.filter(
            ref=delivery.subject, acl__overlap=[delivery.organisation_id]
        )
        .select_related("partnership")
        .first()
    )
    if series is None:
        return None
    contact = contact_behind(delivery, series.partnership)
    dates = to_show(series)
    if contact is None or not dates:
        return None
    either_side = Q(pk=delivery.organisation_id) | Q(pk=contact.organisation_id)
    if Organisation.objects.filter(either_side, suspended_at__isnull=False).exists():
        return None
    return entries_file(dates, posting_id=delivery.posting_id)
