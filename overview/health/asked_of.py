"""How much a partnership asks of each partner: minutes a term, of all its people together."""

from __future__ import annotations

from dataclasses import dataclass

from overview.health.facts import Facts, Partner
from partnerships.touchpoints.models import TouchpointState

_ASKING = (TouchpointState.SCHEDULED, TouchpointState.HELD)


@dataclass(frozen=True, slots=True)
class Burden:
    """What one partner's people are asked to give in a term, in minutes."""

    partner: Partner
    minutes: int


def burdens(facts: Facts) -> list[Burden]:
    """The minutes of the present term for each partner.

    A touchpoint counts its length for each person invited who did not stay away, also one still
    to come; a review what it takes, for each contact and deputy, once it is opened.
    """
    _, first, last = facts.term
    minutes = dict.fromkeys((each.organisation_id for each in facts.partners), 0)
    for meeting in facts.meetings:
        if meeting.state in _ASKING and first <= meeting.day <= last:
            for organisation_id, _ in meeting.came:
                if organisation_id in minutes:
                    minutes[organisation_id] += meeting.minutes
    for review in facts.reviews:
        if first <= review.opened_on <= last:
            for contact in facts.contacts:
                if contact.organisation_id in minutes:
                    minutes[contact.organisation_id] += review.minutes
    return [Burden(each, minutes[each.organisation_id]) for each in facts.partners]
