"""What becomes of touchpoints to come when an organisation leaves Tandem, or one partnership.

What it scheduled is cancelled, and those invited are told, where it opened the partnership or
where no two others would be left to meet. Elsewhere the touchpoint stays, and whichever member
changes it next takes it over. Its own people are reminded of nothing any more.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.audit_trail.selectors import ours
from organisations.joining.registry import foretold, on_leaving
from partnerships.record.models import Member, NamedContact, Partnership
from partnerships.record.parting import foretold_parting, on_parting
from partnerships.record.recipients import TAKING_PART
from partnerships.touchpoints.models import Attendee, Touchpoint, TouchpointState
from partnerships.touchpoints.services import cancel_touchpoint, end_series

FEWEST_WHO_MEET = 2
LEFT = "The organisation has left."
# Before its partnerships are left, without which they could not be read.
FIRST = 10


def settle_touchpoints(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Cancel what cannot go on, take back reminders of the leaver's people; says how many."""
    assert by.organisation is not None
    coming = _coming(by, partnership)
    own = list(coming.filter(author_organisation_id=by.organisation.id))
    going = [each for each in own if not _goes_on(by, each)]
    notes = f"{by.organisation.name} has left."
    # Of a series people hear once, not of each of its dates.
    ended = {
        each.series.pk: each.series
        for each in going
        if each.series is not None and _is_of_own_series(by, each)
    }
    for series in ended.values():
        announced_by = _announces(by, series.partnership.owner_id)
        end_series(by=by, series=series, notes=notes, announced_by=announced_by)
    for touchpoint in going:
        if not _is_of_own_series(by, touchpoint):
            announced_by = _announces(by, touchpoint.partnership.owner_id)
            cancel_touchpoint(by=by, touchpoint=touchpoint, notes=notes, announced_by=announced_by)
    reminders = sum(_forget(by, each) for each in coming.all())
    return {
        "touchpoints_cancelled": len(going),
        "touchpoints_kept": len(own) - len(going),
        "reminders": reminders,
    }


def _is_of_own_series(by: Actor, touchpoint: Touchpoint) -> bool:
    """Whether a date ends with its series, which goes on with nobody."""
    series = touchpoint.series
    return (
        series is not None
        and series.ended_at is None
        and series.author_organisation_id == by.organisation_id
    )


def _announces(by: Actor, owner_id: int) -> Actor | None:
    """On whose behalf the e-mails go out: of others' partnerships the leaver itself will see
    nothing when they are written."""
    return None if owner_id == by.organisation_id else on_behalf_of(owner_id)


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    own = list(_coming(by, partnership).filter(author_organisation_id=by.organisation_id))
    kept = sum(_goes_on(by, each) for each in own)
    going = len(own) - kept
    said = []
    if going:
        said.append(
            f"{_number(going)} that it scheduled {'is' if going == 1 else 'are'} cancelled, and "
            "those invited get an email"
        )
    if kept:
        said.append(
            f"{_number(kept)} that it scheduled {'stays' if kept == 1 else 'stay'}, for the other "
            "organisations to take over"
        )
    return said


def _coming(by: Actor, partnership: Partnership | None) -> QuerySet[Touchpoint]:
    """Those of one partnership, or of all."""
    return (
        Touchpoint.objects.filter(
            Q(partnership=partnership) if partnership else Q(),
            acl__overlap=[by.organisation_id],
            state=TouchpointState.SCHEDULED,
            starts_at__gt=timezone.now(),
        )
        .select_related("partnership", "author_organisation", "series__partnership")
        .order_by("starts_at", "pk")
    )


def _goes_on(by: Actor, touchpoint: Touchpoint) -> bool:
    """Whether others still meet, in a partnership that somebody else opened."""
    if touchpoint.partnership.owner_id == by.organisation_id:
        return False
    others = Member.objects.filter(
        partnership=touchpoint.partnership,
        state__in=TAKING_PART,
        organisation__left_at=None,
    ).exclude(organisation_id=ours(by))
    return others.count() >= FEWEST_WHO_MEET


def _forget(by: Actor, touchpoint: Touchpoint) -> int:
    """Take back what would still go to the leaver's own people, who are invited no longer."""
    contacts = NamedContact.objects.filter(
        partnership=touchpoint.partnership, organisation_id=ours(by), ended_at=None
    )
    invited = Attendee.objects.filter(
        touchpoint=touchpoint, organisation_id=ours(by), removed_at=None
    )
    addresses = {
        *contacts.values_list("posting__details__email", flat=True),
        *invited.values_list("posting__details__email", flat=True),
    }
    invited.update(removed_at=timezone.now())
    if not addresses:
        return 0
    return outbox.withdraw(subject=touchpoint.ref, reason=LEFT, recipients=sorted(addresses))


def _number(count: int) -> str:
    return "1 touchpoint" if count == 1 else f"{count} touchpoints"


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(settle_touchpoints, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(settle_touchpoints, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
