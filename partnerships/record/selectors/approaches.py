"""Who is in touch with an organisation: we ourselves, and others who let that be seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from organisations.actor import Actor
from organisations.models import Organisation
from partnerships.record.models import (
    ApproachConsent,
    ContactFunction,
    Member,
    MemberState,
    NamedContact,
    Partnership,
)
from partnerships.record.selectors.partnership import ours

MOST = 10
IN_TOUCH = (MemberState.RECORDED, MemberState.INVITED, MemberState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Approach:
    """A partnership of ours with an organisation, and our contact in it."""

    partnership: Partnership
    organisation: Organisation
    contact: NamedContact | None


def own_approaches(actor: Actor, organisations: Collection[int]) -> list[Approach]:
    """The open partnerships of the actor's organisation with any of others; two statements."""
    places = list(
        Member.objects.filter(
            acl__overlap=[ours(actor)],
            organisation__in=organisations,
            state__in=IN_TOUCH,
            partnership__closed_at=None,
        )
        .exclude(organisation_id=ours(actor))
        .select_related("partnership", "organisation")
        .order_by("-partnership__opened_at", "pk")[:MOST]
    )
    contacts = {
        each.partnership_id: each
        for each in NamedContact.objects.filter(
            partnership__in=[place.partnership_id for place in places],
            organisation_id=ours(actor),
            function=ContactFunction.NAMED,
            ended_at=None,
        ).select_related("posting__person")
    }
    return [Approach(p.partnership, p.organisation, contacts.get(p.partnership_id)) for p in places]


def others_in_touch(organisations: Collection[int]) -> list[tuple[str, str]]:
    """Names of organisations that let it be seen, each with whom it is in touch."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.others_in_touch(%s)", [list(organisations)])
        found: list[tuple[str, str]] = cursor.fetchall()
    return found


def shares_approaches(actor: Actor) -> bool:
    """Whether the actor's organisation lets others see with whom it is in touch."""
    return ApproachConsent.objects.filter(organisation_id=ours(actor), agreed=True).exists()
