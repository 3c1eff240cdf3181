"""The e-mails about agreements: to whom, when, and that nobody is asked for nothing."""

from __future__ import annotations

from datetime import date

from organisations.models import Delivery
from tests.agreements.arranging import DATES, names, ready_for_two, signs, wrote
from tests.touchpoints.scene import COUNCIL_DEPUTY, HEALTH, SCHOOL, Scene, deliveries

SIGNATORY = "health-editor@tandem.example"


def asked(scene: Scene, part: str = "health_editor") -> list[Delivery]:
    return [e for e in deliveries(scene, part, kind="agreement_to_sign") if e.state == "pending"]


def test_who_signs_is_asked_but_not_by_themselves(scene: Scene) -> None:
    ready_for_two(scene)

    assert [each.recipient for each in asked(scene)] == [SIGNATORY]


def test_a_change_asks_for_the_new_version_and_signing_ends_it(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    version = wrote(scene, agreement, "purpose", "A hub on both sites")
    assert [each.revision for each in asked(scene)] == [version.number]
    signs(scene, agreement, "health_editor")

    assert asked(scene) == []


def test_another_signatory_is_asked_instead(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    names(scene, agreement, "health_manager", by="health_editor")

    assert [each.recipient for each in asked(scene)] == ["health-manager@tandem.example"]


def test_reminders_go_90_60_and_30_days_before_to_each_organisation_at_nine(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    for part in ("school_editor", "health_editor"):
        signs(scene, agreement, part)
    found = {
        kind: [
            (each.recipient, (DATES[name] - each.due_at.date()).days, each.due_at.hour)
            for each in deliveries(scene, "school_editor", kind=kind)
        ]
        for kind, name in (("agreement_review", "review_on"), ("agreement_expiry", "expires_on"))
    }
    each_of = [(to, days) for to in (SCHOOL, HEALTH, COUNCIL_DEPUTY) for days in (90, 60, 30)]

    assert DATES["review_on"] == date(2028, 2, 1)
    for rows in found.values():
        assert sorted((to, days) for to, days, _ in rows) == sorted(each_of)
        assert {hour for *_, hour in rows} == {9}


def test_the_next_signed_version_reminds_of_its_own_dates_only(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    for part in ("school_editor", "health_editor"):
        signs(scene, agreement, part)
    version = wrote(scene, agreement, "purpose", "A hub on both sites")
    from tests.agreements.arranging import moved

    moved(scene, agreement, "approval")
    for part in ("school_editor", "health_editor"):
        signs(scene, agreement, part)
    waiting = [
        each
        for each in deliveries(scene, "school_editor", kind="agreement_expiry")
        if each.state == "pending"
    ]

    assert {each.revision for each in waiting} == {version.number}
    assert len(waiting) == 9
