"""Who is to come to a touchpoint: the contacts, and people chosen besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.directory.services import open_details
from contacts.models import Posting
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Member, Partnership
from partnerships.record.recipients import TAKING_PART
from partnerships.touchpoints import announcements, attendees, series_announcements
from partnerships.touchpoints.models import (
    Attendee,
    Touchpoint,
    TouchpointSeries,
    TouchpointState,
)
from partnerships.touchpoints.services.standing import locked, require_coming

MOST_INVITED = 50


@transaction.atomic
def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Invite to the coming touchpoints whoever has become a contact since; says how many.

    Former contacts who had been invited hear that they need not come.

    Follows the naming or correcting of a contact, whose service has asked whether the actor
    may; only touchpoints that the actor's organisation sees are told of. Doing it again
    changes nothing.
    """
    coming = list(
        # In the order in which a series' dates are held when it is changed.
        Touchpoint.objects.select_for_update()
        .filter(
            partnership=partnership,
            acl__overlap=[by.organisation_id],
            state=TouchpointState.SCHEDULED,
            starts_at__gt=timezone.now(),
        )
        .order_by("pk")
    )
    former = attendees.follow_contacts(partnership, coming)
    invited = 0
    # The dates of each series that somebody was taken off, and does not hear of one by one.
    off: dict[tuple[int, int], list[Touchpoint]] = defaultdict(list)
    for touchpoint in coming:
        touchpoint.partnership = partnership
        invited += announcements.announce_to_newcomers(by=by, touchpoint=touchpoint)
        for row in former:
            if row.touchpoint_id == touchpoint.pk:
                told = announcements.announce_taking_off(
                    by=by, touchpoint=touchpoint, posting_id=row.posting_id, with_series=True
                )
                if touchpoint.series_id is not None and not told:
                    off[touchpoint.series_id, row.posting_id].append(touchpoint)
    _tell_of_series(by, partnership, coming, off)
    return invited


def _tell_of_series(
    by: Actor,
    partnership: Partnership,
    coming: Collection[Touchpoint],
    off: Mapping[tuple[int, int], Collection[Touchpoint]],
) -> None:
    """Send whoever is to be told by now, and was not, the dates of each series to come; and those
    who had been told that they need not come, once for all its dates."""
    ids = {touchpoint.series_id for touchpoint in coming if touchpoint.series_id is not None}
    for series in TouchpointSeries.objects.filter(pk__in=ids, ended_at=None):
        series.partnership = partnership
        series_announcements.announce_to_newcomers(by=by, series=series)
        for (series_id, posting_id), dates in off.items():
            if series_id == series.pk:
                series_announcements.announce_taking_off(
                    by=by, series=series, posting_id=posting_id, dates=dates
                )


@transaction.atomic
def invite_people(
    *, by: Actor, touchpoint: Touchpoint, postings: Collection[Posting]
) -> list[Attendee]:
    """Invite people besides the contacts; gives back those who were not invited yet.

    The organisation that scheduled the touchpoint invites from every organisation taking part,
    another its own people. It shows the others how to reach them, so somebody known from the
    directory alone is opened first. Raises ValidationError for somebody who is nowhere there,
    who has left, and once there are too many; PermissionDenied for people of another.
    """
    current = locked(by, touchpoint, Permission.INVITE_PEOPLE)
    require_coming(current)
    rows = {row.posting_id: row for row in Attendee.objects.filter(touchpoint=current)}
    live = {pk for pk, row in rows.items() if row.removed_at is None}
    new = [posting for posting in postings if posting.pk not in live]
    if len(live) + len(new) > MOST_INVITED:
        raise ValidationError(
            {"people": f"A touchpoint can have up to {MOST_INVITED} people invited"}
        )
    members = Member.objects.filter(partnership=current.partnership, state__in=TAKING_PART)
    taking_part = set(members.values_list("organisation_id", flat=True))
    for posting in new:
        _require_invitable(by, current, posting, taking_part)
    invited = [_put_down(current, posting, rows.get(posting.pk)) for posting in new]
    if invited:
        ids = sorted(row.posting_id for row in invited)
        audit.record("people invited", by=by, obj=current, changes={"postings": [None, ids]})
        announcements.announce_to_newcomers(by=by, touchpoint=current)
    return invited


def _require_invitable(
    by: Actor, touchpoint: Touchpoint, posting: Posting, taking_part: set[int]
) -> None:
    own = posting.organisation_id == by.organisation_id
    if not own and touchpoint.author_organisation_id != by.organisation_id:
        raise PermissionDenied("You may only invite people of your own organisation.")
    if posting.organisation_id not in taking_part or posting.ended_on is not None:
        raise ValidationError(
            {"people": f"{posting.person.name} works for no organisation of this partnership now"}
        )
    if by.organisation_id not in posting.acl and not own:
        # Known from the directory alone: inviting them opens how to reach them.
        open_details(by=by, posting=posting)


def _put_down(touchpoint: Touchpoint, posting: Posting, before: Attendee | None) -> Attendee:
    if before is None:
        return Attendee.objects.create(
            touchpoint=touchpoint,
            partnership_id=touchpoint.partnership_id,
            organisation_id=posting.organisation_id,
            posting=posting,
            follows_contact=False,
            asked_revision=touchpoint.revision,
        )
    anew = {
        **attendees.NO_ANSWER,
        "asked_revision": touchpoint.revision,
        "follows_contact": False,
        "removed_at": None,
        "added_at": timezone.now(),
    }
    for name, value in anew.items():
        setattr(before, name, value)
    before.save(update_fields=list(anew))
    return before


@transaction.atomic
def take_off(*, by: Actor, attendee: Attendee) -> Attendee:
    """Invite somebody no longer; who knows of it gets an e-mail that says so.

    By their own organisation, or the one that scheduled the touchpoint. Raises ValidationError
    once it has begun or is no longer scheduled.
    """
    permissions.require(by, Permission.TAKE_OFF_PERSON, attendee)
    current = (
        Touchpoint.objects.select_for_update(of=("self",))
        .select_related("partnership")
        .get(pk=attendee.touchpoint_id)
    )
    require_coming(current)
    row = Attendee.objects.get(pk=attendee.pk)
    if row.removed_at is not None:
        return row
    row.removed_at, row.follows_contact = timezone.now(), False
    # On record first: afterwards the others may no longer see whom it was about.
    audit.record(
        "person taken off", by=by, obj=current, changes={"postings": [[row.posting_id], None]}
    )
    row.save(update_fields=["removed_at", "follows_contact"])
    announcements.announce_taking_off(by=by, touchpoint=current, posting_id=row.posting_id)
    return row
