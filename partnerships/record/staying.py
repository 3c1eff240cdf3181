"""What stays in the record under the name of whoever wrote it, also when that person goes."""

from __future__ import annotations

from typing import Any

from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver


def stays_with_its_author(*, name: str, label: str, model: Any, stays: str, order: int) -> None:
    """Make records known to the hand-over that one organisation's people write and may withdraw:
    how many a person leaves behind, and in words that they stay."""

    def written_by(by: Actor, user: User) -> int:
        found = model.objects.filter(
            acl__overlap=[by.organisation_id],
            author_organisation_id=by.organisation_id,
            author=user,
            withdrawn_at=None,
        )
        return int(found.count())

    handover.register(HandOver(name=name, label=label, count=written_by, stays=stays, order=order))
