"""Somebody is taken off after their e-mail was written and before it was begun: it does not go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from organisations.joining import leaving
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.outbox.ledger import Ledger
from organisations.tenancy.scope import acting
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import take_off
from tests.touchpoints.attending import attendee
from tests.touchpoints.scene import HEALTH, SCHOOL, Scene, contact, schedule

Remove = Callable[[Scene, Touchpoint], None]


def taken_off(scene: Scene, touchpoint: Touchpoint) -> None:
    row = attendee(scene, touchpoint, HEALTH)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        take_off(by=by, attendee=row)


def contact_no_longer(scene: Scene, touchpoint: Touchpoint) -> None:
    """Their own side names another, on whose behalf the e-mail does not go."""
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        contact(
            by,
            scene.partnership,
            scene.cast,
            part="health",
            function="named",
            email="next@health.example",
        )


def organisation_left(scene: Scene, touchpoint: Touchpoint) -> None:
    by = scene.cast.health_manager
    with acting(by.scope), transaction.atomic():
        leaving.leave(by=by, name=scene.cast.organisation("health").name)


def held(touchpoint: Touchpoint, worker: str) -> tuple[Ledger, dict[str, Delivery]]:
    """What a worker takes of a touchpoint, by the address."""
    ledger = Ledger(worker, 600)
    batch = [each for each in ledger.claim(50) if each.subject == touchpoint.ref]
    return ledger, {each.recipient: each for each in batch if each.kind == "touchpoint_invitation"}


@pytest.mark.parametrize("remove", [taken_off, contact_no_longer])
def test_what_was_written_before_somebody_was_taken_off_is_not_begun(
    scene: Scene, remove: Remove
) -> None:
    touchpoint = schedule(scene)
    ledger, batch = held(touchpoint, "a-worker")
    assert not isinstance(compose(batch[HEALTH]), NotNeeded)

    remove(scene, touchpoint)

    assert not ledger.begin(batch[HEALTH])
    assert ledger.begin(batch[SCHOOL])
    _, again = held(touchpoint, "another-worker")
    answer = compose(again[HEALTH])
    assert isinstance(answer, NotNeeded)
    assert SCHOOL not in again


def test_what_was_written_before_an_organisation_left_is_not_begun(scene: Scene) -> None:
    touchpoint = schedule(scene)
    ledger, batch = held(touchpoint, "a-worker")

    organisation_left(scene, touchpoint)

    assert not ledger.begin(batch[HEALTH])
    assert ledger.begin(batch[SCHOOL])
    _, again = held(touchpoint, "another-worker")
    assert HEALTH not in again


def test_what_was_begun_before_stays_with_its_worker(scene: Scene) -> None:
    touchpoint = schedule(scene)
    ledger, batch = held(touchpoint, "a-worker")
    assert ledger.begin(batch[HEALTH])

    taken_off(scene, touchpoint)

    _, again = held(touchpoint, "another-worker")
    assert HEALTH not in again
