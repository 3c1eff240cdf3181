"""Who is to come to a touchpoint."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from organisations.actor import Actor
from partnerships.record.models import Partnership
from partnerships.touchpoints import announcements, attendees, series_announcements
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState


@transaction.atomic
def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Invite to the coming touchpoints whoever has become a contact since; says how many.

    Former contacts who had been invited hear that they need not come.

    Follows the naming or correcting of a contact, whose service has asked whether the actor
    may; only touchpoints that the actor's organisation sees are told of. Doing it again
    changes nothing.
    """
    coming = list(
        Touchpoint.objects.select_for_update().filter(
            partnership=partnership,
            acl__overlap=[by.organisation_id],
            state=TouchpointState.SCHEDULED,
            starts_at__gt=timezone.now(),
        )
    )
    former = attendees.follow_contacts(partnership, coming)
    invited = 0
    for touchpoint in coming:
        touchpoint.partnership = partnership
        invited += announcements.announce_to_newcomers(by=by, touchpoint=touchpoint)
        for row in former:
            if row.touchpoint_id == touchpoint.pk:
                announcements.announce_taking_off(
                    by=by, touchpoint=touchpoint, posting_id=row.posting_id, with_series=True
                )
    _tell_of_series(by, partnership, coming)
    return invited


def _tell_of_series(by: Actor, partnership: Partnership, coming: Collection[Touchpoint]) -> None:
    """Send whoever is to be told by now, and was not, the dates of each series to come."""
    ids = {touchpoint.series_id for touchpoint in coming if touchpoint.series_id is not None}
    for series in TouchpointSeries.objects.filter(pk__in=ids, ended_at=None):
        series.partnership = partnership
        series_announcements.announce_to_newcomers(by=by, series=series)
