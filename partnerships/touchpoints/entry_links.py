"""A link to one touchpoint's calendar entry, for e-mail that cannot carry the entry itself.

Signed from the e-mail's delivery and open without signing in, since it stands for an
attachment. It shows what the e-mail's reader may see now, and nothing once the meeting is over.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from calendars.entries import Method
from calendars.london import london_day
from organisations import outbox
from organisations.models import Delivery, Organisation
from organisations.tenancy.scope import Scope, acting
from partnerships.touchpoints.attendees import invited_behind
from partnerships.touchpoints.calendar_entries import Attendee, calendar_entry, live_papers
from partnerships.touchpoints.models import Touchpoint, TouchpointState

SALT = "tandem.touchpoint-entry"
NAME = "touchpoint-entry"


def address_for(delivery: Delivery) -> str:
    """The whole address of the entry that an e-mail is about."""
    token = outbox.token_for(delivery, salt=SALT)
    return f"{settings.BASE_URL}{reverse(NAME, kwargs={'token': token})}"


@login_not_required
@never_cache
@require_safe
def entry_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The entry as a file; a page that says why not, once there is none for the reader."""
    delivery = outbox.find_by_token(token, salt=SALT)
    if delivery is None:
        raise Http404("a link that was in no e-mail")
    with acting(Scope(organisation_id=delivery.organisation_id)):
        shown = _shown_to(delivery)
    if shown is None:
        response = render(request, "touchpoints/entry_link_over.jinja", status=410)
    else:
        response = HttpResponse(
            shown.entry,
            content_type=f"text/calendar; charset=utf-8; method={shown.method}",
            headers={"Content-Disposition": f'attachment; filename="{shown.file_name}"'},
        )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@dataclass(frozen=True, slots=True)
class Shown:
    """A calendar entry, as a file."""

    entry: bytes
    method: Method
    file_name: str


def _shown_to(delivery: Delivery) -> Shown | None:
    """The entry as the organisation that sent the e-mail sees it now, for whom it went to."""
    touchpoint = (
        Touchpoint.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("partnership", "author_organisation")
        .first()
    )
    if touchpoint is None or touchpoint.ends_at <= timezone.now():
        return None
    invited = invited_behind(delivery, touchpoint)
    if invited is None:
        return None
    either_side = Q(pk=delivery.organisation_id) | Q(pk=invited.organisation.pk)
    if Organisation.objects.filter(either_side, suspended_at__isnull=False).exists():
        return None
    cancelled = touchpoint.state in (TouchpointState.CANCELLED, TouchpointState.MOVED)
    attendee = Attendee(invited.name, delivery.recipient) if cancelled else None
    method = Method.CANCEL if cancelled else Method.PUBLISH
    return Shown(
        calendar_entry(
            touchpoint,
            method=method,
            papers=live_papers(touchpoint),
            attendee=attendee,
            posting_id=delivery.posting_id,
        ),
        method,
        f"touchpoint-{london_day(touchpoint.starts_at).isoformat()}.ics",
    )
