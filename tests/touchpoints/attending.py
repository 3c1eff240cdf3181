"""Who is invited to a touchpoint, and what they say, as the tests arrange and read it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from contacts.models import Posting
from contacts.services import record_posting
from organisations.tenancy.scope import acting
from partnerships.touchpoints.models import Attendee, Touchpoint
from tests.touchpoints.scene import Scene


def invited(scene: Scene, touchpoint: Touchpoint, part: str = "school_editor") -> dict[str, Any]:
    """What each of those who are invited has said, by their address, as a member sees it."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        rows = Attendee.objects.filter(touchpoint=touchpoint, removed_at=None)
        return dict(rows.values_list("posting__details__email", "answer"))


def attendee(
    scene: Scene, touchpoint: Touchpoint, email: str, part: str = "school_editor"
) -> Attendee:
    """Somebody who is or was invited, by their address."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        found: Attendee = Attendee.objects.select_related("organisation").get(
            touchpoint=touchpoint, posting=posting_of(scene, email)
        )
        return found


def posting_of(scene: Scene, email: str) -> Posting:
    return scene.postings[email]


def somebody(scene: Scene, part: str, email: str, *, at: str = "") -> Posting:
    """Somebody whom an organisation has recorded, of its own people or of those `at` another."""
    by = scene.cast.actors[part]
    where = at or next(
        name for name, each in scene.cast.organisations.items() if each.pk == by.organisation_id
    )
    with acting(by.scope), transaction.atomic():
        posting = record_posting(
            by=by,
            organisation=scene.cast.organisation(where),
            name=f"{where} colleague".capitalize(),
            job_title="Nurse",
            email=email,
        )
    scene.postings[email] = posting
    return posting
