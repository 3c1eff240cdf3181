"""What a touchpoint must be for a change of it, and the end that each comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from calendars.london import moment_in_words
from contacts.models import Posting
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.touchpoints.models import Touchpoint, TouchpointState

LONGEST_NOTES = 4000
OUTCOME_FIELDS = (
    "outcome_notes",
    "outcome_at",
    "outcome_by",
    "outcome_posting",
    "outcome_organisation",
)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who says something of a touchpoint, and for whom: a user, or somebody invited, by a link."""

    actor: Actor
    posting: Posting | None = None

    @property
    def on_record(self) -> Actor | None:
        """Whom the audit names: of somebody who is not signed in, the organisation alone."""
        return None if self.posting else self.actor

    @property
    def who(self) -> dict[str, Any]:
        """What an audit event says besides."""
        return {"posting": self.posting.pk, "way": "link"} if self.posting else {}


def locked(by: Actor, touchpoint: Touchpoint, permission: Permission) -> Touchpoint:
    """The touchpoint as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, permission, touchpoint)
    return locked_row(touchpoint)


def locked_row(touchpoint: Touchpoint) -> Touchpoint:
    """The same, where somebody else has asked whether it may be."""
    # Not with who recorded its outcome: that would be nobody still, if somebody did so meanwhile.
    rows = Touchpoint.objects.select_for_update(of=("self",)).select_related("partnership")
    return rows.get(pk=touchpoint.pk)


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


def end(
    recorder: Recorder,
    touchpoint: Touchpoint,
    state: TouchpointState,
    notes: str,
    *,
    action: str = "outcome recorded",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write down what became of it, and who said so, with its audit."""
    notes = notes.strip()
    if len(notes) > LONGEST_NOTES:
        raise ValidationError({"notes": f"Notes must be {LONGEST_NOTES:,} characters or fewer"})
    before = touchpoint.state
    touchpoint.state = state
    touchpoint.outcome_notes = notes
    touchpoint.outcome_at = timezone.now()
    touchpoint.outcome_by_id = None if recorder.posting else recorder.actor.user_id
    touchpoint.outcome_posting = recorder.posting
    touchpoint.outcome_organisation_id = recorder.actor.organisation_id
    touchpoint.save(update_fields=["state", *OUTCOME_FIELDS])
    audit.record(
        action,
        by=recorder.on_record,
        obj=touchpoint,
        changes={"state": [str(before), str(state)], **recorder.who, **(changes or {})},
    )
