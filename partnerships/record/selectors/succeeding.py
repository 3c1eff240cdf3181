"""Places in partnerships that have passed from one organisation to another."""

from __future__ import annotations

from django.db.models import QuerySet

from organisations.actor import Actor
from organisations.models import Organisation
from partnerships.record.models import Member, MemberState
from partnerships.record.selectors.partnership import ours


def places_succeeded(actor: Actor, former: Organisation) -> QuerySet[Member]:
    """Where an organisation was succeeded in partnerships that the actor's own sees."""
    return (
        Member.objects.filter(
            partnership__acl__overlap=[ours(actor)],
            organisation=former,
            state=MemberState.SUCCEEDED,
        )
        .select_related("partnership", "succeeded_by")
        .order_by("partnership__name", "pk")
    )
