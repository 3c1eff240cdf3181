"""Writing an agreement: versions, two people at once, what it takes to be ready to sign."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from organisations.guard_rail import IdentifierRefused
from organisations.tenancy.scope import acting
from partnerships.agreements import services
from partnerships.agreements.models import Agreement, AgreementVersion, Stage
from partnerships.agreements.selectors import agreements_of
from tests.agreements.arranging import (
    DATES,
    FACTS,
    complete,
    moved,
    newest,
    started,
    wrote,
)
from tests.record.arranging import NHS_NUMBER
from tests.touchpoints.scene import Scene


def test_it_begins_with_what_the_record_knows(scene: Scene) -> None:
    version = newest(scene, started(scene, kind="mou"))

    parties = version.text_of("parties")
    assert "3. Windsor Academy Trust (trust UID 5361)" in parties
    assert "Walsall Healthcare NHS Trust (ODS code RBK)" in parties
    assert version.text_of("purpose") == "A health hub on the school site"
    assert version.digest
    assert "safeguarding" in version.missing


def test_every_member_sees_and_writes_it(scene: Scene) -> None:
    agreement = started(scene)
    wrote(scene, agreement, "roles", "Named contact: the head of inclusion", "health_editor")

    version = newest(scene, agreement)
    assert version.number == 2
    assert version.author_organisation == scene.cast.organisation("health")
    assert version.changed == "roles"


def test_a_viewer_and_a_stranger_write_nothing(scene: Scene) -> None:
    agreement = started(scene)
    for part in ("school_viewer", "council_editor"):
        by = scene.cast.actors[part]
        with acting(by.scope), transaction.atomic(), pytest.raises(PermissionDenied):
            services.change_clause(
                by=by, agreement=agreement, key="purpose", text="Other", based_on=1
            )


def test_saving_the_same_again_makes_no_version(scene: Scene) -> None:
    agreement = started(scene)
    text = newest(scene, agreement).text_of("purpose")

    assert wrote(scene, agreement, "purpose", f"{text}  \r\n").number == 1


def test_two_people_in_different_clauses_both_keep_their_text(scene: Scene) -> None:
    agreement = started(scene)
    wrote(scene, agreement, "purpose", "From the school", based_on=1)
    wrote(scene, agreement, "roles", "From the NHS", "health_editor", based_on=1)

    version = newest(scene, agreement)
    assert (version.text_of("purpose"), version.text_of("roles")) == (
        "From the school",
        "From the NHS",
    )


def test_the_second_in_one_clause_is_told_and_nothing_is_overwritten(scene: Scene) -> None:
    agreement = started(scene)
    wrote(scene, agreement, "purpose", "From the school", based_on=1)
    with pytest.raises(ValidationError, match="Somebody else changed this clause") as refusal:
        wrote(scene, agreement, "purpose", "From the NHS", "health_editor", based_on=1)

    assert refusal.value.code == services.CHANGED_MEANWHILE
    assert newest(scene, agreement).text_of("purpose") == "From the school"
    wrote(scene, agreement, "purpose", "From both", "health_editor", based_on=2)
    assert newest(scene, agreement).number == 3


def test_a_clause_is_left_out_by_emptying_it_and_stays_in_the_earlier_version(scene: Scene) -> None:
    agreement = started(scene)
    wrote(scene, agreement, "purpose", " ")
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        first = AgreementVersion.objects.get(agreement=agreement, number=1)

    assert newest(scene, agreement).text_of("purpose") == ""
    assert first.text_of("purpose") == "A health hub on the school site"


def test_four_hundred_pages_are_refused_kindly(scene: Scene) -> None:
    with pytest.raises(ValidationError, match="as an annex"):
        wrote(scene, started(scene), "purpose", "word " * 240_000)


def test_a_patients_number_is_refused_and_no_version_is_made(scene: Scene) -> None:
    agreement = started(scene)
    with pytest.raises(IdentifierRefused):
        wrote(scene, agreement, "purpose", f"As we do for {NHS_NUMBER}")

    assert newest(scene, agreement).number == 1


def test_ready_to_sign_names_each_thing_that_is_missing(scene: Scene) -> None:
    agreement = started(scene, kind="letter_of_intent", dates={})
    with pytest.raises(ValidationError) as refusal:
        moved(scene, agreement, "approval")

    assert refusal.value.messages == [
        "Set the day when it starts",
        "Set the day when it expires",
        "Write the clause Named contacts, deputies and executive sponsors",
        "Write the clause Term, start and review dates",
    ]


def test_a_condition_is_asked_and_then_holds(scene: Scene) -> None:
    agreement = started(scene, kind="mou")
    complete(scene, agreement)
    assert newest(scene, agreement).missing == ["fact:clinical", "fact:on_site"]
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        services.change_details(
            by=by,
            agreement=agreement,
            title="Health hub",
            dates=DATES,
            facts={**FACTS, "clinical": True},
            based_on=newest(scene, agreement, "health_editor").number,
        )

    assert newest(scene, agreement).missing == ["clinical_governance"]
    wrote(scene, agreement, "clinical_governance", "The NHS trust keeps it.")
    assert moved(scene, agreement, "approval").stage == Stage.APPROVAL


def test_taking_a_required_clause_out_takes_it_back_to_its_writers(scene: Scene) -> None:
    agreement = started(scene)
    complete(scene, agreement)
    moved(scene, agreement, "approval")
    wrote(scene, agreement, "purpose", "")

    with acting(scene.cast.school_editor.scope), transaction.atomic():
        assert Agreement.objects.get(pk=agreement.pk).stage == Stage.DRAFTING


def test_dates_are_in_order(scene: Scene) -> None:
    with pytest.raises(ValidationError) as refusal:
        started(scene, dates={**DATES, "expires_on": date(2026, 1, 1), "review_on": None})

    assert refusal.value.message_dict == {
        "expires_on": ["The day when it expires must be after the day when it starts"]
    }


def test_what_has_ended_stays_to_be_read_and_is_not_changed(scene: Scene) -> None:
    agreement = started(scene)
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        services.end_agreement(by=by, agreement=agreement)
    with pytest.raises(ValidationError, match="over: ended"):
        wrote(scene, agreement, "purpose", "More")
    with acting(by.scope), transaction.atomic():
        found = agreements_of(by, scene.partnership)

    assert [each.agreement.stage for each in found] == [Stage.ENDED]
