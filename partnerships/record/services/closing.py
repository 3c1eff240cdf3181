"""A partnership is closed: it stays to be read, and nothing is added to it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Invitation, Member, MemberState, Partnership
from partnerships.record.services.members import hold_partnership


@transaction.atomic
def close_unshared(*, by: Actor, partnership: Partnership) -> Partnership:
    """Close a partnership of the acting organisation that nobody else has ever been asked into.

    Raises ValidationError for one that another organisation knows of, or that is closed.
    """
    permissions.require(by, Permission.CHANGE_PARTNERSHIP, partnership)
    hold_partnership(partnership.pk)
    current = Partnership.objects.select_for_update().get(pk=partnership.pk)
    if current.closed_at is not None:
        raise ValidationError("This partnership is closed already.")
    others = Member.objects.filter(partnership=current).exclude(organisation=by.organisation_id)
    asked = Invitation.objects.filter(partnership=current).exists()
    if asked or others.exclude(state=MemberState.RECORDED).exists():
        raise ValidationError("Another organisation has been asked into this partnership.")
    current.closed_at = timezone.now()
    current.save(update_fields=["closed_at"])
    audit.record("partnership closed", by=by, obj=current)
    return current
