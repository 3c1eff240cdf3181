"""Changing what a partnership is called and what it is for."""

from __future__ import annotations

from django.db import transaction

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.services.opening import checked


@transaction.atomic
def change_partnership(
    *, by: Actor, partnership: Partnership, name: str, purpose: str
) -> Partnership:
    """Change the name and the purpose: for the owner's editors, and by a grant to edit.

    Raises ValidationError for a name that is missing or too long, keyed by field.
    """
    permissions.require(by, Permission.CHANGE_PARTNERSHIP, partnership)
    name, purpose = checked(name=name, purpose=purpose)
    new = {"name": name, "purpose": purpose}
    changed = [field for field, value in new.items() if getattr(partnership, field) != value]
    if not changed:
        return partnership
    for field in changed:
        setattr(partnership, field, new[field])
    partnership.save(update_fields=changed)
    audit.record("partnership changed", by=by, obj=partnership, changes={"fields": [None, changed]})
    return partnership
