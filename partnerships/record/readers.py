"""Whom sharing reaches: the other members of a partnership, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence

from organisations.actor import Actor
from partnerships.record.models import Member, MemberState, Partnership


def other_readers(actor: Actor, partnership: Partnership) -> list[str]:
    """The names of the other members, who see what is shared from the moment it is saved."""
    return list(
        Member.objects.filter(
            partnership=partnership,
            state=MemberState.ACCEPTED,
            acl__overlap=[actor.organisation_id],
        )
        .exclude(organisation=actor.organisation_id)
        .order_by("organisation__name")
        .values_list("organisation__name", flat=True)
    )


def who_reads(readers: Sequence[str]) -> str:
    """Whom sharing reaches, by name where there are few."""
    if not readers:
        return "No partner has joined this partnership yet. Those who do will see it"
    if len(readers) > 3:
        return f"The {len(readers)} other organisations see it as soon as you save it"
    *others, last = readers
    names = f"{', '.join(others)} and {last}" if others else last
    return f"{names} {'see' if others else 'sees'} it as soon as you save it"
