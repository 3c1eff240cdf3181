"""What a touchpoint must be for a change of it, and the end that each comes to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone

from calendars.london import moment_in_words
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.touchpoints.models import Touchpoint, TouchpointState

LONGEST_NOTES = 4000


def locked(by: Actor, touchpoint: Touchpoint, permission: Permission) -> Touchpoint:
    """The touchpoint as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, permission, touchpoint)
    return (
        Touchpoint.objects.select_for_update(of=("self",))
        .select_related("partnership", "outcome_organisation")
        .get(pk=touchpoint.pk)
    )


def require_scheduled(touchpoint: Touchpoint) -> None:
    if touchpoint.state == TouchpointState.SCHEDULED:
        return
    assert touchpoint.outcome_organisation is not None
    raise ValidationError(
        f"{touchpoint.outcome_organisation.name} has already recorded that this touchpoint was "
        f"{touchpoint.get_state_display().lower()}. Nothing was changed."
    )


def require_coming(touchpoint: Touchpoint) -> None:
    require_scheduled(touchpoint)
    if touchpoint.starts_at <= timezone.now():
        raise ValidationError(
            f"It began on {moment_in_words(touchpoint.starts_at)}: its plan can no longer be "
            "changed. Record its outcome instead."
        )


def end(by: Actor, touchpoint: Touchpoint, state: TouchpointState, notes: str) -> None:
    notes = notes.strip()
    if len(notes) > LONGEST_NOTES:
        raise ValidationError({"notes": f"Notes must be {LONGEST_NOTES:,} characters or fewer"})
    touchpoint.state = state
    touchpoint.outcome_notes = notes
    touchpoint.outcome_at = timezone.now()
    touchpoint.outcome_by_id = by.user_id
    touchpoint.outcome_organisation_id = by.organisation_id
    touchpoint.save(
        update_fields=["state", "outcome_notes", "outcome_at", "outcome_by", "outcome_organisation"]
    )
    audit.record(
        "outcome recorded", by=by, obj=touchpoint, changes={"state": ["scheduled", str(state)]}
    )
