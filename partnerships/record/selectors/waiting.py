"""What waits for someone: missing contacts, contacts who left, addresses that came back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from organisations.actor import Actor
from partnerships.record.models import ContactFunction, Member, MemberState, NamedContact
from partnerships.record.selectors.partnership import ours


def places_lacking_contact(actor: Actor) -> QuerySet[Member]:
    """The actor's own places in open partnerships that lack a contact or a deputy."""
    live = NamedContact.objects.filter(
        partnership=OuterRef("partnership"),
        organisation_id=ours(actor),
        ended_at=None,
    )
    return (
        Member.objects.filter(
            organisation_id=ours(actor),
            state=MemberState.ACCEPTED,
            partnership__closed_at=None,
        )
        .annotate(
            has_named=Exists(live.filter(function=ContactFunction.NAMED)),
            has_deputy=Exists(live.filter(function=ContactFunction.DEPUTY)),
        )
        .filter(Q(has_named=False) | Q(has_deputy=False))
    )


def lacking_contact(actor: Actor, limit: int = 5) -> list[Member]:
    """Where our side has no contact or no deputy: `has_named`, `has_deputy` say which."""
    return list(
        places_lacking_contact(actor)
        .select_related("partnership")
        .order_by("-partnership_id")[:limit]
    )


def bounced_contacts(actor: Actor, limit: int = 5) -> list[NamedContact]:
    """Contacts whose address refuses mail and whom the actor's organisation can correct."""
    return list(
        NamedContact.objects.filter(
            Q(organisation_id=ours(actor)) | Q(posting__recorded_by_id=ours(actor)),
            acl__overlap=[ours(actor)],
            ended_at=None,
            posting__bounced_at__isnull=False,
        )
        .select_related("posting__person", "organisation", "partnership")
        .order_by("-posting__bounced_at", "pk")[:limit]
    )


def left_contacts(actor: Actor, limit: int = 5) -> list[NamedContact]:
    """Contacts and deputies of open partnerships who have left, or whose last day is known."""
    return list(
        NamedContact.objects.filter(
            acl__overlap=[ours(actor)],
            ended_at=None,
            partnership__closed_at=None,
            posting__ended_on__isnull=False,
        )
        .select_related("posting__person", "organisation", "partnership")
        .order_by("posting__ended_on", "pk")[:limit]
    )
