"""The place of an organisation in a partnership, held while it is being changed."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from organisations.models import Organisation
from partnerships.record.models import Member, Partnership


def locked_member(partnership: Partnership, organisation: Organisation) -> Member:
    """The membership as it is now; whoever else invites, answers or names waits for us.

    Raises ValidationError when the organisation is not in the partnership.
    """
    member = (
        Member.objects.select_for_update(of=("self",))
        .filter(partnership=partnership, organisation=organisation)
        .first()
    )
    if member is None:
        raise ValidationError(f"{organisation.name} is not in this partnership. Add it first.")
    member.partnership, member.organisation = partnership, organisation
    return member
