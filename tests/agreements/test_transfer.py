"""An agreement passes from an organisation that has closed to its successor, and is signed anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.agreements.models import Agreement, AgreementVersion
from partnerships.agreements.selectors import version_of
from partnerships.agreements.transfer import transfer_agreement, transfers_of
from tests.agreements.arranging import (
    a_merger,
    as_it_is,
    complete,
    moved,
    names,
    signs,
    started,
    three_members,
)
from tests.agreements.test_pages import at, shown
from tests.record.arranging import sent
from tests.touchpoints.scene import Scene

FORMER, SUCCESSOR = "health", "council"


@pytest.fixture
def merged(scene: Scene) -> Iterator[None]:
    with a_merger(scene.cast):
        yield


def transferred(
    scene: Scene, agreement: Agreement, part: str = "school_editor"
) -> AgreementVersion:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return transfer_agreement(
            by=by,
            agreement=agreement,
            former=scene.cast.organisation(FORMER),
            successor=scene.cast.organisation(SUCCESSOR),
        )


def possible(scene: Scene, agreement: Agreement) -> list[tuple[str, bool]]:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        now = Agreement.objects.select_related("partnership").get(pk=agreement.pk)
        return [(each.successor.name, each.is_there) for each in transfers_of(now, version_of(now))]


@pytest.mark.usefixtures("merged")
def test_the_text_names_the_successor_and_is_signed_by_those_who_are_there(scene: Scene) -> None:
    three_members(scene)
    agreement = started(scene)
    complete(scene, agreement)
    successor = scene.cast.organisation(SUCCESSOR)
    former = scene.cast.organisation(FORMER)
    assert possible(scene, agreement) == [(successor.name, True)]

    made = transferred(scene, agreement)

    assert former.name not in made.text
    assert f"{successor.name} (DfE code {successor.code})" in made.text
    assert former.code not in made.text_of("parties")
    assert possible(scene, agreement) == []
    with acting(scene.cast.school_manager.scope), transaction.atomic():
        (changes,) = AuditEvent.objects.filter(action="agreement transferred").values_list(
            "changes", flat=True
        )
    assert changes == {"version": made.number, "party": [former.pk, successor.pk]}
    for part in ("school_editor", "council_editor"):
        names(scene, agreement, part)
    moved(scene, agreement, "approval")
    for part in ("school_editor", "council_editor"):
        signs(scene, agreement, part)
    # The one that has closed is not waited for.
    assert as_it_is(scene, agreement).stage == "signed"
    page = shown(scene.cast.client("school_editor"), at(scene, "agreement", agreement))
    assert "Passed to a successor" in page


@pytest.mark.usefixtures("merged")
def test_the_page_says_who_took_over_and_does_it(scene: Scene) -> None:
    three_members(scene)
    agreement = started(scene)
    client = scene.cast.client("school_editor")
    assert "A party has closed" in shown(client, at(scene, "agreement", agreement))
    url = at(scene, "agreement-transfer", agreement)
    key = f"{scene.cast.organisation(FORMER).pk}-{scene.cast.organisation(SUCCESSOR).pk}"

    assert "Choose who takes whose place" in sent(client, url).content.decode()
    assert sent(client, url, which=key).status_code == 302

    assert client.get(url).status_code == 404
    assert "A party has closed" not in shown(client, at(scene, "agreement", agreement))


def test_without_a_successor_there_is_nothing_to_transfer(scene: Scene) -> None:
    agreement = started(scene)
    with pytest.raises(ValidationError, match="Nothing is to be transferred"):
        transferred(scene, agreement)
    client = scene.cast.client("school_editor")
    assert client.get(at(scene, "agreement-transfer", agreement)).status_code == 404


@pytest.mark.usefixtures("merged")
def test_a_viewer_and_a_stranger_transfer_nothing(scene: Scene) -> None:
    agreement = started(scene)
    for part in ("school_viewer", "stranger"):
        with pytest.raises(PermissionDenied):
            transferred(scene, agreement, part)
