"""Giving somebody another role in the organisation."""

from __future__ import annotations

from django.db import transaction

from organisations import audit
from organisations.actor import Actor
from organisations.models import Membership, Role
from organisations.people import mail
from organisations.people.services.holding import (
    checked_role,
    hold_as_manager,
    live,
    refuse_last_manager,
)


@transaction.atomic
def change_role(*, by: Actor, membership: Membership, role: str) -> Membership:
    """Give somebody of the acting organisation another role, and tell them.

    Nothing happens when they have it already. Raises ValidationError for a role that does
    not exist, for somebody who has left, and when nobody would be left to manage.
    """
    hold_as_manager(by)
    current = live(by, membership)
    chosen = checked_role(role)
    former = current.role
    if former == chosen:
        return current
    if former == Role.MANAGER:
        refuse_last_manager(by, current)
    current.role = chosen
    current.save(update_fields=["role"])
    audit.record(
        "role changed",
        by=by,
        obj=current,
        changes={"user": current.user_id, "role": [former, str(chosen)]},
    )
    if current.user_id != by.user_id:
        mail.say_role_changed(current, by=by)
    return current
