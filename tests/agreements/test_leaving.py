"""A member leaves while an agreement is ready to sign, or is in force."""

from __future__ import annotations

import pytest
from django.db import transaction

from organisations.joining import leaving as leaving_tandem
from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.agreements.models import Agreement
from partnerships.record.models import Member
from partnerships.record.parting import leave_partnership, what_would_become
from tests.agreements.arranging import as_it_is, moved, ready, ready_for_two, signs
from tests.agreements.test_mail import asked
from tests.agreements.test_pages import at, shown
from tests.touchpoints.scene import Scene


def leaves(scene: Scene, part: str = "health_manager") -> None:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        member = Member.objects.select_related("partnership", "organisation").get(
            partnership=scene.partnership, organisation_id=by.organisation_id
        )
        leave_partnership(by=by, member=member)


def two_of_three_signed(scene: Scene) -> Agreement:
    agreement = ready(scene)
    for part in ("school_editor", "council_editor"):
        signs(scene, agreement, part)
    return agreement


def test_it_is_told_before_and_goes_back_to_those_who_write_it(scene: Scene) -> None:
    agreement = two_of_three_signed(scene)
    by = scene.cast.health_manager
    with acting(by.scope), transaction.atomic():
        foretold = what_would_become(by, scene.partnership)
    assert any("1 agreement ready to sign goes back to being drafted" in each for each in foretold)

    leaves(scene)

    assert as_it_is(scene, agreement).stage == "drafting"
    assert asked(scene, "school_editor") == []
    with acting(scene.cast.school_manager.scope), transaction.atomic():
        (changes,) = AuditEvent.objects.filter(action="partnership left").values_list(
            "changes", flat=True
        )
    assert (changes["agreements_taken_back"], changes["signatories_ended"]) == (1, 1)


def test_those_who_stay_and_signed_this_very_text_need_not_sign_it_again(scene: Scene) -> None:
    agreement = two_of_three_signed(scene)
    leaves(scene)

    moved(scene, agreement, "approval", "council_editor")

    now = as_it_is(scene, agreement)
    assert now.stage == "signed"
    assert now.signed_version is not None
    assert asked(scene, "school_editor") == []


def test_one_that_stays_alone_concludes_nothing(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    signs(scene, agreement, "school_editor")
    leaves(scene)

    moved(scene, agreement, "approval")

    assert as_it_is(scene, agreement).stage == "approval"


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_in_force_stays_so_and_shows_what_the_leaver_signed(
    scene: Scene, whole: bool
) -> None:
    agreement = ready(scene)
    for part in ("school_editor", "council_editor", "health_editor"):
        signs(scene, agreement, part)
    if whole:
        by = scene.cast.health_manager
        with acting(by.scope), transaction.atomic():
            leaving_tandem.leave(by=by, name=scene.cast.organisation("health").name)
    else:
        leaves(scene)

    assert as_it_is(scene, agreement).stage == "signed"
    page = shown(scene.cast.client("school_editor"), at(scene, "agreement", agreement))
    assert scene.cast.organisation("health").name in page
