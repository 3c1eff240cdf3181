"""Starting and ending a support session."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import ActingOrganisation, Actor
from organisations.models import Membership, Organisation, SupportSession
from organisations.permissions import Permission
from organisations.support import mail
from organisations.tenancy.scope import acting

LENGTHS = (15, 30, 60)


@transaction.atomic
def start(*, by: Actor, organisation: Organisation, reason: str, minutes: int) -> SupportSession:
    """Let the operator read one organisation's records, and tell its managers at once.

    Raises ValidationError without a reason, for another length than 15, 30 or 60 minutes, for
    an organisation that is not open, or to which the operator belongs.
    """
    permissions.require(by, Permission.SUPPORT_ORGANISATION)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Say why you need to see its records"})
    if minutes not in LENGTHS:
        raise ValidationError({"minutes": "Choose 15, 30 or 60 minutes"})
    organisation.refresh_from_db()
    if not organisation.has_joined:
        raise ValidationError(f"{organisation} is not open, so there is nothing to support.")
    if Membership.objects.filter(
        organisation=organisation, user_id=by.user_id, ended_at=None
    ).exists():
        raise ValidationError(f"You belong to {organisation} yourself.")
    now = timezone.now()
    session = SupportSession(
        organisation=organisation,
        operator_id=by.user_id,
        reason=reason,
        started_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    session.clean_fields(exclude=["organisation", "operator", "ended_by"])
    session.save(force_insert=True)
    _record("support session started", session, by, {"minutes": minutes})
    mail.say_started(session, by=by)
    return session


@transaction.atomic
def end(*, by: Actor, session: SupportSession) -> SupportSession:
    """End a session now: its operator, or a manager of the organisation.

    Ending one that has ended already changes nothing.
    """
    mine = session.operator_id == by.user_id and by.is_operator
    if not mine and session.organisation_id != by.organisation_id:
        raise PermissionDenied("You may not end a support session.")
    if not mine:
        permissions.require(by, Permission.END_SUPPORT)
    current = SupportSession.objects.select_for_update().filter(pk=session.pk).first()
    if current is None or not current.is_live:
        return session
    current.ended_at = timezone.now()
    current.ended_by_id = by.user_id
    current.save(update_fields=["ended_at", "ended_by"])
    _record("support session ended", current, by, {})
    return current


def _record(action: str, session: SupportSession, by: Actor, more: dict[str, int]) -> None:
    """On record where the organisation sees it, whoever acted."""
    organisation = session.organisation
    for_it = Actor(
        by.user_id,
        ActingOrganisation(
            organisation.pk, organisation.name, organisation.slug, organisation.kind
        ),
    )
    with acting(for_it.scope):
        audit.record(
            action, by=for_it, obj=session, changes={"support_session": session.ref, **more}
        )
