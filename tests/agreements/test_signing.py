"""Signing: exactly what was read, once, by who is named, until every member has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from calendars.london import day_starts
from organisations.people import handover
from organisations.tenancy.scope import acting
from partnerships.agreements import signing
from partnerships.agreements.models import Agreement, Signature, Stage
from partnerships.agreements.selectors import to_sign
from partnerships.agreements.services import end_agreement
from partnerships.record.models import Member
from tests.agreements.arranging import (
    DATES,
    as_it_is,
    moved,
    names,
    newest,
    ready,
    ready_for_two,
    signs,
    started,
    wrote,
)
from tests.agreements.test_pages import at, shown
from tests.record.arranging import sent
from tests.tenancy.world import leave
from tests.touchpoints.scene import Scene

THREE = ("school_editor", "health_editor", "council_editor")


def test_three_organisations_sign_and_it_is_agreed(scene: Scene) -> None:
    agreement = ready(scene)
    for part in THREE[:2]:
        signs(scene, agreement, part)
        assert as_it_is(scene, agreement).stage == Stage.APPROVAL
    signature = signs(scene, agreement, "council_editor", role="Director of public health")

    found, version = as_it_is(scene, agreement), newest(scene, agreement)
    assert (found.stage, found.signed_version) == (Stage.SIGNED, version)
    assert signature.digest == version.digest
    assert (signature.name, signature.role) == ("Council editor", "Director of public health")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("review_on", "Due for review"),
        ("expires_on", "Due for review"),
        ("", "Expired"),
    ],
)
def test_what_its_dates_make_of_a_signed_agreement_is_shown(
    scene: Scene, clock: time_machine.Traveller, day: str, said: str
) -> None:
    agreement = ready_for_two(scene)
    for part in THREE[:2]:
        signs(scene, agreement, part)
    client = scene.cast.client("school_editor")
    pages = (at(scene, "agreement", agreement), at(scene, "agreements"))
    for page in pages:
        assert "Signed</strong>" in shown(client, page)
    clock.move_to(day_starts(DATES[day] if day else DATES["expires_on"] + timedelta(days=1)))

    client = scene.cast.client("school_editor")
    for page in pages:
        assert f"{said}</strong>" in shown(client, page)
    assert "Signed</strong>" not in shown(client, at(scene, "agreements"))


def test_the_page_asks_the_signatory_to_sign_until_they_have(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    client = scene.cast.client("school_editor")
    assert "Read and sign" in shown(client, at(scene, "agreement", agreement))
    signs(scene, agreement, "school_editor")

    assert "Read and sign" not in shown(client, at(scene, "agreement", agreement))


def test_signing_twice_is_once(scene: Scene) -> None:
    agreement = ready(scene)
    first = signs(scene, agreement, "school_editor")

    assert signs(scene, agreement, "school_editor").pk == first.pk


def test_a_text_that_has_just_changed_is_not_signed(scene: Scene) -> None:
    agreement = ready(scene)
    read = newest(scene, agreement)
    wrote(scene, agreement, "purpose", "Something quite different", "health_editor")
    with pytest.raises(ValidationError, match="nothing was signed") as refusal:
        signs(scene, agreement, "school_editor", number=read.number, digest=read.digest)

    assert refusal.value.code == signing.CHANGED_MEANWHILE
    assert signs(scene, agreement, "school_editor").version == newest(scene, agreement)


def test_a_false_fingerprint_is_not_signed(scene: Scene) -> None:
    with pytest.raises(ValidationError, match="nothing was signed"):
        signs(scene, ready(scene), "school_editor", digest="0" * 64)


def test_a_change_after_signing_asks_everybody_again_and_keeps_what_was_signed(
    scene: Scene,
) -> None:
    agreement = ready(scene)
    for part in THREE:
        signs(scene, agreement, part)
    signed = newest(scene, agreement)
    wrote(scene, agreement, "purpose", "", "health_editor")
    found = as_it_is(scene, agreement)
    assert (found.stage, found.signed_version) == (Stage.DRAFTING, signed)

    page = shown(scene.cast.client("school_editor"), at(scene, "agreement", agreement))
    assert page.count("Changed since") == 3
    assert f"Version {signed.number} is signed by every member and in force" in page
    wrote(scene, agreement, "purpose", "Another purpose")
    moved(scene, agreement, "approval")
    for part in THREE:
        signs(scene, agreement, part)
    assert as_it_is(scene, agreement).signed_version == newest(scene, agreement)
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        assert Signature.objects.filter(version=signed).count() == 3


def test_nobody_but_the_signatory_signs(scene: Scene) -> None:
    agreement = ready(scene)
    for part in ("school_manager", "school_viewer", "health_manager"):
        with pytest.raises(PermissionDenied):
            signs(scene, agreement, part)


def test_who_only_reads_signs_when_they_are_named(scene: Scene) -> None:
    agreement = ready(scene)
    names(scene, agreement, "school_viewer", by="school_editor")

    assert signs(scene, agreement, "school_viewer").name == "School viewer"
    with pytest.raises(PermissionDenied):
        signs(scene, agreement, "school_editor")


def test_only_a_colleague_is_named(scene: Scene) -> None:
    agreement = started(scene)
    with pytest.raises(ValidationError, match="Choose who will sign"):
        names(scene, agreement, "health_editor", by="school_editor")


def test_who_is_no_member_yet_is_not_waited_for_and_the_page_says_so(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    for part in THREE[:2]:
        signs(scene, agreement, part)

    assert as_it_is(scene, agreement).stage == Stage.SIGNED
    page = shown(scene.cast.client("school_editor"), at(scene, "agreement", agreement))
    assert "Not a member yet" in page


def test_nobody_agrees_with_themselves(scene: Scene) -> None:
    agreement = ready_for_two(scene)
    health = scene.cast.health_editor
    with acting(health.scope), transaction.atomic():
        leave(Member.objects.get(organisation_id=health.organisation_id), by=health)
    signs(scene, agreement, "school_editor")

    assert as_it_is(scene, agreement).stage == Stage.APPROVAL


def test_what_is_not_ready_is_not_signed(scene: Scene) -> None:
    agreement = started(scene)
    names(scene, agreement, "school_editor")
    with pytest.raises(ValidationError, match="not ready to sign"):
        signs(scene, agreement, "school_editor")


def test_home_asks_the_signatory_alone_and_until_they_have_signed(scene: Scene) -> None:
    agreement = ready(scene)

    def asked(part: str) -> int:
        by = scene.cast.actors[part]
        with acting(by.scope), transaction.atomic():
            return len(to_sign(by, 5))

    assert (asked("school_editor"), asked("school_manager")) == (1, 0)
    signs(scene, agreement, "school_editor")
    assert (asked("school_editor"), asked("health_editor")) == (0, 1)


def test_the_page_refuses_what_changed_meanwhile_and_shows_it(scene: Scene) -> None:
    agreement = ready(scene)
    client, url = scene.cast.client("school_editor"), at(scene, "agreement-sign", agreement)
    read = newest(scene, agreement)
    wrote(scene, agreement, "purpose", "A hub on both sites", "health_editor")
    typed = {"number": str(read.number), "digest": read.digest, "role": "Chief", "agreed": "on"}
    page = sent(client, url, **typed).content.decode()

    assert "<title>Error: " in page
    assert "nothing was signed" in page
    assert "[added: " in page
    now = newest(scene, agreement)
    again = sent(client, url, **{**typed, "number": str(now.number), "digest": now.digest})
    assert again.status_code == 302
    assert "Your organisation has signed this text" in shown(client, url)


def sign_by_force(scene: Scene, agreement: Agreement, part: str, **values: Any) -> bool:
    """Whether the database takes a signature written past the service."""
    by = scene.cast.actors[part]
    version = newest(scene, agreement)
    try:
        with acting(by.scope), transaction.atomic():
            Signature.objects.create(
                **{
                    "agreement_id": agreement.pk,
                    "partnership_id": scene.partnership.pk,
                    "version_id": version.pk,
                    "organisation_id": by.organisation_id,
                    "user_id": by.user_id,
                    "name": "Somebody",
                    "role": "Chief",
                    "digest": version.digest,
                    **values,
                }
            )
    except DatabaseError:
        return False
    return True


def test_the_database_takes_a_signature_of_the_signatory_alone(scene: Scene) -> None:
    agreement = ready(scene)
    health = scene.cast.health_editor
    forged = {"organisation_id": health.organisation_id, "user_id": health.user_id}

    assert not sign_by_force(scene, agreement, "school_manager")
    assert not sign_by_force(scene, agreement, "school_editor", **forged)
    assert not sign_by_force(scene, agreement, "school_editor", digest="0" * 64)
    assert not sign_by_force(scene, agreement, "stranger")
    assert sign_by_force(scene, agreement, "school_editor")
    assert not sign_by_force(scene, agreement, "school_editor")


def test_the_database_calls_nothing_signed_before_all_have(scene: Scene, superuser: Any) -> None:
    agreement = ready(scene)
    signs(scene, agreement, "school_editor")
    by, version = scene.cast.school_editor, newest(scene, agreement)
    with (
        pytest.raises(DatabaseError, match="once every member"),
        acting(by.scope),
        transaction.atomic(),
    ):
        Agreement.objects.filter(pk=agreement.pk).update(stage="signed", signed_version=version)
    for statement in (
        "UPDATE agreements_signature SET name = 'Somebody else'",
        "DELETE FROM agreements_signature",
    ):
        with pytest.raises(Exception, match="kept as it was"):
            superuser.execute(statement)


def test_what_a_leaver_was_to_sign_passes_to_a_colleague(scene: Scene) -> None:
    agreement, over = ready_for_two(scene), started(scene)
    names(scene, over, "school_editor")
    cast, by = scene.cast, scene.cast.school_manager
    with acting(by.scope), transaction.atomic():
        end_agreement(by=by, agreement=over)
        (left,) = (
            each
            for each in handover.left_by(by, cast.users["school_editor"])
            if each.kind.name == "signatories"
        )
        to = handover.Successor(cast.users["school_manager"])
        moved_on = handover.move_all(by, cast.users["school_editor"], to)

    assert (left.count, left.names) == (1, ("Health hub: Health hub at the school",))
    assert moved_on["signatories"] == 1
    with pytest.raises(PermissionDenied):
        signs(scene, agreement, "school_editor")
    assert signs(scene, agreement, "school_manager").organisation_id == by.organisation_id


def test_a_viewer_who_goes_names_nobody(scene: Scene) -> None:
    names(scene, started(scene), "school_viewer", by="school_editor")
    cast, by = scene.cast, scene.cast.school_viewer
    with acting(by.scope), transaction.atomic():
        to = handover.Successor(cast.users["school_manager"])
        assert "signatories" not in handover.move_all(by, cast.users["school_viewer"], to)
