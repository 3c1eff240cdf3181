"""The place of an organisation in a partnership, held while it is being changed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection

from organisations.models import Organisation
from partnerships.record.models import Member, Partnership


def member_in(partnership: Partnership, organisation: Organisation) -> Member:
    """The membership as the actor sees it, without holding it.

    Raises ValidationError when the organisation is not in the partnership.
    """
    found = Member.objects.filter(partnership=partnership, organisation=organisation).first()
    return _known(found, partnership, organisation)


def locked_member(partnership: Partnership, organisation: Organisation) -> Member:
    """The membership as it is now; whoever else invites, answers or names waits for us.

    For those who may change it: row security hides it from others. Raises ValidationError
    when the organisation is not in the partnership.
    """
    hold_partnership(partnership.pk)
    found = (
        Member.objects.select_for_update(of=("self",))
        .filter(partnership=partnership, organisation=organisation)
        .first()
    )
    return _known(found, partnership, organisation)


def hold_partnership(partnership_id: int) -> None:
    """Wait for other changes of who is in a partnership, and make them wait for this one.

    Taken before any membership is held: a change of membership takes the partnership first
    and then every row below it. Through a function, since not everyone may see what they hold.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.hold_partnership(%s)", [partnership_id])


def _known(found: Member | None, partnership: Partnership, organisation: Organisation) -> Member:
    if found is None:
        raise ValidationError(f"{organisation.name} is not in this partnership. Add it first.")
    found.partnership, found.organisation = partnership, organisation
    return found
