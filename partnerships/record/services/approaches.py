"""Whether others see with whom an organisation is in touch."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import ApproachConsent


@transaction.atomic
def share_approaches(*, by: Actor, agreed: bool) -> None:
    """Let others see that the acting organisation is in touch with one, or no longer.

    They see its name, never a partnership. The same again: does nothing.
    """
    permissions.require(by, Permission.SHARE_APPROACHES)
    assert by.organisation_id is not None
    held = ApproachConsent.objects.filter(organisation_id=by.organisation_id).first()
    if (held is not None and held.agreed) == agreed:
        return
    if held is None:
        held = ApproachConsent.objects.create(
            organisation_id=by.organisation_id, agreed=agreed, changed_by_id=by.user_id
        )
    else:
        held.agreed, held.changed_by_id, held.changed_at = agreed, by.user_id, timezone.now()
        held.save(update_fields=["agreed", "changed_by", "changed_at"])
    audit.record(
        "approaches shown" if agreed else "approaches no longer shown",
        by=by,
        obj=held,
        changes={"agreed": [not agreed, agreed]},
    )
