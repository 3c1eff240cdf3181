"""Changing what a partnership is called and what it is for."""

from __future__ import annotations

import hashlib

from django.db import transaction

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.services.opening import checked


class ChangedMeanwhile(Exception):
    """Somebody else changed the partnership since the person saw it; `current` is as saved now."""

    def __init__(self, current: Partnership) -> None:
        super().__init__("the partnership was changed meanwhile")
        self.current = current


@transaction.atomic
def change_partnership(
    *, by: Actor, partnership: Partnership, name: str, purpose: str, based_on: str | None = None
) -> Partnership:
    """Change the name and the purpose: for the owner's editors, and by a grant to edit.

    `based_on` is the `version_of` what the person saw: raises ChangedMeanwhile when it is no
    longer that, unless what is saved now is what they wrote. Raises ValidationError for a name
    that is missing or too long, keyed by field.
    """
    permissions.require(by, Permission.CHANGE_PARTNERSHIP, partnership)
    name, purpose = checked(name=name, purpose=purpose)
    new = {"name": name, "purpose": purpose}
    current = (
        Partnership.objects.select_for_update(of=("self",))
        .select_related("owner")
        .get(pk=partnership.pk)
    )
    changed = [field for field, value in new.items() if getattr(current, field) != value]
    if not changed:
        return current
    if based_on is not None and based_on != version_of(current):
        raise ChangedMeanwhile(current)
    for field in changed:
        setattr(current, field, new[field])
    current.save(update_fields=changed)
    audit.record("partnership changed", by=by, obj=current, changes={"fields": [None, changed]})
    return current


def version_of(partnership: Partnership) -> str:
    """Names what is saved of name and purpose, for the form that changes them."""
    said = f"{partnership.name}\0{partnership.purpose}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]
