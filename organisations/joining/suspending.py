"""An operator freezes an organisation at once, with a reason, and lifts it again."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations import audit, outbox, permissions
from organisations.actor import Actor
from organisations.joining import mail, managers
from organisations.models import Organisation, Suspension
from organisations.outbox.kinds import all_kinds
from organisations.permissions import Permission

WITHDRAWN = "The organisation was suspended."


@transaction.atomic
def suspend(*, by: Actor, organisation: Organisation, reason: str) -> Suspension:
    """Close an organisation to its own people from their next request on.

    What would still go out on its behalf is taken back. Its records stay as they are, partners
    read what was shared. Raises ValidationError without a reason, or when it is not open.
    """
    permissions.require(by, Permission.SUSPEND_ORGANISATION)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is suspended"})
    now = timezone.now()
    changed = Organisation.objects.filter(
        pk=organisation.pk, joined_at__isnull=False, suspended_at=None
    ).update(suspended_at=now)
    if not changed:
        raise ValidationError(f"{organisation} is not open, so it cannot be suspended.")
    suspension = Suspension(
        organisation=organisation,
        reason=reason.strip(),
        suspended_by_id=by.user_id,
        suspended_at=now,
    )
    suspension.clean_fields(exclude=["organisation", "suspended_by", "lifted_by"])
    try:
        with transaction.atomic():
            suspension.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(f"{organisation} is suspended already.") from None
    # Before one of these goes it is asked whether the suspension has ended.
    waiting = [kind.name for kind in all_kinds() if kind.outlasts_suspension]
    withdrawn = outbox.withdraw_all(organisation_id=organisation.pk, reason=WITHDRAWN, keep=waiting)
    audit.record(
        "organisation suspended", by=by, obj=organisation, changes={"withdrawn": withdrawn}
    )
    mail.say_suspended(organisation, suspension, managers.addresses(organisation.pk))
    return suspension


@transaction.atomic
def reinstate(*, by: Actor, organisation: Organisation, note: str) -> None:
    """Open a suspended organisation again to the people who belong to it.

    Raises ValidationError without a note, or when it is not suspended.
    """
    permissions.require(by, Permission.SUSPEND_ORGANISATION)
    if not note.strip():
        raise ValidationError({"note": "Say why it is opened again"})
    suspension = (
        Suspension.objects.select_for_update().filter(organisation=organisation, lifted_at=None)
    ).first()
    if suspension is None:
        raise ValidationError(f"{organisation} is not suspended.")
    suspension.lifted_at = timezone.now()
    suspension.lifted_by_id = by.user_id
    suspension.lifted_note = note.strip()
    suspension.clean_fields(exclude=["organisation", "suspended_by", "lifted_by"])
    suspension.save(update_fields=["lifted_at", "lifted_by", "lifted_note"])
    Organisation.objects.filter(pk=organisation.pk).update(suspended_at=None)
    audit.record("organisation reinstated", by=by, obj=organisation)
    mail.say_reinstated(organisation, suspension, managers.addresses(organisation.pk))
